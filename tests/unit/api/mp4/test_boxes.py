"""MP4 read from bytes that may be anything."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.mp4.boxes import Broken, build, find, full, walk
from api.mp4.cutting import Clip, fragments_until
from api.mp4.fragments import Sample, fragment, samples
from api.mp4.init import tracks
from tests.footage import Shape, record

FOOTAGE = record(Shape(seconds=2, b_frames=2, sound=True))[0]
TRACKS = tracks(FOOTAGE.data)


def test_boxes_are_found_by_path() -> None:
    data = build(b"moov", build(b"free"), build(b"trak", full(b"tkhd", 1, 7, b"x")))
    found = find(data, b"moov", b"trak", b"tkhd")
    assert data[found.body : found.end] == b"\x01\0\0\x07x"
    with pytest.raises(Broken, match="moov/edts"):
        find(data, b"moov", b"edts")


@given(st.binary(max_size=200))
def test_any_bytes_are_walked_or_refused(data: bytes) -> None:
    try:
        boxes = list(walk(data))
    except Broken:
        return
    assert sum(box.end - box.start for box in boxes) == len(data)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(FOOTAGE.data) - 1), st.binary(min_size=1, max_size=12))
def test_a_damaged_segment_is_read_or_refused_and_nothing_else(at: int, damage: bytes) -> None:
    broken = FOOTAGE.data[:at] + damage + FOOTAGE.data[at + len(damage) :]
    try:
        fragments_until(broken, 0, 1000)
    except Broken:
        pass


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(FOOTAGE.data)))
def test_a_torn_segment_is_read_or_refused_and_nothing_else(size: int) -> None:
    try:
        Clip(FOOTAGE.data[:size], 0)
    except Broken:
        pass


SAMPLES = st.lists(
    st.builds(
        Sample, dts=st.just(0), shift=st.integers(-9000, 9000), duration=st.integers(1, 9000),
        flags=st.sampled_from([0x02000000, 0x01010000]), data=st.binary(max_size=20).map(memoryview),
    ),
    min_size=1, max_size=20,
)  # fmt: skip


@given(SAMPLES, st.integers(0, 1 << 40))
def test_what_is_written_is_read_again(part: list[Sample], start: int) -> None:
    timed = []
    for sample in part:
        timed.append(sample._replace(dts=start))
        start += sample.duration
    number = next(iter(TRACKS))
    again = samples(fragment(1, [(number, timed)]), TRACKS)[number]
    assert [one._replace(data=bytes(one.data)) for one in again] == [
        one._replace(data=bytes(one.data)) for one in timed
    ]


def test_a_cut_keeps_everything_before_it_and_nothing_after() -> None:
    start = FOOTAGE.fact.start_ms
    again = samples(fragments_until(FOOTAGE.data, start, start + 1000), TRACKS)
    clip = Clip(FOOTAGE.data, start)
    video = clip.video.id
    shown = sorted(clip.at_ms(clip.video, one.pts) - start for one in again[video])
    assert max(shown) < 1000
    assert 23 <= len(shown) <= 25
    whole = samples(FOOTAGE.data, TRACKS)[video]
    assert [bytes(one.data) for one in again[video]] == [bytes(one.data) for one in whole[: len(shown)]]
    assert [one.dts for one in again[video]] == [one.dts for one in whole[: len(shown)]]
