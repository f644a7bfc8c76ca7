"""Samples become groups that lose nothing but what no decoder could show."""

from hypothesis import given
from hypothesis import strategies as st

from producers.segments.groups import LEAST_MS, MOST_BYTES, MOST_MS, Assembler, Group, Timing
from producers.segments.samples import Sample
from tests.unit.producers.segments import footage

TICKS_PER_MS = 90
FORMAT = footage.plain_format_at(90_000)
JUMP_MS = 10_000
TIMES = st.integers(-(1 << 34), 1 << 34) | st.integers(-500_000, 500_000)


def picture(at_ms: int, *, key: bool = False, dts_ms: int | None = None, data: bytes = b"x") -> Sample:
    return Sample(True, at_ms * TICKS_PER_MS, None if dts_ms is None else dts_ms * TICKS_PER_MS, 0, key, data)


def gathered(samples: list[Sample], assembler: Assembler | None = None) -> list[Group]:
    assembler = assembler or Assembler(JUMP_MS)
    groups = [*assembler.switch(FORMAT)]
    for sample in samples:
        groups += assembler.add(sample, sample.pts // TICKS_PER_MS)
    return [*groups, *assembler.end()]


@given(st.lists(st.tuples(st.integers(1, 400), st.booleans()), max_size=80))
def test_every_picture_from_the_first_key_frame_on_is_in_one_group(steps: list[tuple[int, bool]]) -> None:
    at_ms, samples = 0, []
    for step_ms, key in steps:
        at_ms += step_ms
        samples.append(picture(at_ms, key=key))
    assembler = Assembler(JUMP_MS)
    groups = gathered(samples, assembler)
    first = next((index for index, one in enumerate(samples) if one.key), len(samples))
    assert [one for group in groups for one in group.video] == samples[first:]
    assert assembler.dropped == first
    for group in groups:
        length_ms = (group.video[-1].pts - group.video[0].pts) // TICKS_PER_MS
        assert length_ms < MOST_MS
    assert [group.goes_on for group in groups] == [number > 0 for number in range(len(groups))]


def test_key_frames_close_together_share_a_group() -> None:
    groups = gathered([picture(at_ms, key=True) for at_ms in range(0, 2000, 100)])
    assert [len(group.video) for group in groups] == [LEAST_MS // 100] * 4


def test_a_group_too_large_for_the_memory_is_written_in_parts() -> None:
    samples = [picture(at_ms, key=at_ms == 0, data=bytes(MOST_BYTES // 4)) for at_ms in range(0, 320, 40)]
    groups = gathered(samples)
    assert [(len(group.video), group.key) for group in groups] == [(4, True), (4, False)]


def test_after_a_leap_pictures_are_left_out_until_a_key_frame() -> None:
    samples = [picture(0, key=True), picture(40), picture(60_000), picture(60_040), picture(60_080, key=True)]
    groups = gathered(samples)
    assert [[one.pts // TICKS_PER_MS for one in group.video] for group in groups] == [[0, 40], [60_080]]
    assert [group.goes_on for group in groups] == [False, False]
    assert groups[0].next is None


def test_a_picture_decoded_in_its_place_and_shown_far_off_tears_the_stream() -> None:
    samples = [picture(0, key=True, dts_ms=0), picture(3_600_000, dts_ms=40), picture(80, key=True, dts_ms=80)]
    groups = gathered(samples)
    assert [[one.pts // TICKS_PER_MS for one in group.video] for group in groups] == [[0], [80]]


def test_pictures_out_of_order_are_one_stream() -> None:
    shown = [0, 120, 40, 80, 240, 160, 200]
    groups = gathered([picture(at_ms, key=number == 0, dts_ms=number * 40 - 80) for number, at_ms in enumerate(shown)])
    assert [one.pts // TICKS_PER_MS for group in groups for one in group.video] == shown
    assert groups[0].end_pts == 280 * TICKS_PER_MS


def test_a_group_is_due_by_its_most_punctual_picture() -> None:
    assembler = Assembler(JUMP_MS)
    groups = [*assembler.switch(FORMAT)]
    for at_ms, arrived_ms in ((0, 5000), (40, 5010), (80, 5300)):
        groups += assembler.add(picture(at_ms, key=at_ms == 0), arrived_ms)
    (group,) = assembler.end()
    assert group.arrived_ms == 4970


@given(st.lists(st.tuples(TIMES, st.none() | TIMES, st.integers(-5, 1 << 20), st.booleans()), min_size=1, max_size=30))
def test_decode_times_of_a_run_only_grow_and_presentation_times_are_kept(
    told: list[tuple[int, int | None, int, bool]],
) -> None:
    samples = [Sample(True, pts, dts, duration, key, b"x") for pts, dts, duration, key in told]
    timing, before = None, -1
    for group in gathered(samples):
        if timing is None or not group.goes_on:
            timing, before, origin = Timing(group), -1, group.video[0].pts
        for one, made in zip(group.video, timing.video(group), strict=True):
            assert before < made.dts
            assert made.duration > 0
            assert made.dts + made.composition == one.pts - origin
            before = made.dts
