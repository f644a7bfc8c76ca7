"""The entry as a part of the process ``processor:retention``: waits for the seat, then tells retention what happens."""

import threading
from concurrent.futures import Future

from infra import deadletter, journal
from infra.clock import now_ms
from infra.deadletter import Brake
from infra.health import Beat
from infra.kafka import KafkaLog
from infra.log import FactLog, LogUnavailable, Position, Record
from infra.loop import Stopped, settle
from infra.outage import Outage
from infra.seat import Seat, SeatedLoop
from infra.settings import Settings
from processors.beside import Beside
from processors.retention.entry.metrics import Metrics
from processors.retention.entry.reader import Reader
from processors.retention.entry.translate import Input, translate
from processors.retention.entry.watcher import PACE, Pace, Watcher
from schemas import topics
from schemas.errors import BadFact
from schemas.facts import DeadLettered

SEAT_GROUP = "processor-retention-seat"
"""Only the worker that holds the one partition of ``storage`` in this group writes ``retention-inputs``."""
CONSUMER = "processor-retention"
"""As whom we write letters."""
_LOOK_S, _RETRY_S, _CLOSE_S = 0.2, 1.0, 1.0

_log = journal.get("retention.entry")


def tell_retention(settings: Settings, stopping: threading.Event, beat: Beat) -> None:
    """Tell what happens while this worker has the seat, until ``stopping``. Call it once in a process.

    A broker that is away is waited for; ``beat`` goes on meanwhile. Whatever it raises is a bug: end the process.
    """
    log = KafkaLog(settings, "retention-entry", delivery_timeout_ms=0)  # never give up: a gap would be out of order
    try:
        Entry(settings, log, Metrics(), stopping, beat).run()
    finally:
        log.close(_CLOSE_S)


class Entry:
    """One worker's part."""

    def __init__(
        self,
        settings: Settings,
        log: FactLog,
        metrics: Metrics,
        stopping: threading.Event,
        beat: Beat,
        pace: Pace = PACE,
    ) -> None:
        """``log`` must never give up on a fact: what comes later is taken, and what was missed is then a repeat."""
        self._settings, self._log, self._metrics = settings, log, metrics
        self._pace = pace
        self._outage = Outage(_log, "retention learns nothing now", "retention learns again", metrics.waiting)
        self._brake = Brake(settings.brake_letters)
        self._loop = SeatedLoop(Seat(settings, SEAT_GROUP, topics.STORAGE.name), stopping, beat)

    def run(self) -> None:
        """Until told to stop."""
        self._loop.run(self._sit)

    def _sit(self) -> None:
        """Read and watch for as long as the seat is ours."""
        try:
            reader = Reader(self._settings)
        except LogUnavailable as error:
            self._wait(str(error))
            return
        _log.info("seated")
        self._metrics.seated.set(1)
        watcher = Watcher(self._settings, self._log, lambda: reader.told, self._metrics, self._pace)
        try:
            with Beside("settling", watcher.watch).going_on() as settling:
                while self._loop.goes_on():
                    settling.judge()
                    self._turn(reader)
        except Stopped:
            _log.info("stopped with facts unacknowledged; their records will be read again")
        finally:
            self._metrics.seated.set(0)
            reader.close()

    def _turn(self, reader: Reader) -> None:
        try:
            records = reader.take(_LOOK_S)
        except LogUnavailable as away:
            self._wait(str(away))
            return
        if records:
            self._tell(records)
            reader.done(records)
        self._outage.say("")
        self._metrics.lag.set(reader.lag)

    def _tell(self, records: list[Record]) -> None:
        """Return once all that they mean is acknowledged. Raises Stopped."""
        facts = [fact for record in records if (fact := self._meaning(record)) is not None]
        told: list[Future[Position]] = [self._log.append(fact) for fact in facts]
        settle(self._log, self._loop.goes_on)
        for one in told:
            one.result()
        for fact in facts:
            if isinstance(fact, DeadLettered):
                self._metrics.letters.inc()
            else:
                self._metrics.facts.labels(type(fact).__struct_config__.tag).inc()

    def _meaning(self, record: Record) -> Input | DeadLettered | None:
        """What to tell of the record: a letter where it cannot be used. Raises BrakeEngaged.

        Of what may say that footage is protected, the first that cannot be used raises Undecided: a person decides.
        """
        try:
            fact = translate(record.topic, record.partition, record.offset, record.value)
        except BadFact as bad:
            if record.topic == topics.PROTECTIONS.name:
                deadletter.require_left_out(record, bad.reason, self._settings.leave_out)
            self._brake.bad(bad.reason)
            return deadletter.letter(record, CONSUMER, deadletter.kind_of(record), bad.reason, now_ms())
        self._brake.ok()
        return fact

    def _wait(self, why: str) -> None:
        self._outage.say(why)
        self._loop.goes_on(_RETRY_S)
