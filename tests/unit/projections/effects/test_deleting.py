"""The loop of the effect, on a store and a log in memory."""

import threading
from collections.abc import Callable, Iterable

import pytest
from prometheus_client import CollectorRegistry

from infra.deadletter import BrakeEngaged
from infra.health import Beat
from infra.log import Record
from infra.loop import Stopped
from infra.objects import NotDeleted, StoreRefused
from infra.settings import load
from projections.effects import orders as group
from projections.effects.deleting import Deleting, Task, batches
from projections.effects.metrics import Metrics
from schemas import codec
from schemas.codec import AnyFact
from schemas.facts import DeadLettered, RangeExpired, SegmentsDeleted
from tests.fakes import FakeLog, FakeStore
from tests.order_facts import SIZE, key_of, order, run_of

STARTS = run_of(6)
MOST_RESTS = 300


class FakeOrders:
    """What ``Orders`` does, without a broker. ``on_rest`` is called whenever the loop waits."""

    def __init__(self, *values: AnyFact | bytes) -> None:
        raw = [one if isinstance(one, bytes) else codec.encode(one) for one in values]
        self.records = [Record("expirations", 0, at, b"cam1", value, 0) for at, value in enumerate(raw)]
        self.committed = 0
        self.ours = True
        self.rests: list[float] = []
        self.on_rest: Callable[[], None] = lambda: None

    def take(self) -> list[Record]:
        return self.records[self.committed :]

    def is_ours(self, record: Record) -> bool:
        return self.ours

    def rest(self, seconds: float) -> None:
        self.rests.append(seconds)
        assert len(self.rests) < MOST_RESTS, "it waits for ever"
        self.on_rest()

    def done(self, records: Iterable[Record]) -> None:
        self.committed = max([self.committed, *(one.offset + 1 for one in records)])

    def lag(self) -> int:
        return len(self.records) - self.committed

    def close(self) -> None:
        self.ours = False


@pytest.fixture
def store() -> FakeStore:
    made = FakeStore()
    for start_ms in STARTS:
        made.put(key_of(start_ms), b"x" * SIZE)
    return made


@pytest.fixture
def log() -> FakeLog:
    return FakeLog()


