"""One sitting of the scanner: as long as it is a member of its group, what it reads, gives to eyes and tells."""

from collections.abc import Iterator, Mapping

from infra import deadletter, journal
from infra.clock import monotonic_s, now_ms
from infra.deadletter import Brake
from infra.log import FactLog, Position
from infra.settings import Settings
from processors.motion.entry.chain import Bounds
from processors.motion.entry.desk import Desk
from processors.motion.entry.eyes import Eyes
from processors.motion.entry.messages import Window
from processors.motion.entry.metrics import Metrics
from processors.motion.entry.reader import BATCH, Reader, Taken
from processors.motion.entry.telling import Telling
from processors.motion.entry.times import Times
from processors.motion.entry.wishes import Wishes
from schemas import codec
from schemas.errors import BadFact
from schemas.facts import SegmentRecorded, SegmentScanned

MOST = 10_000
"""Segments in hand at once: about 15 MB. More are left on the log."""
_LOOK_S, _OFTEN_S, _SAY_S, _LAST_S = 0.1, 1.0, 60.0, 2.0

_log = journal.get("motion.entry")


class Sitting:
    """From joining the group to leaving it."""

    def __init__(
        self,
        settings: Settings,
        log: FactLog,
        wishes: Wishes,
        eyes: Eyes,
        windows: Mapping[str, Window],
        metrics: Metrics,
        group: str,
        numbers: Iterator[int],
    ) -> None:
        """``numbers``: of jobs, none twice in this process. Raises LogUnavailable."""
        wait_ms = settings.motion_wait_ms
        self._horizon_ms = max(Bounds(one.epoch_ms, one.warm_ms, wait_ms).horizon_ms for one in windows.values())
        self._log, self._eyes, self._metrics, self._group = log, eyes, metrics, group
        self._telling, self._brake, self._is_live = Telling(log), Brake(settings.brake_letters), not wishes.run
        self._desk = Desk(settings, wishes, eyes, windows, self._tell, metrics, numbers)
        self._reader = Reader(settings, group, self._horizon_ms)
        self._times = Times(settings, self._desk, self._reader, self._telling, metrics, wishes)
        self._often_s, self._say_s, self._told = 0.0, monotonic_s() + _SAY_S, 0

    @property
    def away(self) -> str:
        """Why footage cannot be read now; empty: it can."""
        return self._desk.away

    @property
    def is_broken(self) -> bool:
        """True when only another sitting can go on."""
        return self._reader.failure is not None

    def turn(self, may_look: bool) -> None:
        """Whatever can be done now; waits for a moment where that is nothing. Raises LogUnavailable and Blind."""
        self._reader.pause(self._desk.is_busy and len(self._desk) >= MOST)
        taken = self._reader.take(0)
        if gone := self._reader.gone():
            self._desk.drop(gone)
            self._times.drop(gone)
        for one in taken:
            self._take(one)
        if may_look:
            self._desk.dispatch()
        for eye, event in self._eyes.turn(0 if len(taken) == BATCH else _LOOK_S):
            self._desk.hear(eye, event)
        self._telling.settle()
        self._times.turn()
        if monotonic_s() >= self._often_s:
            self._often_s = monotonic_s() + _OFTEN_S
            self._keep_house()

    def close(self) -> None:
        """Commit what is told and leave the group. What eyes look at now is looked at by others, again."""
        self._log.flush(_LAST_S)
        try:
            self._telling.settle()
            self._reader.commit()
        finally:
            self._reader.close()

    def _take(self, taken: Taken) -> None:
        record = taken.record
        try:
            fact = codec.decode(record.topic, record.value)
        except BadFact as bad:
            if taken.is_new and self._is_live:
                self._write_letter(taken, bad.reason)
            elif taken.is_new:
                self._reader.done(record.partition, record.offset)
            return
        self._brake.ok()
        is_wanted = isinstance(fact, SegmentRecorded) and self._desk.take(record, fact, taken.is_new)
        self._desk.pass_time(record.partition, record.timestamp_ms)
        if taken.is_new and not is_wanted:
            self._reader.done(record.partition, record.offset)

    def _write_letter(self, taken: Taken, reason: str) -> None:
        record = taken.record
        letter = deadletter.letter(record, self._group, deadletter.kind_of(record), reason, now_ms())
        self._telling.tell(letter, lambda _: self._reader.done(record.partition, record.offset))
        self._metrics.letters.inc()
        self._brake.bad(reason)

    def _tell(self, verdict: SegmentScanned, partition: int, offset: int) -> None:
        def told(position: Position) -> None:
            self._reader.done(partition, offset)
            self._told += 1
            if verdict.verdict != "still":
                self._times.moved(position.partition)

        self._telling.tell(verdict, told)

    def _keep_house(self) -> None:
        self._reader.commit()
        for partition, reached in self._reader.reached_all().items():
            self._desk.forget(partition, reached.came_ms - self._horizon_ms)
        self._desk.measure()
        self._metrics.lag.set(self._reader.lag())
        if monotonic_s() >= self._say_s:
            if self._told:
                _log.info("scanning", verdicts=self._told, backlog=len(self._desk), unread=self._reader.lag())
            self._say_s, self._told = monotonic_s() + _SAY_S, 0
