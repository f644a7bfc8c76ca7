"""What is handed out, what is committed, and that nothing is passed over while the group cannot commit."""

from collections.abc import Callable
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException, TopicPartition

from infra.log import LogUnavailable
from infra.settings import Settings
from processors.alarms.entry import reader
from processors.alarms.entry.reader import BATCH, Batch, Reader

Callback = Callable[[Any, list[TopicPartition]], None]


class Message:
    """One record of topic ``mails``."""

    def __init__(self, partition: int, offset: int) -> None:
        self._place = (partition, offset)

    def partition(self) -> int:
        return self._place[0]

    def offset(self) -> int:
        return self._place[1]

    def value(self) -> bytes:
        return b"x"

    key = value

    def error(self) -> None:
        return None

    def timestamp(self) -> tuple[int, int]:
        return (1, 1)

    def headers(self) -> None:
        return None


class Group:
    """A consumer of two partitions in memory. What is committed outlives it; ``busy``: commits that will fail."""

    committed_at: dict[int, tuple[int, str]]

    def __init__(self, committed: dict[int, tuple[int, str]], lengths: dict[int, int]) -> None:
        self.committed_at, self._lengths, self.busy, self.lost_seeks = committed, lengths, 0, 0
        self._at = {partition: committed.get(partition, (0, ""))[0] for partition in lengths}
        self._callbacks: dict[str, Callback] = {}

    def subscribe(self, _topics: list[str], **callbacks: Callback) -> None:
        self._callbacks = callbacks
        callbacks["on_assign"](self, self.assignment())

    def revoke(self, partition: int) -> None:
        del self._at[partition]
        self._callbacks["on_revoke"](self, [TopicPartition("mails", partition)])

    def assignment(self) -> list[TopicPartition]:
        return [TopicPartition("mails", partition) for partition in self._at]

    def poll(self, _wait_s: float) -> Message | None:
        for partition, at in self._at.items():
            if at < self._lengths[partition]:
                self._at[partition] += 1
                return Message(partition, at)
        return None

    def seek(self, at: TopicPartition) -> None:
        if self.lost_seeks:
            self.lost_seeks -= 1
            raise KafkaException(KafkaError(KafkaError._STATE))
        self._at[at.partition] = at.offset

    def commit(self, offsets: list[TopicPartition], asynchronous: bool) -> list[TopicPartition]:
        assert not asynchronous
        if self.busy:
            self.busy -= 1
            raise KafkaException(KafkaError(KafkaError.REBALANCE_IN_PROGRESS))
        self.committed_at |= {at.partition: (at.offset, at.metadata or "") for at in offsets}
        return []

    def committed(self, places: list[TopicPartition], timeout: float) -> list[TopicPartition]:
        assert timeout
        known = [(at.partition, *self.committed_at.get(at.partition, (-1001, ""))) for at in places]
        return [TopicPartition("mails", *one) for one in known]


class World:
    """Readers of one group, one after another. Three records on partition 0, two on 1, unless said otherwise."""

    def __init__(self, patch: pytest.MonkeyPatch, **lengths: int) -> None:
        self.committed: dict[int, tuple[int, str]] = {}
        self._lengths = {int(name[1:]): length for name, length in (lengths or {"p0": 3, "p1": 2}).items()}
        patch.setattr(reader, "Consumer", lambda _config: self.group)

    def reader(self) -> Reader:
        self.group = Group(self.committed, self._lengths)
        return Reader(Settings(kafka="127.0.0.1:1"))


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    return World(monkeypatch)


def offsets(batch: Batch) -> list[tuple[int, int]]:
    return [(record.partition, record.offset) for record in batch.records]


def rest(reader: Reader) -> list[tuple[int, int]]:
    """Everything that is taken from now on, as the entry does it."""
    found: list[tuple[int, int]] = []
    while (batch := reader.take()).records:
        try:
            reader.begin(batch)
        except LogUnavailable:
            reader.again(batch)
            continue
        found += offsets(batch)
        reader.done(batch)
    return found


ALL = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)]


def test_everything_is_handed_out_and_committed_without_a_note(world: World) -> None:
    assert sorted(rest(world.reader())) == ALL
    assert world.committed == {0: (3, ""), 1: (2, "")}


def test_a_reader_that_ended_in_a_batch_makes_the_next_take_mails_one_by_one(world: World) -> None:
    first = world.reader()
    first.begin(first.take())
    second = world.reader()
    batches = []
    while (batch := second.take()).records:
        second.begin(batch)
        assert world.committed[0] == (batch.records[0].offset, "1") or batch.records[0].partition
        second.done(batch)
        batches.append((offsets(batch), batch.is_alone))
    assert [one for one in batches if one[0][0][0] == 0] == [([(0, n)], True) for n in range(3)]


def test_how_often_a_mail_was_begun_alone_is_known_to_every_reader_after(world: World) -> None:
    world.committed[0] = (1, "0")
    for tries in range(4):
        again = world.reader()
        batch = again.take()
        assert (offsets(batch), batch.tries, batch.is_alone) == ([(0, 1)], tries, True)
        again.begin(batch)
    again.done(batch)
    assert again.take().tries == 0


def test_waiting_for_a_server_takes_the_note_back(world: World) -> None:
    world.committed[0] = (1, "2")
    waiting = world.reader()
    for _ in range(5):
        batch = waiting.take()
        assert (offsets(batch), batch.tries) == ([(0, 1)], 2)
        waiting.begin(batch)
        waiting.again(batch)


@pytest.mark.parametrize("busy", [1, 2, 3])
@pytest.mark.parametrize("note", ["", "0", "1"])
def test_no_mail_is_passed_over_while_members_come_and_go(world: World, busy: int, note: str) -> None:
    """Commits that fail in any step: the batch comes again."""
    world.committed[0] = (0, note)
    shaken = world.reader()
    world.group.busy = busy
    assert sorted(set(rest(shaken))) == ALL
    assert {partition: at for partition, (at, _) in world.committed.items()} == {0: 3, 1: 2}


def test_what_is_done_is_committed_a_moment_later_where_it_cannot_be_now(world: World) -> None:
    later = world.reader()
    batch = later.take()
    world.group.busy = 1
    later.done(batch)
    assert world.committed == {}
    rest(later)
    assert world.committed == {0: (3, ""), 1: (2, "")}


def test_a_consumer_that_cannot_go_back_is_given_up(world: World) -> None:
    stuck = world.reader()
    batch = stuck.take()
    world.group.lost_seeks = 1
    with pytest.raises(LogUnavailable):
        stuck.again(batch)
    assert sorted(rest(world.reader())) == ALL


def test_partitions_that_went_are_left_to_others(world: World) -> None:
    shared = world.reader()
    batch = shared.take()
    world.group.revoke(0)
    shared.again(batch)
    assert {partition for partition, _ in rest(shared)} <= {1}


def test_a_batch_has_a_most(monkeypatch: pytest.MonkeyPatch) -> None:
    full = World(monkeypatch, p0=3 * BATCH).reader()
    assert [len(full.take().records) for _ in range(4)] == [BATCH, BATCH, BATCH, 0]
