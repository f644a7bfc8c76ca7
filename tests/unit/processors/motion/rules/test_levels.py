"""Which looks are worth their price (rule 3.2)."""

from hypothesis import given
from hypothesis import strategies as st

from processors.motion.rules import levels

SIZES = st.lists(st.integers(1, 10_000), max_size=80)


def two_seconds(count: int) -> list[int]:
    return [2000 * number for number in range(count)]


def test_a_stretch_is_looked_at_where_motion_begins_or_ends():
    assert levels.borders([False, False, True, True, False], two_seconds(5), 3000) == [1, 3]


def test_a_pause_that_is_joined_anyway_has_no_borders():
    assert levels.borders([False, True, False, True, False], two_seconds(5), 3000) == [0, 3]
    assert levels.borders([False, True, False, True, False], two_seconds(5), 1000) == [0, 1, 2, 3]
    assert levels.borders([True, False, False, True], two_seconds(4), 3000) == [0, 2]


def test_motion_between_two_still_pictures_is_no_pause():
    assert levels.borders([False, True, False], two_seconds(3), 60_000) == [0, 1]


@given(st.lists(st.booleans(), max_size=20))
def test_every_border_has_one_side_that_moved(moved):
    for number in levels.borders(moved, two_seconds(len(moved)), 3000):
        assert moved[number] != moved[number + 1]


def test_key_frames_more_than_four_seconds_apart_tell_too_little():
    assert not levels.is_far_apart([0, 4000], 8000)
    assert levels.is_far_apart([0, 4001], 8000)
    assert levels.is_far_apart([0], 10_000)
    assert not levels.is_far_apart([], 10_000)


def test_a_group_much_larger_than_those_before_it_is_worth_a_look():
    steady = [1000 + number % 7 for number in range(40)]
    assert levels.worth_a_look([*steady, 1500], 40)
    assert not levels.worth_a_look([*steady, 1005], 40)
    assert not levels.worth_a_look([*steady, 1090], 40), "less than a tenth above the median"


def test_nothing_stands_out_before_there_is_enough_to_compare_with():
    assert not levels.worth_a_look([1000] * 7 + [9000], 7)
    assert levels.worth_a_look([1000] * 8 + [9000], 8)


def test_the_extra_looks_limit_themselves():
    sizes = [1000] * 30 + [5000] * 30
    assert sum(levels.worth_a_look(sizes, number) for number in range(len(sizes))) == levels.MOST_EXTRA


def test_restless_sizes_make_nothing_stand_out():
    sizes = [1000 + 997 * number % 2000 for number in range(60)]
    assert not any(levels.worth_a_look(sizes, number) for number in range(len(sizes)))


@given(SIZES)
def test_never_more_extra_looks_than_allowed_among_the_groups_compared(sizes):
    worth = [levels.worth_a_look(sizes, number) for number in range(len(sizes))]
    for end in range(len(worth) + 1):
        assert sum(worth[max(0, end - levels.RANKED) : end]) <= levels.MOST_EXTRA
