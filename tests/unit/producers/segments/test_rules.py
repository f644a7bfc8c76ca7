"""Runs, gaps, waits and shares, for any times that a clock may show."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.segments import rules
from producers.segments.rules import Drift, OpenGap, RunClock, Timeline
from schemas.facts import RecordingGap

HOUR_MS = 3_600_000
NOW_MS = 1_790_000_000_000
TIMESCALES = st.sampled_from((1, 1000, 8000, 12_800, 15_360, 16_384, 30_000, 44_100, 48_000, 90_000, 1_000_000))
UNITS = st.integers(-(1 << 40), 1 << 40)
WALL = st.one_of(
    st.integers(0, 4_000_000_000_000),
    st.sampled_from([NOW_MS + jump * HOUR_MS for jump in (0, 1, -1, 24, -24)]),
    st.integers(0, 100_000),
)
"""What the wall clock may say, right or not: 1970 too."""
REASONS = st.sampled_from(("source_lost", "disk_full", "clock_jump", "recorder_stopped"))


@given(UNITS, TIMESCALES)
def test_milliseconds_are_nearest_and_halves_go_up(units: int, timescale: int) -> None:
    twice_off = 2 * (rules.milliseconds(units, timescale) * timescale - units * 1000)
    assert -timescale < twice_off <= timescale


@given(st.integers(0, NOW_MS), UNITS, TIMESCALES, st.lists(UNITS, min_size=2, max_size=10, unique=True))
def test_times_of_one_run_never_go_back_and_start_at_its_anchor(
    anchor_ms: int, origin: int, timescale: int, times: list[int]
) -> None:
    clock = RunClock(anchor_ms, origin, timescale)
    assert clock.at(origin) == anchor_ms
    assert all(clock.at(earlier) <= clock.at(later) for earlier, later in pairwise(sorted(times)))


@given(st.integers(1000, 600_000), st.integers(0, 700_000))
def test_a_segment_is_cut_at_its_length_or_one_picture_before(segment_ms: int, elapsed_ms: int) -> None:
    assert rules.must_cut(elapsed_ms, segment_ms) == (elapsed_ms >= segment_ms - rules.CUT_SLACK_MS)


@given(
    st.integers(0, NOW_MS), st.integers(-200_000, 200_000), st.sampled_from((rules.LIVE_JUMP_MS, rules.FILE_JUMP_MS))
)
def test_only_a_long_leap_or_a_step_back_tears(from_ms: int, step_ms: int, limit_ms: int) -> None:
    goes_on = -rules.BACK_MS <= step_ms <= limit_ms
    assert rules.tears(from_ms, from_ms + step_ms, limit_ms) is not goes_on


@given(st.lists(st.integers(-rules.DRIFT_MS, rules.DRIFT_MS), max_size=30))
def test_clocks_that_stay_close_have_not_parted(late_ms: list[int]) -> None:
    drift = Drift()
    for late in late_ms:
        drift = drift.after(late)
        assert not drift.is_broken


@given(st.lists(st.integers(0, rules.DRIFT_MS), max_size=8), st.integers(rules.DRIFT_MS + 1, 10 * HOUR_MS))
def test_late_for_good_parts_the_clocks_late_for_a_while_does_not(before: list[int], late_ms: int) -> None:
    drift = Drift()
    for late in [*before, *[late_ms] * (rules.LATE_GROUPS - 1)]:
        drift = drift.after(late)
    assert drift.after(0).is_broken is False
    assert drift.after(late_ms).is_broken is True


@given(st.lists(st.integers(0, HOUR_MS), max_size=8), st.integers(rules.DRIFT_MS + 1, 24 * HOUR_MS))
def test_early_once_parts_the_clocks(before: list[int], early_ms: int) -> None:
    drift = Drift(tuple(before[-rules.LATE_GROUPS :])).after(-early_ms)
    assert drift.is_broken
    assert Drift().is_broken is False


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    end_ms = draw(st.none() | st.integers(0, NOW_MS + HOUR_MS))
    timeline = Timeline("cam", end_ms)
    if draw(st.booleans()):
        timeline, _ = rules.lose(timeline, draw(WALL), draw(REASONS))
    return timeline


@given(timelines(), WALL, REASONS)
def test_losing_opens_one_gap_at_the_end_of_what_is_recorded(timeline: Timeline, now_ms: int, reason: str) -> None:
    lost, stated = rules.lose(timeline, now_ms, reason, "why")
    if timeline.gap:
        assert (lost, stated) == (timeline, ())
        return
    start_ms = now_ms if timeline.end_ms is None else timeline.end_ms
    assert lost.gap == OpenGap(start_ms, reason)
    assert [(gap.start_ms, gap.end_ms, gap.reason, gap.detail) for gap in stated] == [(start_ms, None, reason, "why")]
    assert rules.lose(lost, now_ms + 1, "clock_jump") == (lost, ())


@given(timelines(), WALL, st.booleans())
def test_a_run_never_starts_before_the_end_of_what_is_recorded(timeline: Timeline, wall_ms: int, goes_on: bool) -> None:
    start_ms = rules.run_start_ms(timeline, wall_ms, goes_on)
    assert start_ms >= (timeline.end_ms or 0)
    latest = max(wall_ms, timeline.end_ms or 0, timeline.gap.start_ms + 1 if timeline.gap else 0)
    assert start_ms in (latest, timeline.end_ms)


@given(timelines(), WALL, WALL, st.booleans(), REASONS)
def test_an_open_gap_is_always_closed_with_the_start_and_reason_it_opened_with(
    timeline: Timeline, wall_ms: int, now_ms: int, goes_on: bool, reason: str
) -> None:
    start_ms = rules.run_start_ms(timeline, wall_ms, goes_on)
    resumed, stated = rules.resume(timeline, start_ms, now_ms, reason)
    assert resumed == Timeline("cam", timeline.end_ms)
    for gap in stated:
        assert gap.end_ms == start_ms > gap.start_ms
    if timeline.gap:
        assert [(gap.start_ms, gap.reason) for gap in stated] == [(timeline.gap.start_ms, timeline.gap.reason)]
    elif timeline.end_ms is not None and start_ms > timeline.end_ms:
        assert [(gap.start_ms, gap.reason) for gap in stated] == [(timeline.end_ms, reason)]
    else:
        assert stated == ()


@given(st.lists(st.tuples(WALL, st.integers(1, 60_000), st.booleans(), st.booleans()), max_size=12))
def test_segments_and_gaps_tile_the_timeline_whatever_the_clock_does(
    runs: list[tuple[int, int, bool, bool]],
) -> None:
    timeline, spans, opened = Timeline("cam"), [], []
    for wall_ms, length_ms, lose_before, goes_on in runs:
        if lose_before:
            timeline, stated = rules.lose(timeline, wall_ms, "source_lost")
            opened += [gap.start_ms for gap in stated]
        start_ms = rules.run_start_ms(timeline, wall_ms, goes_on)
        timeline, stated = rules.resume(timeline, start_ms, wall_ms, "clock_jump")
        spans += [(gap.start_ms, gap.end_ms) for gap in stated]
        spans.append((start_ms, start_ms + length_ms))
        timeline = rules.record(timeline, start_ms + length_ms)
    assert all(left[1] == right[0] for left, right in pairwise(spans))
    assert set(opened) <= {start_ms for start_ms, _ in spans}


@given(st.integers(0, NOW_MS), st.integers(-rules.DRIFT_MS, rules.DRIFT_MS))
def test_the_same_connection_going_on_leaves_no_hole_for_a_small_difference(end_ms: int, off_ms: int) -> None:
    timeline = Timeline("cam", end_ms)
    assert rules.run_start_ms(timeline, end_ms + off_ms, goes_on=True) == end_ms
    assert rules.run_start_ms(timeline, end_ms + rules.DRIFT_MS + 1, goes_on=True) == end_ms + rules.DRIFT_MS + 1


def gap(start_ms: int, end_ms: int | None, reason: str = "spool_full") -> RecordingGap:
    return RecordingGap(media="cam", start_ms=start_ms, end_ms=end_ms, reason=reason, observed_ms=end_ms or start_ms)


@given(st.integers(0, 9), st.integers(1, 9), st.integers(0, 30), st.integers(1, 9), st.booleans())
def test_gaps_join_only_where_they_touch_for_the_same_reason(
    start_ms: int, length_ms: int, next_ms: int, next_length_ms: int, same: bool
) -> None:
    older = gap(start_ms, start_ms + length_ms)
    newer = gap(next_ms, next_ms + next_length_ms, "spool_full" if same else "disk_full")
    joined = rules.joined(older, newer)
    if same and older.end_ms == newer.start_ms:
        assert joined is not None
        assert (joined.start_ms, joined.end_ms, joined.reason) == (start_ms, newer.end_ms, "spool_full")
    else:
        assert joined is None


def test_an_open_gap_joins_nothing_that_follows() -> None:
    assert rules.joined(gap(5, None), gap(5, 6)) is None


@given(st.integers(-1, 1 << 40), st.floats(0, 1))
def test_the_wait_grows_to_thirty_seconds_and_never_under_a_quarter(failures: int, chance: float) -> None:
    wait_s = rules.backoff_s(failures, chance)
    assert 0.25 <= wait_s <= 30
    assert wait_s <= rules.backoff_s(failures + 1, chance)
    assert rules.backoff_s(failures, 0) * 2 == rules.backoff_s(failures, 1)


@pytest.mark.parametrize("count", [1, 2, 3, 7])
@given(media=st.text(min_size=1, max_size=20))
def test_every_media_belongs_to_exactly_one_shard(count: int, media: str) -> None:
    assert sum(rules.belongs(media, index, count) for index in range(count)) == 1


def test_shards_share_the_cameras_about_evenly() -> None:
    names = [f"camera-{number}" for number in range(400)]
    shares = [sum(rules.belongs(name, index, 4) for name in names) for index in range(4)]
    assert all(70 < share < 130 for share in shares)
