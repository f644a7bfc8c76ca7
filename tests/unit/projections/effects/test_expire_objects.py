from collections.abc import Iterable

import pytest

from infra.objects import NotDeleted, StoreRefused, StoreUnavailable
from producers.segments.draft import Draft
from producers.segments.samples import Format, Track
from projections.effects import expire_objects
from projections.effects.expire_objects import ExpireObjects, stored
from projections.effects.rules import STORED_AGAIN, Left
from tests.fakes import FakeStore
from tests.order_facts import ORDERED_MS, SIZE, key_of, order, run_of

STARTS = run_of(20)
EARLY_MS = 60_000


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expire_objects, "now_ms", lambda: ORDERED_MS + 3_600_000)


class Counting(FakeStore):
    """Counts requests, and remembers what was asked to go."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[list[str]] = []
        self.lists = 0
        self.is_liar = False
        self.fails = 0
        """So many more deletions fail."""

    def delete(self, keys: Iterable[str]) -> list[NotDeleted]:
        self.asked.append(list(keys))
        if self.fails:
            self.fails -= 1
            raise StoreUnavailable("told to fail")
        return [] if self.is_liar else super().delete(self.asked[-1])

    def list(self, prefix: str, after: str = "", most: int | None = None):  # type: ignore[no-untyped-def]
        self.lists += 1
        return super().list(prefix, after, most)


@pytest.fixture
def store() -> Counting:
    made = Counting()
    made.now_ms = ORDERED_MS - 3_600_000
    for start_ms in STARTS:
        made.put(key_of(start_ms), b"x" * SIZE)
    made.put(key_of(STARTS[-1] + 6000), b"x")
    made.put(key_of(STARTS[0], "cam10"), b"x")
    return made


def expiring(store: FakeStore, per_s: int = 100_000) -> ExpireObjects:
    return ExpireObjects(store, per_s, lambda _: None, EARLY_MS)


def test_what_was_ordered_goes_and_nothing_else(store: Counting) -> None:
    (outcome,) = expiring(store).carry_out([order(STARTS)])
    assert (outcome.left, outcome.objects, outcome.size_bytes) == ({}, 20, SIZE * 20)
    assert sorted(store.objects) == [key_of(STARTS[-1] + 6000), key_of(STARTS[0], "cam10")]


def test_carried_out_again_it_ends_alike_and_deletes_nothing(store: Counting) -> None:
    expiring(store).carry_out([order(STARTS)])
    store.asked.clear()
    (outcome,) = expiring(store).carry_out([order(STARTS)])
    assert (outcome.left, outcome.objects) == ({}, 0)
    assert store.asked == []


def test_several_orders_share_requests_of_at_most_a_seconds_worth(store: Counting) -> None:
    rested: list[float] = []
    expire = ExpireObjects(store, 8, rested.append)
    outcomes = expire.carry_out([order(STARTS[:10]), order(STARTS[10:], expiration_id=8)])
    assert [one.objects for one in outcomes] == [10, 10]
    assert [len(piece) for piece in store.asked] == [8, 8, 4]
    assert rested[0] == 0
    assert all(seconds > 0.5 for seconds in rested[1:])


def test_a_store_that_cannot_do_much_at_once_gets_less_until_it_can(store: Counting) -> None:
    expire = ExpireObjects(store, 32, lambda _: None)
    store.fails = 2
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            expire.carry_out([order(STARTS)])
    expire.carry_out([order(STARTS)])
    assert [len(piece) for piece in store.asked] == [20, 16, 8, 8, 4]
    expire.remove(f"segments/a/{number}" for number in range(20))
    assert [len(piece) for piece in store.asked[-2:]] == [16, 4]


def test_neighbours_cost_one_listing_before_and_one_after(store: Counting) -> None:
    expiring(store).carry_out([order(STARTS)])
    assert store.lists == 2


def test_what_the_store_holds_is_left_and_said(store: Counting) -> None:
    store.held = {key_of(STARTS[3])}
    (outcome,) = expiring(store).carry_out([order(STARTS)])
    assert outcome.left == {STARTS[3]: Left(SIZE, "AccessDenied")}
    assert outcome.objects == 19


def test_an_order_of_held_objects_only_is_not_a_wrong_key(store: Counting) -> None:
    store.held = {key_of(STARTS[0])}
    (outcome,) = expiring(store).carry_out([order(STARTS[:1])])
    assert set(outcome.left) == {STARTS[0]}


def test_a_key_that_may_delete_nothing_is_an_operators_matter(store: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    store.held = set(store.objects)
    monkeypatch.setattr(store, "is_held", lambda _: False)
    with pytest.raises(StoreRefused, match="may our key delete"):
        expiring(store).carry_out([order(STARTS)])


def test_a_store_that_says_deleted_and_shows_the_object_is_asked_again(store: Counting) -> None:
    store.is_liar = True
    with pytest.raises(StoreUnavailable, match="and stands"):
        expiring(store).carry_out([order(STARTS)])
    store.is_liar = False
    (outcome,) = expiring(store).carry_out([order(STARTS)])
    assert outcome.left == {}


@pytest.mark.parametrize("after_ms", [1 - EARLY_MS, 0, 30_000, 3_600_000])
def test_footage_stored_again_about_its_order_or_after_it_is_kept(store: Counting, after_ms: int) -> None:
    store.now_ms = ORDERED_MS + after_ms
    store.put(key_of(STARTS[5]), b"y" * 10)
    (outcome,) = expiring(store).carry_out([order(STARTS)])
    assert outcome.left == {STARTS[5]: Left(10, STORED_AGAIN)}
    assert store.get(key_of(STARTS[5])) == b"y" * 10


def test_an_old_order_that_comes_again_touches_nothing_that_was_stored_since(store: Counting) -> None:
    expiring(store).carry_out([order(STARTS)])
    store.now_ms = ORDERED_MS + 1
    store.put(key_of(STARTS[5]), b"y")
    (outcome,) = expiring(store).carry_out([order(STARTS)])
    assert outcome.left == {STARTS[5]: Left(1, STORED_AGAIN)}


@pytest.mark.parametrize(
    "starts",
    [STARTS, STARTS[::3], [STARTS[0], STARTS[-1]], [999, 1000, 86_400_000 * 365], run_of(3, 10**12 - 6000, 6000)],
    ids=["neighbours", "every third", "far apart", "1970", "as many digits or one more"],
)
def test_what_stands_is_found_wherever_it_lies(store: Counting, starts: list[int]) -> None:
    for start_ms in starts[1:]:
        store.put(key_of(start_ms), b"x")
    store.objects.pop(key_of(starts[0]), None)
    found = stored(store, [key_of(start_ms) for start_ms in starts])
    assert set(found) == {key_of(start_ms) for start_ms in starts[1:]}


def test_footage_far_apart_costs_no_more_than_a_request_each() -> None:
    store = Counting()
    everything = run_of(5000)
    for start_ms in everything:
        store.put(key_of(start_ms), b"x")
    wanted = [key_of(start_ms) for start_ms in everything[::100]]
    assert set(stored(store, wanted)) == set(wanted)
    assert store.lists <= len(wanted)


def test_whoever_writes_footage_puts_it_where_it_is_deleted_from() -> None:
    footage = Format(init=b"ftyp", video=Track(track_id=1, timescale=1000, codec="h264", rfc6381="avc1.640028"))
    draft = Draft("tył", STARTS[0], "r", footage)
    assert draft.fact(STARTS[1], 1).object_key == key_of(STARTS[0], "tył")
