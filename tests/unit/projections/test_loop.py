from collections.abc import Callable

import pytest

from infra.clickhouse import DatabaseUnavailable
from infra.deadletter import Brake, BrakeEngaged
from infra.log import Record
from projections import registry
from projections.batch import Batch, Place
from projections.generations.checkpoints import Checkpoint
from projections.generations.store import Held
from projections.letters import Letters
from projections.loop import Loop
from projections.policy import FlushPolicy
from tests.fakes import FakeLog
from tests.footage_facts import START_MS, on_topic, segment
from tests.memory_consumer import MemoryConsumer

NAMES = {"segments": "segments"}


class MemoryStore:
    """Sink and checkpoints in one: keeps what was written, can be told to be down."""

    def __init__(self) -> None:
        self.offsets: list[tuple[int, int]] = []
        self.saved: dict[Place, Checkpoint] = {}
        self.down_for = 0

    def write(self, batch: Batch) -> int:
        if self.down_for:
            self.down_for -= 1
            raise DatabaseUnavailable("told to be down")
        self.offsets += [(message.partition() or 0, message.offset() or 0) for message in batch.messages]
        self.saved |= {place: Checkpoint(*read, 1) for place, read in batch.read.items()}
        return len(batch.messages)

    def load(self) -> dict[Place, Checkpoint]:
        return dict(self.saved)


def loop(
    consumer: MemoryConsumer, store: MemoryStore, stopping: Callable[[], bool], limit: int = 100, rows: int = 1
) -> Loop:
    letters = Letters(FakeLog(), "projection-segments", Brake(limit))
    return Loop(
        consumer, NAMES, lambda: Batch(registry.SEGMENTS, NAMES, letters.refuse), store, store, letters,  # type: ignore[arg-type]
        FlushPolicy(rows, 1 << 30, 10**9), stopping,
    )  # fmt: skip


def records(count: int, partitions: int = 2) -> list[Record]:
    facts = [segment(f"cam{at % 4}", START_MS + at * 6000) for at in range(count)]
    return on_topic(facts, partitions=partitions)


def places(given: list[Record]) -> list[tuple[int, int]]:
    return sorted((record.partition, record.offset) for record in given)


def test_everything_is_written_once_and_what_is_read_is_told_to_the_broker() -> None:
    given, store = records(50), MemoryStore()
    consumer = MemoryConsumer(given, take=7)
    loop(consumer, store, lambda: consumer.is_drained).run()
    assert sorted(store.offsets) == places(given)
    assert consumer.committed == {place: saved.next_offset for place, saved in store.saved.items()}
    assert consumer.closed


def test_a_stop_writes_what_was_read() -> None:
    given, store = records(10), MemoryStore()
    consumer = MemoryConsumer(given)
    loop(consumer, store, lambda: consumer.is_drained, rows=10**6).run()
    assert sorted(store.offsets) == places(given)


def test_reading_begins_where_the_database_says_the_rows_end() -> None:
    given, store = records(20, partitions=1), MemoryStore()
    store.saved[("segments", 0)] = Checkpoint(15, 0, 1)
    consumer = MemoryConsumer(given)
    loop(consumer, store, lambda: consumer.is_drained).run()
    assert [offset for _, offset in store.offsets] == [15, 16, 17, 18, 19]


def test_a_topic_made_anew_is_read_from_its_beginning() -> None:
    given, store = records(5, partitions=1), MemoryStore()
    store.saved[("segments", 0)] = Checkpoint(4000, 0, 1)
    consumer = MemoryConsumer(given)
    loop(consumer, store, lambda: consumer.is_drained).run()
    assert [offset for _, offset in store.offsets] == [0, 1, 2, 3, 4]


def test_while_the_database_is_away_nothing_is_lost_and_nothing_is_written_twice() -> None:
    given, store = records(30), MemoryStore()
    store.down_for = 2
    consumer = MemoryConsumer(given, take=5)
    one = loop(consumer, store, lambda: consumer.is_drained and not one.lag)
    one.run()
    assert sorted(store.offsets) == places(given)
    assert one.waiting == ""


def test_a_rebalance_writes_what_was_read_before_it_lets_go() -> None:
    given, store = records(12, partitions=1), MemoryStore()
    consumer = MemoryConsumer(given, take=5)
    one = loop(consumer, store, lambda: consumer.is_drained, rows=10**6)
    consumer.subscribe([], on_assign=one._assigned, on_revoke=one._revoked)
    one.turn()
    assert store.offsets == []
    consumer.rebalance()
    assert [offset for _, offset in store.offsets] == [0, 1, 2, 3, 4]
    one.run()
    assert [offset for _, offset in store.offsets] == list(range(12))


def test_no_record_past_a_barrier_is_written_until_it_falls() -> None:
    given, store = records(12, partitions=1), MemoryStore()
    consumer = MemoryConsumer(given, take=5)
    one = loop(consumer, store, lambda: consumer.is_drained and not one.lag)
    one.barrier = Held(3, {"segments": {0: 7}})
    consumer.subscribe([], on_assign=one._assigned, on_revoke=one._revoked)
    for _ in range(5):
        one.turn()
    assert [offset for _, offset in store.offsets] == list(range(7))
    assert one.obeyed == 3
    one.barrier = Held(4, {"segments": {0: 9}})
    one.turn()
    assert [offset for _, offset in store.offsets] == list(range(9))
    assert store.saved[("segments", 0)].next_offset == 9
    one.barrier = None
    one.run()
    assert [offset for _, offset in store.offsets] == list(range(12))


def test_lag_is_what_is_not_in_the_tables() -> None:
    given, store = records(12, partitions=1), MemoryStore()
    consumer = MemoryConsumer(given, take=5)
    one = loop(consumer, store, lambda: False)
    consumer.subscribe([], on_assign=one._assigned, on_revoke=one._revoked)
    one.turn()
    assert one.lag == 7
    assert one.standing[("segments", 0)].watermark_ms == START_MS + 4 * 6000 + 6100


def test_the_brake_stops_the_consumer_after_its_letters_are_behind_it() -> None:
    bad = [Record("segments", 0, offset, b"k", b"{bad", 0) for offset in range(50)]
    store = MemoryStore()
    consumer = MemoryConsumer(bad)
    with pytest.raises(BrakeEngaged):
        loop(consumer, store, lambda: consumer.is_drained, limit=10).run()
    assert [offset for _, offset in store.offsets] == list(range(10))
    assert store.saved[("segments", 0)].next_offset == 10


def test_records_that_are_never_delivered_at_the_end_are_no_lag() -> None:
    given, store = records(3, partitions=1), MemoryStore()
    consumer = MemoryConsumer(given, tail=2)
    one = loop(consumer, store, lambda: consumer.is_drained and bool(store.saved) and not one.lag)
    one.run()
    assert store.saved[("segments", 0)].next_offset == 5
