"""From looks to spans (rules 3.1, 3.3)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.motion.rules.spans import agreed, judged, judged_many, parameters, scores, settled
from schemas.facts import Look, MotionConfig, SegmentScanned
from schemas.intervals import Span, subtract, total_ms, union
from schemas.motion import Zone

CONFIG = MotionConfig()
SEGMENT = Span(0, 6000)
LEFT = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))
RIGHT = ((0.5, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 1.0))


def look(at_ms: int, energy: int = 0, column: int = 2, level: str = "keyframes") -> Look:
    grid = np.zeros((9, 16), np.uint8)
    grid[4, column] = energy
    return Look(at_ms=at_ms, score=0.0, grid=grid.tobytes() if energy else b"", level=level)  # type: ignore[arg-type]


def dense(*energies: int) -> list[Look]:
    return [look(200 * number, energy, level="borders") for number, energy in enumerate(energies)]


def times(found) -> list[tuple[int, int]]:
    return [(one.start_ms, one.end_ms) for one in found]


LOOKS = st.lists(st.tuples(st.integers(0, 29), st.sampled_from([0, 0, 10, 60, 255])), max_size=20).map(
    lambda pairs: [look(200 * at, energy) for at, energy in sorted(dict(pairs).items())]
)


def test_a_border_lies_midway_between_a_look_that_moved_and_one_that_did_not():
    found = judged(SEGMENT, [look(0), look(2000, 255), look(4000)], CONFIG)
    assert times(found) == [(1000, 3000)]
    assert found[0].peak_ms == 2000


def test_what_moves_at_the_first_and_the_last_look_touches_the_borders():
    found = judged(SEGMENT, [look(0, 255), look(2000), look(4000, 255)], CONFIG)
    assert times(found) == [(0, 1000), (3000, 6000)]


def test_a_look_before_the_segment_lets_a_span_begin_before_it():
    found = judged(Span(-2000, 6000), [look(-2000), look(-1800, 255), look(0, 255), look(4000)], CONFIG)
    assert times(found) == [(-1900, 2000)]


def test_no_look_moved_no_span():
    assert judged(SEGMENT, [look(0), look(2000)], CONFIG) == ()
    assert judged(SEGMENT, [], CONFIG) == ()


def test_one_look_alone_is_overruled_by_those_close_beside_it():
    assert judged(SEGMENT, dense(0, 0, 255, 0, 0), CONFIG) == ()
    assert times(judged(SEGMENT, dense(0, 255, 255, 0, 255, 255, 0), CONFIG)) == [(100, 1100)]


def test_one_key_frame_alone_counts_for_nothing_is_close_beside_it():
    assert times(judged(SEGMENT, [look(0), look(2000, 255), look(4000)], CONFIG)) == [(1000, 3000)]


def test_a_span_names_the_zones_that_it_touched():
    config = MotionConfig(zones=(Zone(name="left", polygon=LEFT), Zone(name="right", polygon=RIGHT)))
    found = judged(SEGMENT, [look(0, 255), look(2000, 255, column=12), look(4000)], config)
    assert [one.zones for one in found] == [("left", "right")]
    assert [one.zones for one in judged(SEGMENT, [look(0, 255)], config)] == [("left",)]


def test_what_moves_under_a_mask_or_outside_the_zones_is_no_motion():
    masked = MotionConfig(zones=(Zone(name="tree", polygon=LEFT, kind="mask"),))
    other = MotionConfig(zones=(Zone(name="right", polygon=RIGHT),))
    assert judged(SEGMENT, [look(0, 255)], masked) == ()
    assert judged(SEGMENT, [look(0, 255)], other) == ()


def test_the_score_grows_with_the_area_and_ends_at_one():
    small, large = scores([look(0, 60), look(0, 255)], CONFIG)
    assert 0 < small < large <= 1
    whole = Look(at_ms=0, score=0.0, grid=b"\xff" * 144)
    assert scores([whole], CONFIG) == [1.0]


def test_parameters_say_what_a_verdict_depends_on():
    config = MotionConfig(sensitivity=70, zones=(Zone(name="left", polygon=LEFT),))
    told = parameters(config, step_ms=200)
    assert told["sensitivity"] == 70
    assert told["zones"] == [{"name": "left", "polygon": LEFT, "kind": "watch"}]
    assert told["step_ms"] == 200
    assert "zones" not in parameters(CONFIG)


@given(st.lists(LOOKS, max_size=5))
def test_many_segments_at_once_are_judged_as_one_by_one(segments):
    asked = [(SEGMENT, looks) for looks in segments]
    assert judged_many(asked, CONFIG) == [judged(SEGMENT, looks, CONFIG) for looks in segments]


@given(LOOKS)
def test_spans_are_ascending_apart_and_inside_the_segment(looks):
    spans = [Span(*one) for one in times(judged(SEGMENT, looks, CONFIG))]
    assert spans == union(spans)
    assert all(SEGMENT.start_ms <= one.start_ms < one.end_ms <= SEGMENT.end_ms for one in spans)


@given(LOOKS, st.integers(0, 100), st.integers(0, 100))
def test_more_sensitive_never_finds_less_time(looks, one, other):
    less, more = sorted((one, other))
    quiet = judged(SEGMENT, looks, MotionConfig(sensitivity=less))
    keen = judged(SEGMENT, looks, MotionConfig(sensitivity=more))
    assert total_ms(subtract([Span(*one) for one in times(quiet)], [Span(*one) for one in times(keen)])) == 0


@given(st.lists(st.booleans(), max_size=12))
def test_looks_that_agree_are_never_overruled(flags):
    twice = np.repeat(flags, 2).astype(np.bool_)
    near = np.ones(max(0, len(twice) - 1), np.bool_)
    assert (agreed(twice, near) == twice).all()


def scanned(start_ms: int, end_ms: int, looks: list[Look]) -> SegmentScanned:
    spans = judged(Span(min(start_ms, looks[0].at_ms), end_ms), looks, CONFIG)
    return SegmentScanned(
        media="cam", start_ms=start_ms, end_ms=end_ms, observed_ms=end_ms, verdict="motion" if spans else "still",
        level="keyframes", spans=spans, looks=tuple(looks), detector="cascade", version="1",
    )  # fmt: skip


def test_the_later_verdicts_word_about_the_end_of_the_segment_before_it_counts():
    first = scanned(10_000, 16_000, [look(10_000), look(12_000), look(14_000, 255)])
    second = scanned(16_000, 22_000, [look(14_000, 255), look(14_800, 255), look(15_000), look(16_000)])
    assert settled([first]) == [Span(13_000, 16_000)]
    assert settled([first, second]) == [Span(13_000, 14_900)]


@pytest.mark.parametrize("still", [[look(16_000), look(18_000)], [look(16_000)]])
def test_a_verdict_that_speaks_of_its_own_time_alone_takes_nothing_back(still):
    first = scanned(10_000, 16_000, [look(10_000), look(14_000, 255)])
    assert settled([first, scanned(16_000, 22_000, still)]) == [Span(12_000, 16_000)]
