"""Protection, rule by rule."""

from itertools import pairwise

import pytest

from processors.protection import pieces
from processors.protection.pieces import LISTED, Piece
from processors.protection.policy import Cover, version
from processors.protection.standing import QUARTER_MS, SERIES_MS
from schemas.facts import RangeReleased
from schemas.protection import ProtectConfig
from tests.hold_facts import (
    BASE_MS,
    OPEN_MS,
    Partition,
    configured,
    deleted,
    episode,
    lock,
    protections,
    released,
    tick,
)
from tests.protection_model import Event, Range, assigned


def ranges(*events: Event) -> list[Range]:
    partition = Partition()
    partition.tell(*events)
    return assigned(protections(partition))


def spans(*events: Event) -> list[tuple[int, int]]:
    return [(one.start_ms - BASE_MS, one.end_ms - BASE_MS) for one in ranges(*events)]


def test_rule_4_1_an_episode_holds_with_margins_and_an_alarm_brings_its_own() -> None:
    assert spans(episode(1, BASE_MS, BASE_MS + 1000)) == [(-5000, 6000)]
    assert spans(episode(1, BASE_MS, BASE_MS + 1000, source="alarm")) == [(0, 1000)]
    assert spans(lock(1, BASE_MS, BASE_MS + 1000)) == [(0, 1000)]


def test_rule_4_2_what_one_hold_gives_back_another_still_keeps() -> None:
    holds = [lock(1, BASE_MS, BASE_MS + 100), lock(2, BASE_MS + 50, BASE_MS + 200)]
    assert [one.holds for one in ranges(*holds)] == [(("lock", 1),), (("lock", 1), ("lock", 2)), (("lock", 2),)]
    assert spans(*holds, released(1)) == [(50, 200)]


def test_rule_4_3_a_range_grows_and_shrinks_with_its_episode() -> None:
    first = episode(1, BASE_MS, BASE_MS + 1000)
    assert spans(first, episode(1, BASE_MS, BASE_MS + 9000, rev=2)) == [(-5000, 14_000)]
    assert spans(first, episode(1, BASE_MS, BASE_MS + 9000, rev=2), episode(1, BASE_MS, BASE_MS + 10, rev=3)) == [
        (-5000, 5010)
    ]
    assert spans(episode(1, BASE_MS, BASE_MS + 9000, rev=2), first) == [(-5000, 14_000)]


def test_rule_4_6_late_episodes_protect_as_well() -> None:
    now = episode(1, BASE_MS, BASE_MS + 1000)
    late = episode(2, BASE_MS - 400 * SERIES_MS, BASE_MS - 400 * SERIES_MS + 1000)
    assert len(spans(now, late)) == 2


def test_an_open_episode_whose_end_nobody_knows_holds_beyond_its_last_news() -> None:
    assert spans(episode(1, BASE_MS, None, heard_ms=BASE_MS + 700)) == [(-5000, 700 + OPEN_MS + 5000)]


def test_a_mark_of_one_moment_holds_it() -> None:
    none = configured(before_ms=0, after_ms=0)
    assert spans(none, episode(1, BASE_MS, BASE_MS)) == [(0, 1)]


def test_a_superseded_episode_holds_nothing_and_no_older_version_brings_it_back() -> None:
    first, void = episode(1, BASE_MS, BASE_MS + 9), episode(1, BASE_MS, BASE_MS + 9, rev=2, is_void=True)
    assert spans(first, void, first) == []


def test_settings_count_for_the_holds_that_stand() -> None:
    hold, car = episode(1, BASE_MS, BASE_MS + 9), episode(2, BASE_MS + 60_000, BASE_MS + 60_009, episode_type="car")
    assert spans(hold, car, configured(types=("car",), before_ms=0, after_ms=1)) == [(60_000, 60_010)]
    assert spans(hold, car, lock(3, BASE_MS, BASE_MS + 5), configured(enabled=False)) == [(0, 5)]
    assert len(spans(hold, car, configured(enabled=False), configured())) == 2


