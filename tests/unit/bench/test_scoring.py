"""What findings of motion are worth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.looking.dvr_scan import told
from bench.looking.scoring import Truth, iou, score, total, truth
from schemas.intervals import Span, total_ms, union

CLIP = Truth(60_000, (Span(10_000, 14_000), Span(30_000, 36_000)), (Span(36_000, 37_000), Span(50_000, 55_000)))


def spans(*pairs: tuple[float, float]) -> list[Span]:
    return [Span(round(start * 1000), round(end * 1000)) for start, end in pairs]


def test_the_truth_itself_is_perfect() -> None:
    one = score(CLIP, CLIP.events)
    assert (one.recall, one.precision, one.f1, one.false_s_per_hour, one.border_s(0.9)) == (1, 1, 1, 0, 0)


def test_a_detector_that_is_always_on_is_worth_nothing() -> None:
    one = score(CLIP, spans((0, 60)))
    assert (one.found, one.wrong, one.f1) == (0, 1, 0)
    assert one.false_ms == 60_000 - 4_000 - 6_000 - 1_000 - 5_000


def test_a_detector_that_is_never_on_finds_nothing_and_claims_nothing() -> None:
    one = score(CLIP, [])
    assert (one.recall, one.precision, one.f1, one.false_ms, one.borders_ms) == (0, 1, 0, 0, ())


@pytest.mark.parametrize(
    ("end", "is_found"), [(12.0, True), (11.9, False), (18.0, True), (18.1, False)],
    ids=["half of it", "less than half", "twice as long", "longer still"],
)  # fmt: skip
def test_an_event_is_found_when_half_of_both_together_is_common(end: float, is_found: bool) -> None:
    assert score(CLIP, spans((10, end))).found == is_found


def test_borders_are_off_by_their_distance_from_the_truth() -> None:
    assert score(CLIP, spans((9.6, 14.1), (30.0, 35.2))).borders_ms == (400, 100, 0, 800)


def test_one_finding_over_two_events_is_at_most_one_of_them() -> None:
    near = Truth(60_000, tuple(spans((10, 14), (17, 21))))
    one = score(near, spans((10, 21)))
    assert (one.events, one.found, one.wrong) == (2, 0, 1)


def test_events_hardly_apart_are_one_for_everybody() -> None:
    near = Truth(60_000, tuple(spans((10, 14), (16, 21))))
    for findings in (spans((10, 21)), spans((10, 14), (16, 21)), spans((10, 12), (13, 21))):
        assert score(near, findings).f1 == 1


def test_what_lies_in_time_that_counts_neither_way_is_no_mistake() -> None:
    one = score(CLIP, [*CLIP.events, *spans((50.5, 54))])
    assert (one.wrong, one.false_ms) == (0, 0)


def test_a_finding_that_goes_on_into_such_time_fits_as_well_as_one_that_stops() -> None:
    assert score(CLIP, spans((30, 37))).found == score(CLIP, spans((30, 36))).found == 1
    assert iou(Span(30_000, 36_000), Span(30_000, 37_000), CLIP.either) == 1


def test_an_event_counts_in_full_where_it_overlaps_such_time() -> None:
    assert iou(Span(0, 10), Span(5, 10), [Span(0, 5)]) == 0.5


def test_a_short_break_that_findings_are_joined_over_is_not_false() -> None:
    assert score(CLIP, spans((8, 9), (10, 14))).false_ms == 1000


def test_seconds_are_false_by_the_hour_of_footage() -> None:
    one = score(CLIP, [*CLIP.events, *spans((20, 21))])
    assert one.false_s_per_hour == pytest.approx(60)
    assert total([one, score(CLIP, CLIP.events)]).false_s_per_hour == pytest.approx(30)


def test_the_truth_is_read_in_seconds() -> None:
    assert truth({"dur": 64.6, "events": [[0, 8.6]], "dontcare": [[16.6, 24.5]]}) == Truth(
        64_600, (Span(0, 8_600),), (Span(16_600, 24_500),)
    )


SPANS = st.lists(
    st.tuples(st.integers(0, 59_000), st.integers(1, 20_000)).map(lambda one: Span(one[0], min(sum(one), 60_000))),
    max_size=8,
)


@given(SPANS, SPANS, SPANS)
def test_no_finding_is_counted_twice_and_no_time_invented(
    events: list[Span], found: list[Span], aside: list[Span]
) -> None:
    one = score(Truth(60_000, tuple(union(events)), tuple(union(aside))), found, join_ms=0)
    told_spans = union(found)
    assert one.found + one.wrong <= len(told_spans)
    assert one.found <= one.events
    assert one.false_ms <= total_ms(told_spans)
    assert len(one.borders_ms) == 2 * one.found
    assert 0 <= one.f1 <= 1


@given(SPANS, SPANS)
def test_the_order_of_findings_does_not_matter(events: list[Span], found: list[Span]) -> None:
    clip = Truth(60_000, tuple(union(events)))
    assert score(clip, found) == score(clip, found[::-1])


def test_dvr_scan_is_read_without_what_it_adds_behind_an_event() -> None:
    said = "noise\nComma-separated timecode values:\n00:00:16.960,00:00:22.480,00:01:25.400,00:01:30.000\nmore,1"
    assert told(said, 90_000) == [Span(16_960, 20_480), Span(85_400, 90_000)]


def test_dvr_scan_may_have_found_nothing() -> None:
    assert told("No motion events detected in input.", 90_000) == []