@pytest.fixture(autouse=True)
def no_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits are asked of ``FakeOrders``, whole, and end at once."""
    monkeypatch.setattr(group, "_NAP_S", 3600.0)
    monkeypatch.setattr(group, "monotonic_s", lambda: 0.0)


def loop(
    orders: FakeOrders, store: FakeStore, log: FakeLog, stopping: threading.Event | None = None, **settings: int
) -> tuple[Deleting, Metrics]:
    metrics = Metrics(CollectorRegistry())
    stopping = stopping or threading.Event()
    return Deleting(load(**settings), orders, store, log, metrics, stopping, Beat()), metrics  # type: ignore[arg-type]


def figure(metrics: Metrics, name: str) -> float:
    found: float = getattr(metrics, name)._value.get()
    return found


def expired() -> RangeExpired:
    return RangeExpired(
        media="cam1", observed_ms=1, start_ms=STARTS[0], end_ms=STARTS[-1], expiration_id=7, reason="depth",
        policy_version="r1-0", delete_after_ms=2,
    )  # fmt: skip


def test_only_an_order_deletes(store: FakeStore, log: FakeLog) -> None:
    orders = FakeOrders(expired())
    loop(orders, store, log)[0].turn()
    assert (len(store.objects), log.records, orders.committed) == (6, [], 1)


def test_an_order_is_carried_out_told_and_committed(store: FakeStore, log: FakeLog) -> None:
    orders = FakeOrders(expired(), order(STARTS))
    made, metrics = loop(orders, store, log)
    made.turn()
    (fact,) = log.facts
    assert isinstance(fact, SegmentsDeleted)
    assert fact.segment_starts_ms == tuple(STARTS)
    assert (store.objects, orders.committed) == ({}, 2)
    assert (figure(metrics, "objects"), figure(metrics, "size_bytes"), figure(metrics, "lag")) == (6, 6 * SIZE, 0)


def test_what_the_store_holds_becomes_a_letter_and_the_rest_is_told(store: FakeStore, log: FakeLog) -> None:
    store.held = {key_of(STARTS[2])}
    orders = FakeOrders(order(STARTS))
    loop(orders, store, log)[0].turn()
    *gone, letter = log.facts
    told = [one for one in gone if isinstance(one, SegmentsDeleted)]
    assert [one.segment_starts_ms for one in told] == [tuple(STARTS[:2]), tuple(STARTS[3:])]
    assert [(one.end_ms, one.size_bytes) for one in told] == [(STARTS[2], 2 * SIZE), (STARTS[5] + 6000, 3 * SIZE)]
    assert isinstance(letter, DeadLettered)
    assert (letter.consumer, letter.error, letter.offset) == ("effect-expire-objects", "refused", 0)
    assert letter.value == orders.records[0].value
    assert orders.committed == 1


def test_a_letter_that_is_redriven_once_the_store_lets_go_tells_the_whole_order(store: FakeStore, log: FakeLog) -> None:
    store.held = {key_of(STARTS[2])}
    loop(FakeOrders(order(STARTS)), store, log)[0].turn()
    store.held = set()
    loop(FakeOrders(order(STARTS)), store, log)[0].turn()
    *_, again = (fact for fact in log.facts if isinstance(fact, SegmentsDeleted))
    assert (again.segment_starts_ms, again.size_bytes) == (tuple(STARTS), 6 * SIZE)
    assert (again.start_ms, again.end_ms) == (STARTS[0], STARTS[5] + 6000)


@pytest.mark.parametrize("away", ["store", "log"])
def test_while_a_server_is_away_nothing_is_committed_and_then_it_goes_on(
    store: FakeStore, log: FakeLog, away: str
) -> None:
    orders, server = FakeOrders(order(STARTS)), store if away == "store" else log
    server.down = True
    made, metrics = loop(orders, store, log)

    def later() -> None:
        if len(orders.rests) == 5:
            assert (orders.committed, figure(metrics, "waiting")) == (0, 1)
            server.down = False

    orders.on_rest = later
    made.turn()
    assert (orders.committed, store.objects, figure(metrics, "waiting")) == (1, {}, 0)
    assert len(log.facts) == 1


class Forbidding(FakeStore):
    def delete(self, keys: Iterable[str]) -> list[NotDeleted]:
        raise StoreRefused("delete: AccessDenied")


def test_a_key_that_may_not_delete_is_waited_for_in_growing_pauses(log: FakeLog) -> None:
    store, stopping = Forbidding(), threading.Event()
    store.put(key_of(STARTS[0]), b"x")
    orders = FakeOrders(order(STARTS))
    made, metrics = loop(orders, store, log, stopping)
    orders.on_rest = lambda: stopping.set() if len(orders.rests) == 40 else None
    made.run()
    pauses = [seconds for seconds in orders.rests if seconds > 0.5]
    assert pauses[:4] == pytest.approx([1, 2, 4, 8], abs=0.1)
    assert pauses[-1] == pytest.approx(60, abs=0.1)
    assert (figure(metrics, "forbidden"), orders.committed, log.records) == (1, 0, [])


def test_who_loses_the_partition_while_waiting_leaves_the_order_to_the_next(store: FakeStore, log: FakeLog) -> None:
    orders = FakeOrders(order(STARTS))
    store.down = True
    orders.on_rest = lambda: setattr(orders, "ours", False)
    loop(orders, store, log)[0].turn()
    assert (orders.committed, log.records) == (0, [])


def test_who_is_asked_to_stop_commits_nothing_of_what_is_not_told(store: FakeStore, log: FakeLog) -> None:
    orders, stopping = FakeOrders(order(STARTS)), threading.Event()
    stopping.set()
    with pytest.raises(Stopped):
        loop(orders, store, log, stopping)[0].turn()
    assert (orders.committed, log.records) == (0, [])


def test_records_that_are_no_facts_become_letters_and_too_many_stop_the_effect(store: FakeStore, log: FakeLog) -> None:
    orders = FakeOrders(b"{bad", order(STARTS), b"{}")
    loop(orders, store, log, brake_letters=3)[0].turn()
    assert [letter.error for letter in log.facts if isinstance(letter, DeadLettered)] == ["bad_json", "bad_fact"]
    assert (store.objects, orders.committed) == ({}, 3)
    with pytest.raises(BrakeEngaged):
        loop(FakeOrders(*[b"{bad"] * 3), store, log, brake_letters=3)[0].turn()


def test_batches_end_once_they_fill_a_request() -> None:
    records = FakeOrders(*[order(run_of(300))] * 9).records
    tasks = [Task(record, order(run_of(300)) if record.offset != 4 else None) for record in records]
    assert [len(batch) for batch in batches(tasks)] == [4, 5]


def test_an_order_told_twice_in_one_batch_is_carried_out_once(store: FakeStore, log: FakeLog) -> None:
    orders = FakeOrders(order(STARTS), order(STARTS))
    made, metrics = loop(orders, store, log)
    made.turn()
    assert (len(log.facts), figure(metrics, "objects"), orders.committed) == (1, 6, 2)
