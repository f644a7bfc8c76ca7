"""How much of an episode was recorded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.episodes.coverage import HOLE_MS, status
from schemas.intervals import Span, clip, subtract, total_ms, union

FOOTAGE = [Span(1000, 2000), Span(2040, 3000), Span(5000, 6000)]
CASES = {
    "inside one piece": (Span(1200, 1800), "full"),
    "over a hole of one frame": (Span(1200, 2900), "full"),
    "over a real hole": (Span(2500, 5500), "partial"),
    "begins one frame early": (Span(960, 1500), "full"),
    "begins a second early": (Span(0, 1500), "partial"),
    "ends late": (Span(5500, 7000), "partial"),
    "in a hole": (Span(3500, 4500), "none"),
    "before all": (Span(0, 1000), "none"),
    "after all": (Span(6000, 9000), "none"),
    "a moment on footage": (Span(1000, 1001), "full"),
    "a moment at its end": (Span(3000, 3001), "none"),
    "a moment in the hole of one frame": (Span(2020, 2021), "none"),
}


@pytest.mark.parametrize(("span", "expected"), CASES.values(), ids=CASES.keys())
def test_the_status_says_how_much_is_recorded(span: Span, expected: str) -> None:
    assert status(span, FOOTAGE) == expected


SPANS = st.builds(lambda start, length: Span(start, start + length), st.integers(0, 1000), st.integers(1, 400))


@given(SPANS, st.lists(SPANS, max_size=12))
def test_the_status_is_that_of_plain_arithmetic(span: Span, pieces: list[Span]) -> None:
    footage = union(pieces)
    longest_hole = max((hole.length_ms for hole in subtract([span], footage)), default=0)
    expected = "none" if not clip(footage, span) else "full" if longest_hole <= HOLE_MS else "partial"
    assert status(span, footage) == expected
    assert (expected == "none") == (total_ms(clip(footage, span)) == 0)
