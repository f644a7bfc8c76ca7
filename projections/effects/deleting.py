"""The loop of the effect: orders are taken, carried out, told and committed; nothing is skipped while a server is away.

Each step may be the last before a crash: what was not committed comes again and ends alike.
"""

import threading
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from infra import deadletter, journal
from infra.clock import monotonic_s, now_ms
from infra.deadletter import Brake
from infra.health import Beat
from infra.log import FactLog, LogUnavailable, Record
from infra.loop import Loop, Stopped
from infra.objects import ObjectStore, StoreRefused, StoreUnavailable
from infra.settings import Settings
from projections.effects import rules
from projections.effects.expire_objects import AT_ONCE, ExpireObjects
from projections.effects.metrics import Metrics
from projections.effects.orders import GROUP, Orders, rest
from projections.effects.rules import STORED_AGAIN, Outcome
from projections.policy import Backoff, Stall
from schemas import codec
from schemas.errors import BadFact
from schemas.facts import DeadLettered
from schemas.retention import DeletionOrdered

_FLUSH_S = 0.5
_AWAY, _FORBIDDEN = Backoff(0.5, 5.0), Backoff(1.0, 60.0)

_log = journal.get("effects")


class Stuck(RuntimeError):
    """There are orders, no server is known to be away, and none is carried out. Start the process anew."""


class Task(NamedTuple):
    """A record: an order, or bad, or something else that needs no doing."""

    record: Record
    order: DeletionOrdered | None = None
    bad: str = ""


class Deleting:
    """One process's part in carrying out the orders."""

    def __init__(
        self,
        settings: Settings,
        orders: Orders,
        store: ObjectStore,
        log: FactLog,
        metrics: Metrics,
        stopping: threading.Event,
        beat: Beat,
    ) -> None:
        self._orders = orders
        early_ms = rules.early_ms(settings.grace_ms, bool(settings.storage_hard_cap))
        self._objects = ExpireObjects(store, settings.delete_per_s, self._rest, early_ms)
        self._log = log
        self._metrics = metrics
        self._loop = Loop(stopping, beat)
        self._brake = Brake(settings.brake_letters)
        self._stall = Stall()
        self._progress_s = monotonic_s()

    def run(self) -> None:
        """Until told to stop. Raises BrakeEngaged, Stuck, or whatever bug it meets."""
        try:
            while self._loop.goes_on():
                self.turn()
        except Stopped:
            _log.info("stopped with orders uncommitted; they are taken again")
        finally:
            self._orders.close()

    def turn(self) -> None:
        """Take what has come and carry it out, however long that takes."""
        records = self._orders.take()
        for some in batches([_read(record) for record in records]):
            self._until_done(some)
        lag = self._orders.lag()
        self._metrics.lag.set(lag)
        if records or not lag:
            self._progress_s = monotonic_s()
        elif self._stall.is_stuck(lag, False, int(self._progress_s * 1000), int(monotonic_s() * 1000)):
            raise Stuck(f"{lag} records to take, and none comes")

    def _until_done(self, tasks: Sequence[Task]) -> None:
        """Try for as long as the records are ours. Raises Stopped."""
        tries = 0
        while ours := [task for task in tasks if self._orders.is_ours(task.record)]:
            try:
                self._carry_out(ours)
            except (StoreUnavailable, LogUnavailable) as away:
                self._wait(str(away), False, _AWAY.wait_s(tries), tries)
            except StoreRefused as refused:
                self._wait(str(refused), True, _FORBIDDEN.wait_s(tries), tries)
            else:
                self._go_on(tries)
                return
            tries += 1
        self._go_on(tries)

    def _carry_out(self, tasks: Sequence[Task]) -> None:
        """Deleted, verified, told, committed: in this order."""
        began_s = monotonic_s()
        outcomes = self._objects.carry_out(list(dict.fromkeys(task.order for task in tasks if task.order)))
        by_order = {outcome.order: outcome for outcome in outcomes}
        letters = [letter for task in tasks if (letter := self._letter(task, by_order))]
        self._tell(outcomes, letters)
        self._orders.done([task.record for task in tasks])
        self._count(outcomes, letters)
        if outcomes:
            self._metrics.seconds.observe(monotonic_s() - began_s)

    def _letter(self, task: Task, outcomes: dict[DeletionOrdered, Outcome]) -> DeadLettered | None:
        if task.bad:
            return deadletter.letter(task.record, GROUP, deadletter.kind_of(task.record), task.bad, now_ms())
        reason = rules.refusal(outcomes[task.order]) if task.order else ""
        return deadletter.letter(task.record, GROUP, "refused", reason, now_ms()) if reason else None

    def _tell(self, outcomes: Sequence[Outcome], letters: Sequence[DeadLettered]) -> None:
        """Return once everything is acknowledged. Raises LogUnavailable and Stopped."""
        facts = [fact for outcome in outcomes for fact in rules.deleted(outcome, now_ms())]
        told = [*map(self._log.append, facts), *map(self._log.append, letters)]
        while self._log.flush(_FLUSH_S):
            self._rest(0)
        for acknowledged in told:
            acknowledged.result()

    def _count(self, outcomes: Sequence[Outcome], letters: Sequence[DeadLettered]) -> None:
        objects, size_bytes = sum(one.objects for one in outcomes), sum(one.size_bytes for one in outcomes)
        self._metrics.orders.inc(len(outcomes))
        self._metrics.objects.inc(objects)
        self._metrics.size_bytes.inc(size_bytes)
        self._metrics.letters.inc(len(letters))
        for left in (left for one in outcomes for left in one.left.values()):
            self._metrics.left.labels("stored_again" if left.why == STORED_AGAIN else "refused").inc()
        if outcomes:
            _log.info("footage deleted", orders=len(outcomes), objects=objects, size_bytes=size_bytes)
        for letter in letters:
            _log.warning("an order became a letter", offset=letter.offset, error=letter.error, reason=letter.reason)
        self._mind_brake(letters)

    def _mind_brake(self, letters: Sequence[DeadLettered]) -> None:
        """Orders that cannot be read, one after the other: the fault is ours."""
        for letter in letters:
            if letter.error != "refused":
                self._brake.bad(letter.reason)
        if not letters:
            self._brake.ok()

    def _wait(self, why: str, is_forbidden: bool, seconds: float, tries: int) -> None:
        """Keep the partitions and the place in the group; say it once."""
        self._metrics.waiting.set(1)
        self._metrics.forbidden.set(is_forbidden)
        if not tries:
            told = _log.error if is_forbidden else _log.warning
            told("orders wait", reason=why, advice="see SIGHTLOG_S3_KEY and its rights" if is_forbidden else "")
        self._rest(seconds)

    def _go_on(self, tries: int) -> None:
        if tries:
            self._metrics.waiting.set(0)
            self._metrics.forbidden.set(0)
            _log.info("orders go on")

    def _rest(self, seconds: float) -> None:
        rest(self._orders, seconds, self._loop.goes_on)


def batches(tasks: Sequence[Task]) -> Iterator[list[Task]]:
    """The tasks in order, in batches that end once they name as many objects as one request deletes."""
    batch: list[Task] = []
    named = 0
    for task in tasks:
        batch.append(task)
        named += len(task.order.segment_starts_ms) if task.order else 0
        if named >= AT_ONCE:
            yield batch
            batch, named = [], 0
    if batch:
        yield batch


def _read(record: Record) -> Task:
    try:
        fact = codec.decode(record.topic, record.value)
    except BadFact as bad:
        return Task(record, bad=bad.reason)
    return Task(record, fact if isinstance(fact, DeletionOrdered) else None)
