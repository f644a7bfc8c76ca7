"""Interval arithmetic against the plainest model there is: a set of milliseconds."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.intervals import Span, clip, covers, intersect, subtract, total_ms, union

spans = st.builds(Span, st.integers(0, 40), st.integers(0, 40))
lists = st.lists(spans, max_size=8)


def milliseconds(of: list[Span]) -> set[int]:
    return {ms for span in of for ms in range(span.start_ms, span.end_ms)}


def is_clean(of: list[Span]) -> bool:
    return all(a.start_ms < a.end_ms for a in of) and all(a.end_ms < b.start_ms for a, b in itertools.pairwise(of))


@given(lists)
def test_union_covers_the_same_milliseconds_and_is_clean(given_spans: list[Span]) -> None:
    assert is_clean(union(given_spans))
    assert milliseconds(union(given_spans)) == milliseconds(given_spans)


@given(lists, st.integers(0, 6))
def test_union_closes_exactly_the_holes_up_to_join_ms(given_spans: list[Span], join_ms: int) -> None:
    joined = union(given_spans, join_ms)
    holes = [b.start_ms - a.end_ms for a, b in itertools.pairwise(joined)]
    assert all(hole > join_ms for hole in holes)
    added = subtract(joined, given_spans)
    assert all(hole.length_ms <= join_ms for hole in added)
    assert milliseconds(given_spans) <= milliseconds(joined)


@given(lists, lists)
def test_intersect_is_the_milliseconds_of_both(left: list[Span], right: list[Span]) -> None:
    assert is_clean(intersect(left, right))
    assert milliseconds(intersect(left, right)) == milliseconds(left) & milliseconds(right)


@given(lists, lists)
def test_subtract_is_the_milliseconds_of_left_alone(left: list[Span], right: list[Span]) -> None:
    assert is_clean(subtract(left, right))
    assert milliseconds(subtract(left, right)) == milliseconds(left) - milliseconds(right)


@given(lists, spans)
def test_clip_covers_and_total_agree_with_the_model(given_spans: list[Span], window: Span) -> None:
    inside = milliseconds(given_spans) & milliseconds([window])
    assert milliseconds(clip(given_spans, window)) == inside
    assert covers(given_spans, window) == (inside == milliseconds([window]))
    assert total_ms(given_spans) == len(milliseconds(given_spans))


@given(lists, lists)
def test_what_is_cut_away_and_what_stays_make_the_whole_again(left: list[Span], right: list[Span]) -> None:
    assert union([*subtract(left, right), *intersect(left, right)]) == union(left)


@pytest.mark.parametrize(
    ("given_spans", "expected"),
    [
        pytest.param([Span(0, 5), Span(5, 9)], [Span(0, 9)], id="touching spans join: they are half-open"),
        pytest.param([Span(5, 5), Span(9, 2)], [], id="empty and backward spans vanish"),
        pytest.param([Span(3, 4), Span(0, 1)], [Span(0, 1), Span(3, 4)], id="any order"),
    ],
)
def test_union_at_its_edges(given_spans: list[Span], expected: list[Span]) -> None:
    assert union(given_spans) == expected


def test_an_empty_span_has_no_length_and_is_always_covered() -> None:
    assert Span(9, 2).length_ms == 0
    assert covers([], Span(7, 7))


def test_subtracting_a_long_archive_from_itself_is_linear() -> None:
    archive = [Span(n * 10, n * 10 + 8) for n in range(50_000)]
    assert subtract(archive, archive) == []
    assert len(subtract([Span(0, 500_000)], archive)) == 50_000
    assert len(subtract(archive, [Span(n * 10 + 2, n * 10 + 4) for n in range(50_000)])) == 100_000
