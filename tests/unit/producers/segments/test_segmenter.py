"""Segments of one run meet to the millisecond, begin at a key frame, and hold every picture once."""

import io
from itertools import pairwise

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.segments import fmp4
from producers.segments.samples import Format, Sample
from producers.segments.segmenter import FilePlacement
from tests.unit.producers.segments import footage
from tests.unit.producers.segments.footage import START_MS, MemoryArchive, pictures, record

TICKS = 90_000
KINDS = [{}, {"bframes": 2}, {"codec": "libx265"}, {"codec": "libx265", "bframes": 2}, {"sound": "pcm_s16le"}]


@pytest.fixture(params=KINDS, ids=str)
def kind(request: pytest.FixtureRequest) -> dict[str, str]:
    return request.param


def decoded(data: bytes) -> int:
    """How many pictures a decoder gets out of an object."""
    with av.open(io.BytesIO(data)) as container:
        return sum(1 for _ in container.decode(video=0))


def stored_pictures(archive: MemoryArchive) -> list[bytes]:
    """The coded pictures of all segments, in order."""
    found = [(data, one) for _, data in archive.segments for one in fmp4.read(data).video()]
    return [data[one.offset : one.offset + one.size] for data, one in found]


def test_nothing_is_lost_or_doubled_and_neighbours_meet(kind: dict[str, str]) -> None:
    said = footage.items(**kind)
    archive = record(MemoryArchive(), said)
    assert archive.holes == []
    assert len(archive.segments) == 3
    stored = stored_pictures(archive)
    assert stored == [picture.data for picture in pictures(said)]
    assert all(left.end_ms == right.start_ms for left, right in pairwise(archive.facts))
    assert (archive.facts[0].start_ms, archive.facts[-1].end_ms) == (START_MS, START_MS + 5000)
    assert len({fact.run_id for fact in archive.facts}) == 1


def test_every_segment_decodes_alone_and_its_fact_tells_the_truth(kind: dict[str, str]) -> None:
    for fact, data in record(MemoryArchive(), footage.items(**kind)).segments:
        movie = fmp4.read(data)
        assert fact.init_len == len(movie.format.init)
        assert data[fact.init_len + 4 : fact.init_len + 8] == b"prft"
        assert fact.frames == decoded(data) == sum(1 for _ in movie.video())
        assert fact.size_bytes == len(data)
        assert fact.keyframes[0].at_ms == fact.start_ms
        others = [one.size for one in movie.video() if not one.key]
        assert sum(fact.gop_bytes) == sum(others)
        assert len(fact.gop_bytes) == len(fact.keyframes)


def test_the_bytes_of_a_key_frame_decode_alone(kind: dict[str, str]) -> None:
    for fact, data in record(MemoryArchive(), footage.items(**kind)).segments:
        with av.open(io.BytesIO(data[: fact.init_len]), format="mp4") as head:
            context = av.CodecContext.create(head.streams.video[0].codec_context.name, "r")
            context.extradata = head.streams.video[0].codec_context.extradata
            context.thread_count = 1
        for key in fact.keyframes:
            context.flush_buffers()
            packet = av.Packet(data[key.byte_offset : key.byte_offset + key.size_bytes])
            frames = [*context.decode(packet), *context.decode(None)]
            assert [(frame.width, frame.height) for frame in frames] == [(96, 112)]


def test_the_sound_of_a_run_is_kept_whole() -> None:
    said = footage.items(sound="pcm_s16le")
    wanted = [item.data for item in said if isinstance(item, Sample) and not item.video]
    stored = []
    for _, data in record(MemoryArchive(), said).segments:
        movie = fmp4.read(data)
        assert movie.format.audio
        for fragment in movie.fragments:
            row = fragment.samples.get(movie.format.audio.track_id, [])
            stored += [data[one.offset : one.offset + one.size] for one in row]
    first = wanted.index(stored[0])
    assert stored == wanted[first : first + len(stored)]
    assert len(wanted) - len(stored) <= 2