def test_a_hold_is_forgotten_once_all_of_it_is_deleted_and_a_lock_never() -> None:
    hold = episode(1, BASE_MS, BASE_MS + 1000)
    halves = deleted(BASE_MS - 9000, BASE_MS), deleted(BASE_MS, BASE_MS + 6000)
    assert spans(hold, halves[0]) == [(-5000, 6000)]
    assert spans(hold, *halves) == []
    assert spans(lock(1, BASE_MS, BASE_MS + 1000), *halves) == [(0, 1000)]


def test_a_lock_ends_when_both_clocks_have_come_so_far() -> None:
    hour_ms = 3_600_000
    held = [tick(BASE_MS, 5), lock(1, BASE_MS, BASE_MS + 9, until_ms=BASE_MS + hour_ms)]
    assert spans(*held, tick(BASE_MS + 400 * hour_ms, 6)) == [(0, 9)]  # the wall clock was set
    assert spans(*held, tick(BASE_MS + 1000, 5 + hour_ms)) == [(0, 9)]  # it stands behind
    assert spans(*held, tick(BASE_MS + hour_ms, 4 + hour_ms)) == [(0, 9)]
    assert spans(*held, tick(BASE_MS + hour_ms, 5 + hour_ms)) == []
    assert spans(*held, tick(BASE_MS + hour_ms, hour_ms * 9, boot_id="another start")) == [(0, 9)]


def test_what_ends_by_time_is_told_by_the_tick() -> None:
    partition = Partition()
    partition.tell(tick(BASE_MS, 0), lock(1, BASE_MS, BASE_MS + 9, until_ms=BASE_MS + 10))
    (told,) = partition.tell(tick(BASE_MS + 77, 77))
    assert isinstance(told, RangeReleased)
    assert (told.start_ms, told.end_ms, told.observed_ms) == (BASE_MS, BASE_MS + 9, BASE_MS + 77)


@pytest.mark.parametrize("count", [1, LISTED, LISTED + 1, 3 * LISTED])
def test_a_piece_lists_the_holds_that_began_first_and_all_of_them_count(count: int) -> None:
    covers = [Cover(number, number, 1000 + number, "episode") for number in range(count)]
    found = pieces.pieces([*covers, Cover(0, 999, 5000, "lock")])
    assert max(len(one.holds) for one in found) == min(count, LISTED) + 1
    assert (found[0].start_ms, found[-1].end_ms) == (0, 5000)
    assert all(("lock", 999) in one.holds for one in found)
    assert all(left.end_ms == right.start_ms for left, right in pairwise(found))


def test_an_end_that_nothing_shares_costs_one_piece_however_many_hold() -> None:
    """A source that never closes its episodes: each one more changes what is told around its end, and no more."""
    partition = Partition()
    for number in range(200):
        partition.tell(episode(number, BASE_MS + number * 100, None))
    told = partition.tell(episode(999, BASE_MS + 30_000, None))
    assert len(told) <= LISTED + 1


def test_a_change_tells_nothing_of_what_lies_elsewhere() -> None:
    partition = Partition()
    for number in range(300):
        partition.tell(episode(number, BASE_MS + number * QUARTER_MS // 3, BASE_MS + number * QUARTER_MS // 3 + 9))
    assert (
        len(partition.tell(episode(7, BASE_MS + 7 * QUARTER_MS // 3, BASE_MS + 7 * QUARTER_MS // 3 + 99, rev=2))) == 1
    )
    largest = max(len(partition.get(key) or b"") for key in partition.names())
    assert largest < 20_000


def test_other_settings_have_another_version() -> None:
    one, other = ProtectConfig(), ProtectConfig(after_ms=5001)
    assert version(one, 1) == version(ProtectConfig(), 1)
    assert len({version(one, 1), version(other, 1), version(one, 2)}) == 3
    assert len(version(one, 1)) == len("p1-01234567")


def test_pieces_touch_only_where_they_differ() -> None:
    covers = [Cover(0, 1, 10, "episode"), Cover(10, 2, 20, "episode"), Cover(10, 1, 20, "episode")]
    assert pieces.pieces(covers) == [
        Piece(0, 10, (("episode", 1),)), Piece(10, 20, (("episode", 1), ("episode", 2))),
    ]  # fmt: skip
