"""A recorder process under test, and what it has said and stored."""

import contextlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from infra import clock, kafka
from infra.kafka import Follower
from infra.settings import Settings, child_environment
from schemas import codec
from schemas.errors import BadFact
from schemas.facts import MediaConfigured, RecordingGap, SegmentRecorded

RECORDER = "from infra import settings, journal; from producers.segments import service\n" \
    "s = settings.load(); journal.setup(s); service.run(s)"  # fmt: skip

BUSY = 3
"""So much slower is a machine that runs several tests at once; who waits for what happens loses nothing by patience."""


def wait_for(condition: Callable[[], Any], seconds: float = 30.0) -> Any:
    """The first true answer of ``condition``; fails the test when none comes in ``seconds`` of a quiet machine."""
    patience_s = seconds * BUSY
    deadline = clock.monotonic_s() + patience_s
    while not (answer := condition()):
        assert clock.monotonic_s() < deadline, f"did not happen within {patience_s} s"
        clock.sleep_s(0.1)
    return answer


class Listener:
    """Everything that stands on topic ``segments`` about one media."""

    def __init__(self, settings: Settings, media: str) -> None:
        self._media, self._follower = media, Follower(settings, "segments")
        self.facts: list[SegmentRecorded | RecordingGap] = []

    def segments(self) -> list[SegmentRecorded]:
        self._poll()
        return [fact for fact in self.facts if isinstance(fact, SegmentRecorded)]

    def gaps(self) -> list[RecordingGap]:
        self._poll()
        return [fact for fact in self.facts if isinstance(fact, RecordingGap)]

    def close(self) -> None:
        self._follower.close()

    def _poll(self) -> None:
        for record in self._follower.poll(0.2):
            with contextlib.suppress(BadFact):  # other tests put broken records on the same topic
                fact = codec.decode("segments", record.value)
                if fact.media == self._media:
                    self.facts.append(fact)


@contextlib.contextmanager
def recorder(settings: Settings, data: Path, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A recorder process on a data folder of its own."""
    environment = {
        "SIGHTLOG_DATA": str(data), "SIGHTLOG_KAFKA": settings.kafka, "SIGHTLOG_S3": settings.s3,
        "SIGHTLOG_CLICKHOUSE": settings.clickhouse, "SIGHTLOG_S3_KEY": settings.s3_key,
        "SIGHTLOG_S3_SECRET": settings.s3_secret.get_secret_value(), "SIGHTLOG_S3_BUCKET": settings.s3_bucket,
        "SIGHTLOG_TOPIC_PREFIX": settings.topic_prefix, "SIGHTLOG_PARTITIONS": str(settings.partitions),
        "SIGHTLOG_SEGMENT_MS": "2000", "SIGHTLOG_SPOOL_FREE_BYTES": "0",
    } | more  # fmt: skip
    data.mkdir(parents=True, exist_ok=True)
    with (data / "recorder.log").open("ab") as journal:
        process = subprocess.Popen([sys.executable, "-c", RECORDER], env=child_environment(environment), stderr=journal)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(15)


def configure(settings: Settings, media: str, source: str | None, **more: Any) -> None:
    """Say on the registry how a camera is to be recorded."""
    kafka.ensure_topics(settings)
    log = kafka.KafkaLog(settings, "test")
    fact = MediaConfigured(media=media, source=source, observed_ms=clock.now_ms(), **more)
    log.append(fact).result(20)
    log.close()
