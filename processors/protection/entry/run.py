"""The entry as a part of the process ``processor:protection``: translates records batch by batch, tells the time."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future

from infra import journal
from infra.clock import boot_id, now_ms, uptime_ms
from infra.deadletter import kind_of, letter, require_left_out
from infra.health import Beat
from infra.kafka import KafkaLog
from infra.log import FactLog, LogUnavailable, Position, Record
from infra.loop import Loop, Stopped, settle
from infra.settings import Settings
from processors.protection.entry import rules
from processors.protection.entry.metrics import Metrics
from processors.protection.entry.reader import GROUP, Reader
from processors.protection.entry.ticks import Ticks
from schemas import codec
from schemas.errors import BadFact
from schemas.facts import DeadLettered

_DELIVERY_MS = 30_000
_IDLE_S, _RETRY_S, _CLOSE_S = 0.2, 1.0, 1.0

_log = journal.get("protection.entry")


def tell_holds(settings: Settings, stopping: threading.Event, beat: Beat) -> None:
    """Translate until ``stopping``. Call it once in a process.

    A broker that is away is waited for; ``beat`` goes on meanwhile. Whatever it raises is a bug: end the process.
    """
    log = KafkaLog(settings, "protection-entry", _DELIVERY_MS)
    try:
        Entry(settings, log, Metrics(), stopping, beat).run()
    finally:
        log.close(_CLOSE_S)


class Entry:
    """One worker's part in reading what speaks of holds."""

    def __init__(
        self, settings: Settings, log: FactLog, metrics: Metrics, stopping: threading.Event, beat: Beat
    ) -> None:
        self._settings = settings
        self._log = log
        self._metrics = metrics
        self._loop = Loop(stopping, beat)
        self._ticks = Ticks(settings.tick_ms)

    def run(self) -> None:
        """Until told to stop."""
        try:
            while self._loop.goes_on():
                self._sit()
        except Stopped:
            _log.info("stopped with facts unacknowledged; their records will be read again")

    def _sit(self) -> None:
        """Read for as long as the broker takes what we tell; then begin again at what is committed."""
        reader = Reader(self._settings)
        try:
            while self._loop.goes_on():
                self._turn(reader)
                self._metrics.waiting.set(0)
        except LogUnavailable as away:
            _log.warning("holds wait for the broker", reason=str(away))
            self._metrics.waiting.set(1)
            self._loop.goes_on(_RETRY_S)
        finally:
            reader.close()

    def _turn(self, reader: Reader) -> None:
        """One batch, and the time. Raises LogUnavailable and Stopped."""
        self._tell(reader.take(_IDLE_S))
        reader.commit()
        ticks = self._ticks.due(reader.partitions, now_ms(), uptime_ms(), boot_id())
        self._settle([self._log.append(tick, partition=tick.partition) for tick in ticks])
        self._metrics.ticks.inc(len(ticks))
        self._metrics.lag.set(reader.lag())

    def _tell(self, records: Sequence[Record]) -> None:
        """Return once all that these records say, and what is no fact among them, is acknowledged.

        Raises Undecided before anything is told: whoever begins anew reads all of them again.
        """
        said = [(record, fact) for record in records if (fact := self._translated(record)) is not None]
        self._settle([self._append(record, fact) for record, fact in said])

    def _translated(self, record: Record) -> rules.Translated | DeadLettered | None:
        """What to tell of the record: a letter where it cannot be used."""
        self._metrics.read.labels(record.topic).inc()
        if record.value is None or not rules.may_speak(record.topic, record.value):
            return None
        try:
            return rules.translated(codec.decode(record.topic, record.value))
        except BadFact as bad:
            return self._refused(record, bad)

    def _append(self, record: Record, fact: rules.Translated | DeadLettered) -> "Future[Position]":
        try:
            told = self._log.append(fact)
        except BadFact as bad:
            return self._log.append(self._refused(record, bad))
        self._metrics.told.inc(not isinstance(fact, DeadLettered))
        return told

    def _refused(self, record: Record, bad: BadFact) -> DeadLettered:
        """The letter about it. Raises Undecided where the record may say what keeps footage."""
        if record.topic in rules.VITAL:
            require_left_out(record, bad.reason, self._settings.leave_out)
        self._metrics.letters.inc()
        return letter(record, GROUP, kind_of(record), bad.reason, now_ms())

    def _settle(self, told: Sequence["Future[Position]"]) -> None:
        if told:
            settle(self._log, self._loop.goes_on)
        for one in told:
            one.result()
