"""The entry as a part of the process ``processor:alarms``: takes mails batch by batch, and tells the time."""

import threading
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from infra import journal
from infra.clock import monotonic_s, now_ms
from infra.health import Beat
from infra.kafka import KafkaLog, end_offsets
from infra.log import FactLog, LogUnavailable, Position, Record
from infra.loop import Loop, Stopped, settle
from infra.objects import ObjectStore, S3Store, StoreRefused, StoreUnavailable
from infra.outage import Outage
from infra.settings import Settings
from processors.alarms.entry.directories import Directories
from processors.alarms.entry.mails import MENDABLE, Mails, Told
from processors.alarms.entry.metrics import Metrics
from processors.alarms.entry.reader import MOST_TRIES, NOTHING, Batch, Reader
from processors.alarms.entry.ticks import Ticks
from processors.alarms.reading.read import Directory
from processors.alarms.rules import Margins, spans
from processors.cameras import Cameras
from schemas import topics

THREADS = 8
"""Mails in hand at once: most of a mail's time is the object store's."""
_DELIVERY_MS = 30_000
_STORE_S, _CLOSE_S = 10.0, 1.0
_LOOK_S, _RETRY_S = 0.5, 1.0
_AWAY = (LogUnavailable, StoreUnavailable, StoreRefused)

_log = journal.get("alarms.entry")


def read_mails(settings: Settings, stopping: threading.Event, beat: Beat) -> None:
    """Read mails until ``stopping``. Call it once in a process.

    Servers that are away are waited for; ``beat`` goes on meanwhile. Whatever it raises is a bug: end the process.
    """
    log = KafkaLog(settings, "alarms-entry", _DELIVERY_MS)
    try:
        Entry(settings, log, S3Store(settings, _STORE_S), Metrics(), stopping, beat).run()
    finally:
        log.close(_CLOSE_S)


