"""Which pictures are looked at."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from processors.motion.frames.choice import thinned


def test_pictures_close_to_each_other_are_thinned_to_one_a_second() -> None:
    assert thinned([0, 40, 999, 1000, 1999, 2040, 3500], 1000) == [0, 3, 5, 6]
    assert thinned([0, 2000, 4000], 1000) == [0, 1, 2]
    assert thinned([], 1000) == []


@given(st.lists(st.integers(0, 50_000), max_size=60).map(sorted), st.integers(0, 3000))
def test_taken_ones_are_apart_and_the_rest_stands_close_behind_one(times: list[int], apart_ms: int) -> None:
    taken = thinned(times, apart_ms)
    assert taken[:1] == ([0] if times else [])
    assert all(times[b] - times[a] >= apart_ms for a, b in itertools.pairwise(taken))
    for number, at_ms in enumerate(times):
        before = max(one for one in taken if one <= number)
        assert before == number or at_ms - times[before] < apart_ms