@st.composite
def streams(draw: st.DrawFn) -> tuple[Format, list[Sample]]:
    """A camera that knows no decode times: any frame rate, key frames anywhere, any origin."""
    steps = draw(st.lists(st.integers(900, 45_000), min_size=2, max_size=60))
    pts = draw(st.integers(-(1 << 33), 1 << 33))
    said = []
    for number, step in enumerate(steps):
        key = number == 0 or draw(st.integers(0, 5)) == 0
        said.append(Sample(True, pts, None, 0, key, b"\0\0\0\2" + bytes((5 if key else 1, number))))
        pts += step
    return footage.plain_format_at(TICKS), said


@given(streams(), st.integers(500, 8000))
def test_any_stream_is_tiled_without_hole_overlap_loss_or_repetition(
    stream: tuple[Format, list[Sample]], segment_ms: int
) -> None:
    archive = record(MemoryArchive(), [stream[0], *stream[1]], segment_ms=segment_ms)
    assert all(left.end_ms == right.start_ms for left, right in pairwise(archive.facts))
    stored = stored_pictures(archive)
    assert stored == [picture.data for picture in stream[1]]
    for fact, _ in archive.segments:
        assert fact.start_ms == fact.keyframes[0].at_ms < fact.end_ms
        assert all(fact.start_ms <= key.at_ms < fact.end_ms for key in fact.keyframes)


@given(streams(), st.integers(-86_400_000, 86_400_000))
def test_a_clock_that_jumps_between_connections_never_lays_footage_over_footage(
    stream: tuple[Format, list[Sample]], jump_ms: int
) -> None:
    archive = MemoryArchive()
    said = [stream[0], *stream[1]]
    record(archive, said)
    record(archive, said, start_ms=START_MS + jump_ms)
    assert all(left.end_ms <= right.start_ms for left, right in pairwise(archive.facts))
    assert len({fact.run_id for fact in archive.facts}) == 2


def test_a_change_of_format_begins_a_run_without_a_hole() -> None:
    first, second = footage.items(), footage.items(codec="libx265")
    moved = [item if isinstance(item, Format) else shifted(item, 5) for item in second]
    archive = record(MemoryArchive(), [*first, *moved], start_ms=START_MS)
    assert archive.holes == []
    assert len({fact.run_id for fact in archive.facts}) == 2
    assert {fact.codecs[:4] for fact in archive.facts} == {"avc1", "hvc1"}


def shifted(sample: Sample, seconds: int) -> Sample:
    timescale = footage.items(codec="libx265")[0].video.timescale
    units = seconds * timescale
    return sample._replace(pts=sample.pts + units, dts=None if sample.dts is None else sample.dts + units)


def test_what_precedes_the_first_key_frame_is_left_out() -> None:
    said = [footage.items()[0], *pictures(footage.items())[7:]]
    archive = record(MemoryArchive(), said)
    assert sum(fact.frames for fact in archive.facts) == 100


def test_footage_missing_inside_a_connection_is_a_hole_and_a_new_run() -> None:
    said = list(footage.items())
    timescale = said[0].video.timescale
    late = [one._replace(pts=one.pts + 60 * timescale, dts=one.dts + 60 * timescale) for one in pictures(said)]
    archive = record(MemoryArchive(), [*said, *late])
    assert archive.holes == [(START_MS + 5000, START_MS + 60_000, "source_lost")]
    assert len({fact.run_id for fact in archive.facts}) == 2


def test_a_file_is_placed_by_its_own_times_from_its_start() -> None:
    archive = record(MemoryArchive(), footage.items(), placement=FilePlacement(1000), start_ms=5)
    assert [(fact.start_ms, fact.end_ms) for fact in archive.facts] == [(1000, 3000), (3000, 5000), (5000, 6000)]
    again = record(MemoryArchive(), footage.items(), placement=FilePlacement(1000), start_ms=99)
    assert [data for _, data in again.segments] == [data for _, data in archive.segments]


def test_times_in_an_object_are_those_of_the_fact() -> None:
    for fact, data in record(MemoryArchive(), footage.items(bframes=2)).segments:
        found = fmp4.read(data)
        assert found.fragments[0].wall_ms == fact.start_ms
        first = next(found.video()).pts
        per_ms = found.format.video.timescale / 1000
        shown = [fact.start_ms + round((one.pts - first) / per_ms) for one in found.video() if one.key]
        assert shown == [key.at_ms for key in fact.keyframes]
