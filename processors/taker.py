"""One batch of facts: fold, tell the outputs, keep the states. In this order, so that a crash only repeats."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future

from infra import deadletter, journal
from infra.clock import monotonic_s, now_ms
from infra.deadletter import Brake, Undecided, kind_of, letter
from infra.log import FactLog, LogUnavailable, Position, Record
from processors.acks import all_acked
from processors.memory import Memory
from processors.metrics import Metrics
from processors.overlay import Overlay
from processors.spec import Processor
from schemas import codec
from schemas.errors import BadFact

Told = list["Future[Position]"]
_FIRST_S, _MOST_S = 0.2, 5.0


class Taker:
    """Takes the records of a processor's source in the order in which each partition holds them."""

    def __init__(
        self, processor: Processor, log: FactLog, memory: Memory, brake: Brake, metrics: Metrics, leave_out: str = ""
    ) -> None:
        """``leave_out``: records that a vital processor may make letters of; see ``deadletter.require_left_out``."""
        self._processor = processor
        self._log = log
        self._memory = memory
        self._brake = brake
        self._metrics = metrics
        self._leave_out = leave_out
        self._journal = journal.get(processor.consumer)
        self.taken = 0
        """Records so far."""

    async def take(self, records: Sequence[Record]) -> None:
        """Returns once every output is acknowledged and every state kept; the log away: waits and goes on.

        A record that is no fact becomes a letter. Raises BrakeEngaged when too many do in a row, and Undecided at the
        first where the processor is vital: then all before it is kept, so that the next try tells nothing twice.
        """
        began_s, wait_s = monotonic_s(), _FIRST_S
        while True:
            try:
                await self._once(records)
                break
            except LogUnavailable as gone:
                self._brake.ok()
                self._journal.warning("a batch is told again", records=len(records), reason=str(gone), wait_s=wait_s)
                await asyncio.sleep(wait_s)
                wait_s = min(_MOST_S, 2 * wait_s)
        self.taken += len(records)
        self._metrics.facts.inc(len(records))
        self._metrics.seconds.observe(monotonic_s() - began_s)

    async def _once(self, records: Sequence[Record]) -> None:
        states = Overlay(self._memory.store)
        told: Told = []
        undecided: Undecided | None = None
        for record in records:
            try:
                told += self._fold(record, states)
            except Undecided as one:
                undecided = one
                break
        await all_acked(told)
        await self._memory.keep(states.writes())
        self._metrics.outputs.inc(len(told))
        if undecided:
            raise undecided

    def _fold(self, record: Record, states: Overlay) -> Told:
        states.turn_to(record.partition, record.offset)
        try:
            fact = codec.decode(record.topic, record.value)
            told = [self._log.append(output) for output in self._processor.fold(fact, states)]
        except BadFact as bad:
            return [self._letter(record, kind_of(record), bad.reason)]
        except Exception as bug:  # noqa: BLE001 - kept as a letter with its reason; the brake stops us when it goes on
            self._journal.exception("bug", partition=record.partition, offset=record.offset)
            return [self._letter(record, "bug", f"{type(bug).__name__}: {bug}")]
        states.keep()
        self._brake.ok()
        return told

    def _letter(self, record: Record, error: str, reason: str) -> "Future[Position]":
        if self._processor.is_vital:
            deadletter.require_left_out(record, reason, self._leave_out)
        self._brake.bad(reason)
        self._metrics.letters.inc()
        return self._log.append(letter(record, self._processor.consumer, error, reason, now_ms()))
