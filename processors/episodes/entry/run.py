"""The entry as a part of the process ``processor:episodes``: waits for the seat, then forwards save after save."""

import os
import socket
import threading
from concurrent.futures import Future

from infra import journal
from infra.clock import now_ms
from infra.health import Beat
from infra.kafka import KafkaLog
from infra.log import FactLog, LogUnavailable, Position
from infra.loop import Stopped
from infra.objects import S3Store
from infra.seat import Seat, SeatedLoop
from infra.settings import Settings
from processors.episodes.entry import rules
from processors.episodes.entry.forwarder import Forwarder
from processors.episodes.entry.metrics import Metrics
from processors.episodes.entry.pictures import Pictures
from processors.episodes.entry.reader import Reader
from processors.episodes.entry.ticks import Ticks, settled_ms
from processors.episodes.rules import mark_end_ms
from schemas import topics
from schemas.facts import EpisodeSaved, WorkerSeated

SEAT_GROUP = "processor-episodes-seat"
"""Only the worker that holds the one partition of ``episode-entry`` reads topic ``episodes``."""
BATCH = 1000
_RETRY_S, _CLOSE_S = 1.0, 1.0
_STORE_S = 10.0

_log = journal.get("episodes.entry")


def forward(settings: Settings, stopping: threading.Event, beat: Beat) -> None:
    """Forward saves while this worker has the seat, until ``stopping``. Call it once in a process.

    Servers that are away are waited for; ``beat`` goes on meanwhile. Whatever it raises is a bug: end the process.
    """
    log = KafkaLog(settings, "episodes-entry", delivery_timeout_ms=0)  # never give up: a gap would be out of order
    pictures = Pictures(S3Store(settings, _STORE_S), settings.preview_bytes, settings.preview_pixels)
    try:
        Entry(settings, log, pictures, Metrics(), stopping, beat).run()
    finally:
        log.close(_CLOSE_S)


class Entry:
    """One worker's part in reading topic ``episodes``."""

    def __init__(
        self,
        settings: Settings,
        log: FactLog,
        pictures: Pictures,
        metrics: Metrics,
        stopping: threading.Event,
        beat: Beat,
    ) -> None:
        """``log`` must never give up on a fact: one missing between others could never be made up for."""
        self._settings = settings
        self._log = log
        self._metrics = metrics
        self._loop = SeatedLoop(Seat(settings, SEAT_GROUP, topics.EPISODE_ENTRY.name), stopping, beat)
        self._forwarder = Forwarder(log, pictures, metrics, self._loop.goes_on)

    def run(self) -> None:
        """Until told to stop."""
        try:
            self._loop.run(self._sit)
        finally:
            self._forwarder.close()

    def _sit(self) -> None:
        """Read for as long as the seat is ours."""
        try:
            reader = Reader(self._settings)
        except LogUnavailable as error:
            _log.warning("topic episodes cannot be read yet", error=error)
            self._loop.goes_on(_RETRY_S)
            return
        self._metrics.seated.set(1)
        _log.info("seated", lag=reader.lag)
        if reader.missed:
            self._metrics.missed.inc(reader.missed)
            _log.error("retention took records before they were read", records=reader.missed)
        try:
            self._say_seated()
            self._read(reader)
        except Stopped:
            _log.info("stopped with facts unacknowledged; their records will be read again")
        finally:
            self._metrics.seated.set(0)
            reader.close()

    def _say_seated(self) -> None:
        worker = f"{socket.gethostname()}:{os.getpid()}"
        self._log.append(WorkerSeated(worker=worker, observed_ms=now_ms()))
        self._forwarder.settle()

    def _read(self, reader: Reader) -> None:
        timeout_ms, every_ms = self._settings.episode_timeout_ms, self._settings.tick_ms
        ticks = Ticks(range(len(reader.partitions)), now_ms(), every_ms, timeout_ms)
        last_ms = 0
        while self._loop.goes_on():
            if reads := reader.take(BATCH):
                self._listen(ticks, self._forwarder.send(reads))
                reader.done(reads)
                last_ms = reads[-1].record.timestamp_ms
            self._metrics.lag.set(reader.lag)
            self._tick(ticks, settled_ms(last_ms, reader.known_ms, reader.is_at_end))

    def _listen(self, ticks: Ticks, placed: list[tuple[EpisodeSaved, Position]]) -> None:
        for saved, position in placed:
            if rules.may_fall_silent(saved.record):
                ticks.heard(position.partition, saved.observed_ms, mark_end_ms(saved.record) > 0)

    def _tick(self, ticks: Ticks, before_ms: int) -> None:
        """Tell the time before which every save has been forwarded."""
        told: list[Future[Position]] = [
            self._log.append(tick, partition=tick.partition) for tick in ticks.due(before_ms)
        ]
        if told:
            self._forwarder.settle()
            self._metrics.ticks.inc(len(told))
