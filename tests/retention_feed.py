"""Facts that retention is fed with, and workers that stand in for the groups it watches."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from confluent_kafka import Consumer
from prometheus_client import CollectorRegistry

from infra import kafka
from infra.health import Beat
from infra.kafka import Follower, KafkaLog
from infra.settings import Settings
from processors.retention.entry.metrics import Metrics
from processors.retention.entry.run import Entry
from processors.retention.entry.stages import stages
from processors.retention.entry.watcher import Pace
from schemas import codec
from schemas.facts import (
    MediaConfigured,
    MotionConfig,
    RestoreRequested,
    SegmentRecorded,
    SegmentsDeleted,
    Settled,
    SettlingStarted,
    StorageMeasured,
)
from schemas.protection import Hold, RangeProtected, RangeReleased
from tests.beside import going_on

NOW_MS = 1_790_000_000_000
_QUICK = Pace(3, 12, 0.2, 0.1)


def segment(media: str, number: int, size_bytes: int = 1000) -> SegmentRecorded:
    start_ms = NOW_MS + number * 6000
    return SegmentRecorded(
        media=media, start_ms=start_ms, end_ms=start_ms + 6000, observed_ms=start_ms + 6500,
        object_key=f"segments/{media}/{start_ms}.mp4", size_bytes=size_bytes, sha256="0" * 64, video_codec="h264",
        width_px=320, height_px=180, frames=150, run_id="run", init_len=600, codecs="avc1.42c01e", keyframes=(),
        gop_bytes=(),
    )  # fmt: skip


def deleted(media: str, *numbers: int) -> SegmentsDeleted:
    starts = tuple(NOW_MS + number * 6000 for number in numbers)
    return SegmentsDeleted(
        media=media, observed_ms=starts[-1] + 90_000, start_ms=starts[0], end_ms=starts[-1] + 6000,
        segment_starts_ms=starts, size_bytes=1000 * len(starts), expiration_id=7,
    )  # fmt: skip


def protected(media: str, number: int, *kinds: str) -> RangeProtected:
    start_ms = NOW_MS + number * 6000
    holds = tuple(Hold(kind=kind, id=n) for n, kind in enumerate(kinds or ("episode",)))  # type: ignore[arg-type]
    return RangeProtected(media=media, observed_ms=start_ms, start_ms=start_ms, end_ms=start_ms + 6000, holds=holds)


def released(media: str, number: int) -> RangeReleased:
    start_ms = NOW_MS + number * 6000
    return RangeReleased(media=media, observed_ms=start_ms, start_ms=start_ms, end_ms=start_ms + 6000)


def configured(media: str, depth_ms: int = 3_600_000) -> MediaConfigured:
    return MediaConfigured(media=media, observed_ms=NOW_MS, depth_ms=depth_ms, motion=MotionConfig())


def restore(media: str, expiration_id: int) -> RestoreRequested:
    return RestoreRequested(media=media, observed_ms=NOW_MS, expiration_id=expiration_id, requested_by="anna")


def measured(uptime_ms: int, used_bytes: int = 5) -> StorageMeasured:
    return StorageMeasured(
        store="sightlog", observed_ms=NOW_MS + uptime_ms, used_bytes=used_bytes, capacity_bytes=100, boot_id="boot",
        uptime_ms=uptime_ms,
    )  # fmt: skip


class Inputs:
    """Everything on retention-inputs so far, in order."""

    def __init__(self, settings: Settings) -> None:
        self._follower, self._facts = Follower(settings, "retention-inputs"), list[Any]()

    @property
    def all(self) -> list[Any]:
        while records := self._follower.poll(0.05):
            self._facts += [codec.decode(record.topic, record.value) for record in records]
        return self._facts

    @property
    def told(self) -> list[Any]:
        """All without rounds of settling."""
        return [fact for fact in self.all if not isinstance(fact, Settled | SettlingStarted)]

    @property
    def rounds(self) -> list[int]:
        """Those that have begun."""
        return [fact.settle_id for fact in self.all if isinstance(fact, SettlingStarted)]

    def settled(self, since: int = 0) -> list[Settled]:
        """What was said by rounds that began when so many had begun, or later."""
        begun = set(self.rounds[since:])
        return [fact for fact in self._facts if isinstance(fact, Settled) and fact.settle_id in begun]

    def close(self) -> None:
        self._follower.close()


@contextmanager
def feeding(settings: Settings, pace: Pace = _QUICK) -> Iterator[threading.Thread]:
    """An entry in this process."""
    log, stopping = KafkaLog(settings, "entry", delivery_timeout_ms=0), threading.Event()
    entry = Entry(settings, log, Metrics(CollectorRegistry()), stopping, Beat(), pace)
    try:
        with going_on(entry.run, stopping) as thread:
            yield thread
    finally:
        log.close()


class Workers:
    """One member in every group that is watched; each reads and commits, or is told to withhold."""

    def __init__(self, settings: Settings) -> None:
        topics: dict[str, set[str]] = {}
        for stage in stages(0):
            for hop in stage.hops:
                if hop.group:
                    topics.setdefault(hop.group, set()).add(hop.topic)
                if hop.workers:
                    topics.setdefault(hop.workers, set()).add("episode-entry")
        self._settings, self._topics = settings, topics
        self._stopping = {group: threading.Event() for group in topics}
        self._threads: dict[str, threading.Thread] = {}

    def __enter__(self) -> "Workers":
        for group in self._topics:
            self.start(group)
        return self

    def __exit__(self, *_: object) -> None:
        for stopping in self._stopping.values():
            stopping.set()
        for thread in self._threads.values():
            thread.join(10)

    def start(self, group: str) -> None:
        self._stopping[group].clear()
        self._threads[group] = threading.Thread(target=self._work, args=(group,))
        self._threads[group].start()

    def stop(self, group: str) -> None:
        self._stopping[group].set()
        self._threads[group].join(10)

    def _work(self, group: str) -> None:
        own = {"session.timeout.ms": 6000, "heartbeat.interval.ms": 500}
        consumer = Consumer(kafka.consumer_config(self._settings, group, **own))
        consumer.subscribe([kafka.topic_name(self._settings, topic) for topic in self._topics[group]])
        while not self._stopping[group].is_set():
            if (message := consumer.poll(0.05)) is not None and message.error() is None:
                consumer.commit(message, asynchronous=False)
        consumer.close()
