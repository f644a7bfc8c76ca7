"""Legal holds follow the locks of people, whichever comes first: the lock, the range or the footage."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from infra.clickhouse import DatabaseUnavailable
from infra.log import Record
from infra.loop import Stopped
from infra.objects import StoreRefused
from projections.effects import hold_objects
from projections.effects.hold_objects import HoldObjects
from projections.protected_ranges.reads import StoredHold, StoredRange
from schemas import codec, topics
from schemas.codec import AnyFact
from schemas.facts import LockRequested, RangeProtected, RangeReleased, SegmentRecorded
from schemas.intervals import Span
from tests.fakes import FakeStore
from tests.footage_facts import START_MS, gap, segment
from tests.protection_facts import hold, locked, protected, released

SECOND = 1000


class Topics:
    """Records to take, of both topics; what is committed."""

    def __init__(self) -> None:
        self.waiting: list[Record] = []
        self.offsets: dict[str, int] = {}
        self.committed: list[Record] = []
        self.rested_s = 0.0

    def append(self, *facts: AnyFact) -> None:
        for fact in facts:
            topic = topics.OF_FACT[type(fact)].name
            offset = self.offsets.get(topic, 0)
            self.waiting.append(Record(topic, 0, offset, codec.key(fact), codec.encode(fact), 0))
            self.offsets[topic] = offset + 1

    def take(self) -> list[Record]:
        taken, self.waiting = self.waiting, []
        return taken

    def is_ours(self, record: Record) -> bool:
        return True

    def done(self, records: Sequence[Record]) -> None:
        self.committed += records

    def rest(self, seconds: float) -> None:
        self.rested_s += seconds

    def close(self) -> None:
        pass


class Known:
    """The tables, as facts make them at once."""

    def __init__(self) -> None:
        self.locks: dict[str, list[Span]] = {}
        self.ranges: dict[tuple[str, int], StoredRange] = {}
        self.segments: list[SegmentRecorded] = []
        self.unread, self.asked = 0, list[tuple[str, dict[int, int]]]()
        self.is_away = False

    def show(self, *facts: AnyFact) -> None:
        for fact in facts:
            match fact:
                case LockRequested(kind="lock"):
                    self.locks.setdefault(fact.media, []).append(Span(fact.start_ms, fact.end_ms))
                case RangeProtected():
                    self._drop(fact.media, fact.replaces)
                    self.ranges[(fact.media, fact.start_ms)] = StoredRange(
                        media=fact.media, start_ms=fact.start_ms, end_ms=fact.end_ms, policy_version="", observed_ms=0,
                        holds=tuple(StoredHold(one.kind, one.id) for one in fact.holds),
                    )  # fmt: skip
                case RangeReleased():
                    self._drop(fact.media, (fact.start_ms, *fact.replaces))
                case SegmentRecorded():
                    self.segments.append(fact)

    def _drop(self, media: str, starts: Sequence[int]) -> None:
        for at_ms in starts:
            self.ranges.pop((media, at_ms), None)

    def lock_spans(self) -> Mapping[str, Sequence[Span]]:
        if self.is_away:
            raise DatabaseUnavailable("away")
        return self.locks

    def within(self, media: str, span: Span) -> list[StoredRange]:
        found = [one for (name, _), one in self.ranges.items() if name == media]
        return [one for one in found if one.start_ms < span.end_ms and one.end_ms > span.start_ms]

    def each(self, media: str, span: Span) -> Iterator[Any]:
        for one in sorted(self.segments, key=lambda each: each.start_ms):
            if one.media == media and one.start_ms < span.end_ms and one.end_ms > span.start_ms:
                yield one

    def ends(self, topic: str) -> dict[int, int]:
        return {0: 99}

    def has_read(self, topic: str, ends: Mapping[int, int]) -> bool:
        self.asked.append((topic, dict(ends)))
        self.unread -= 1
        return self.unread < 0


class World:
    """One process's part, and everything it sees."""

    def __init__(self) -> None:
        self.topics, self.known, self.store = Topics(), Known(), FakeStore()
        self.stopping = threading.Event()
        orders: Any = self.topics
        self.effect = HoldObjects(orders, self.known, self.store, self.stopping)

    def told(self, *facts: AnyFact) -> set[int]:
        """Seconds from START_MS of the segments that are held once these facts were told and shown."""
        self.known.show(*facts)
        for fact in facts:
            if isinstance(fact, SegmentRecorded):
                self.store.put(fact.object_key, b"x")
        self.topics.append(*facts)
        self.effect.turn()
        return self.held()

    def held(self) -> set[int]:
        return {(int(key.rpartition("/")[2].removesuffix(".mp4")) - START_MS) // SECOND for key in self.store.held}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(hold_objects, "_AT_MOST_S", 0.0)
    monkeypatch.setattr(hold_objects, "_LOOK_S", 0.0)
    monkeypatch.setattr(HoldObjects, "_wait", lambda self, _why, _seconds, _tries: self._rest(0.0))
    return World()


def footage(count: int = 5) -> list[SegmentRecorded]:
    return [segment("gate", START_MS + at * 6000) for at in range(count)]


def lock(start_s: int, end_s: int, id_: int = 7) -> tuple[LockRequested, RangeProtected]:
    at_ms, length_ms = START_MS + start_s * SECOND, (end_s - start_s) * SECOND
    return locked(id_, "gate", at_ms, length_ms), protected("gate", at_ms, length_ms, hold(id_, "lock"))


def test_segments_that_a_lock_touches_are_held_and_no_others(world: World) -> None:
    world.told(*footage())
    assert world.told(*lock(7, 13)) == {6, 12}
    assert len(world.topics.committed) == 7


def test_footage_that_comes_into_a_lock_is_held(world: World) -> None:
    world.told(*lock(7, 13))
    assert world.told(*footage()) == {6, 12}


def test_what_no_lock_keeps_any_more_is_let_go(world: World) -> None:
    world.told(*footage(), *lock(7, 13))
    assert world.told(released("gate", START_MS + 7 * SECOND, 6 * SECOND)) == set()


def test_what_an_episode_still_keeps_has_no_hold(world: World) -> None:
    world.told(*footage(), *lock(7, 13))
    assert world.told(protected("gate", START_MS + 7 * SECOND, 6 * SECOND, hold(1))) == set()


def test_a_segment_on_the_edge_of_two_locks_stays_held_until_both_are_gone(world: World) -> None:
    world.told(*footage(), *lock(0, 8, 7), *lock(9, 20, 8))
    assert world.held() == {0, 6, 12, 18}
    assert world.told(released("gate", START_MS, 8 * SECOND)) == {6, 12, 18}
    assert world.told(released("gate", START_MS + 9 * SECOND, 11 * SECOND)) == set()


def test_episodes_and_exports_hold_nothing_in_the_store(world: World) -> None:
    export = locked(9, "gate", START_MS, 30 * SECOND, kind="export")
    range_ = protected("gate", START_MS, 30 * SECOND, hold(9, "export"), hold(1))
    assert world.told(*footage(), export, range_, gap("gate")) == set()
    assert world.store.held == set()


def test_a_change_is_carried_out_once_the_tables_have_it_and_all_footage_before_it(world: World) -> None:
    world.told(*footage())
    world.known.asked.clear()
    world.known.unread = 3
    assert world.told(*lock(0, 6)) == {0}
    assert world.known.asked[0] == ("protections", {0: 2})
    assert world.known.asked[-1] == ("segments", {0: 99})


def test_an_object_that_is_gone_is_passed_over(world: World) -> None:
    world.told(*footage())
    world.store.objects.pop(footage()[1].object_key)
    assert world.told(*lock(0, 30)) == {0, 12, 18, 24}


@pytest.mark.parametrize("fault", ["store", "database", "refused"])
def test_while_a_server_is_away_or_refuses_nothing_is_committed(
    world: World, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.told(*footage())
    done = len(world.topics.committed)

    def refuse(key: str, is_held: bool) -> None:
        raise StoreRefused("no right")

    with monkeypatch.context() as broken:
        world.store.down, world.known.is_away = fault == "store", fault == "database"
        if fault == "refused":
            broken.setattr(world.store, "hold", refuse)
        rests = 0

        def rest(seconds: float) -> None:
            nonlocal rests
            rests += 1
            if rests == 5:
                world.stopping.set()

        broken.setattr(world.topics, "rest", rest)
        world.known.show(*lock(0, 6))
        world.topics.append(*lock(0, 6))
        with pytest.raises(Stopped):
            world.effect.turn()
        assert len(world.topics.committed) == done
    world.store.down = world.known.is_away = False
    world.stopping.clear()
    assert world.told(*lock(0, 6)) == {0}