class Entry:
    """One worker's part in reading topic ``mails``."""

    def __init__(
        self,
        settings: Settings,
        log: FactLog,
        store: ObjectStore,
        metrics: Metrics,
        stopping: threading.Event,
        beat: Beat,
    ) -> None:
        self._settings = settings
        self._log = log
        self._mails = Mails(store, settings)
        self._metrics = metrics
        self._loop = Loop(stopping, beat)
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="mails")
        self._ticks = Ticks(settings.tick_ms)
        self._margins = Margins(settings.alarm_before_ms, settings.alarm_after_ms, settings.alarm_join_ms)
        self._late_ms = round(settings.smtp_ack_s * 1000) + 1000
        self._window_ms = sum(self._margins) + 2 * settings.tick_ms + self._late_ms
        """So long after news a mark may still stand open."""
        self._asked: tuple[int, dict[int, int]] | None = None
        """When we asked the broker where the mails end, and what it said; None: nobody waits for that."""
        self._look_s = 0.0
        self._outage = Outage(_log, "mails wait", "mails go on", metrics.waiting)

    def run(self) -> None:
        """Until told to stop."""
        try:
            while self._loop.goes_on():
                try:
                    self._sit()
                except _AWAY as away:
                    self._wait(str(away))
        except Stopped:
            _log.info("stopped with facts unacknowledged; their mails will be read again")
        finally:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def _sit(self) -> None:
        """Read for as long as the broker is there."""
        with Cameras.of(self._settings, "alarms.entry") as cameras:
            cameras.catch_up()
            directories = Directories(cameras, self._settings)
            reader = Reader(self._settings)
            try:
                while self._loop.goes_on():
                    self._turn(directories, reader)
            finally:
                reader.close()

    def _turn(self, directories: Directories, reader: Reader) -> None:
        """One batch, and the time."""
        batch = reader.take()
        try:
            if batch.records:
                self._take(batch, directories, reader)
                batch = NOTHING
            self._tell_time(reader)
        except _AWAY as away:
            reader.again(batch)
            self._wait(str(away))
        except Stopped:
            reader.again(batch)
            raise
        else:
            self._outage.say("")
        self._metrics.lag.set(reader.lag())

    def _take(self, batch: Batch, directories: Directories, reader: Reader) -> None:
        began_s = monotonic_s()
        reader.begin(batch)
        told = self._read(batch, directories)
        self._tell(told)
        reader.done(batch)
        self._count(told)
        self._metrics.seconds.observe(monotonic_s() - began_s)

    def _read(self, batch: Batch, directories: Directories) -> list[Told]:
        """What each mail says. Before one is not understood, all is known that its camera's owner has said by then."""
        if batch.tries >= MOST_TRIES:
            return [self._mails.refuse(batch.records[0], batch.tries)]
        known = directories.latest
        told = self._read_with(batch.records, known)
        doubtful = [number for number, one in enumerate(told) if one.outcome in MENDABLE]
        if doubtful:
            directories.catch_up()
        if doubtful and directories.latest is not known:
            again = self._read_with([batch.records[number] for number in doubtful], directories.latest)
            for number, one in zip(doubtful, again, strict=True):
                told[number] = one
        return told

    def _read_with(self, records: Sequence[Record], directory: Directory) -> list[Told]:
        """In their order. The beat goes on while mails get done: one that never does ends the process."""
        jobs = [self._pool.submit(self._mails.read, record, directory) for record in records]
        left: set[Future[Told]] = set(jobs)
        while left:
            done, left = wait(left, _LOOK_S, FIRST_COMPLETED)
            if done and not self._loop.goes_on():
                raise Stopped
        return [job.result() for job in jobs]

    def _tell(self, told: list[Told]) -> None:
        """Return once every alarm and letter is acknowledged. Raises LogUnavailable and Stopped."""
        alarms = [(alarm, self._log.append(alarm)) for one in told for alarm in one.alarms]
        letters = [self._log.append(one.letter) for one in told if one.letter is not None]
        settle(self._log, self._loop.goes_on)
        for letter in letters:
            letter.result()
        for alarm, acknowledged in alarms:
            partition = acknowledged.result().partition
            if alarm.kind == "start":
                ends_ms = max(now_ms(), spans(alarm, self._margins)[-1].end_ms)
                self._ticks.heard(partition, ends_ms + self._window_ms)

    def _tell_time(self, reader: Reader) -> None:
        """Tell the time before which the whole group has read every mail, where an episode may stand open."""
        if reader.is_new:
            reader.is_new = False
            for partition, end in end_offsets(self._settings, topics.ALARMS.name).items():
                if end:
                    self._ticks.heard(partition, now_ms() + self._window_ms)
        if self._asked is None and self._ticks.is_due(now_ms() - self._late_ms):
            self._asked = (now_ms(), end_offsets(self._settings, topics.MAILS.name))
        if self._asked is not None and self._looks() and reader.has_read(self._asked[1]):
            at_ms, self._asked = self._asked[0] - self._late_ms, None
            told: list[Future[Position]] = [
                self._log.append(tick, partition=tick.partition) for tick in self._ticks.due(at_ms)
            ]
            settle(self._log, self._loop.goes_on)
            self._metrics.ticks.inc(len([tick.result() for tick in told]))

    def _looks(self) -> bool:
        """True a few times per tick: the question costs the broker something."""
        is_time = monotonic_s() >= self._look_s
        if is_time:
            self._look_s = monotonic_s() + self._settings.tick_ms / 20_000
        return is_time

    def _count(self, told: list[Told]) -> None:
        for one in told:
            self._metrics.mails.labels(one.outcome).inc()
            for alarm in one.alarms:
                self._metrics.alarms.labels(alarm.kind).inc()
        self._metrics.pictures.inc(sum(one.is_picture_kept for one in told))
        self._metrics.dropped.inc(sum(one.is_picture_dropped for one in told))

    def _wait(self, why: str) -> None:
        self._outage.say(why)
        self._loop.goes_on(_RETRY_S)
