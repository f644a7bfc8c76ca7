"""What is written is what is read back, byte for byte."""

from hypothesis import given
from hypothesis import strategies as st

from producers.segments import fmp4, mux
from producers.segments.boxes import BadMovie, box
from producers.segments.draft import Draft, salvage
from producers.segments.mux import Timed
from producers.segments.samples import Format, Track

NOW = 1_700_000_000_000
VIDEO = Track(track_id=1, timescale=90_000, codec="h264", rfc6381="avc1.64001e", width_px=640, height_px=360)
SOUND = Track(track_id=2, timescale=48_000, codec="aac", rfc6381="mp4a.40.2")
FOOTAGE = Format(init=box(b"ftyp", b"iso5") + box(b"moov", b""), video=VIDEO, audio=SOUND)

samples = st.builds(
    Timed, dts=st.just(0), duration=st.integers(1, 90_000), composition=st.integers(0, 90_000), key=st.booleans(),
    data=st.binary(min_size=1, max_size=60),
)  # fmt: skip
rows = st.lists(samples, min_size=1, max_size=30)


def timed(row: list[Timed], start: int = 0) -> list[Timed]:
    done = []
    for number, sample in enumerate(row):
        done.append(sample._replace(dts=start, key=sample.key or number == 0))
        start += sample.duration
    return done


@given(rows, rows, st.integers(0, 4_102_444_800_000), st.integers(0, 2**40))
def test_a_fragment_reads_back_as_the_samples_it_was_made_of(
    video: list[Timed], sound: list[Timed], wall_ms: int, start: int
) -> None:
    written = {1: timed(video, start), 2: timed(sound)}
    data = mux.fragment(7, wall_ms, [(VIDEO, written[1]), (SOUND, written[2])])
    (fragment,) = fmp4.fragments(data)
    assert (fragment.start, fragment.end, fragment.wall_ms) == (0, len(data), wall_ms)
    for track_id, row in written.items():
        read = fragment.samples[track_id]
        assert [data[s.offset : s.offset + s.size] for s in read] == [s.data for s in row]
        assert [(s.dts, s.pts, s.duration, s.key) for s in read] == [
            (s.dts, s.dts + s.composition, s.duration, s.key) for s in row
        ]


@given(st.lists(rows, min_size=1, max_size=5))
def test_the_fact_counts_every_byte_and_points_at_every_key_frame(groups: list[list[Timed]]) -> None:
    draft, data, start = Draft("cam1", NOW, "r", FOOTAGE), FOOTAGE.init, 0
    keys, frames = [], 0
    for number, row in enumerate(groups):
        made = timed(row, start)
        fragment = mux.fragment(number + 1, NOW + start // 90, [(VIDEO, made)])
        draft.add(fragment)
        data += fragment
        keys += [sample.data for sample in made if sample.key]
        frames += len(made)
        start = made[-1].dts + made[-1].duration
    fact = draft.fact(NOW + 10**9, NOW)
    assert [data[k.byte_offset : k.byte_offset + k.size_bytes] for k in fact.keyframes] == keys
    assert (fact.size_bytes, fact.frames, fact.init_len) == (len(data), frames, len(FOOTAGE.init))
    coded = sum(len(sample.data) for row in groups for sample in row)
    assert sum(fact.gop_bytes) == coded - sum(map(len, keys))
    assert len(fact.gop_bytes) == len(fact.keyframes)


@given(rows, rows, st.data())
def test_what_a_crash_leaves_is_used_up_to_its_last_whole_fragment(
    first: list[Timed], second: list[Timed], data: st.DataObject
) -> None:
    one = mux.fragment(1, NOW, [(VIDEO, timed(first))])
    two = mux.fragment(2, NOW + 1000, [(VIDEO, timed(second, 90_000_000))])
    torn = data.draw(st.integers(0, len(two) - 1))
    whole = FOOTAGE.init + one
    assert fmp4.whole_part(whole + two[:torn]) == len(whole)


def test_rubbish_is_refused_and_never_crashes() -> None:
    for rubbish in (b"", b"\0" * 9, b"\0\0\0\x08mdat", b"\xff" * 64, box(b"moov", box(b"trak", b"x"))):
        try:
            fmp4.read(rubbish)
        except BadMovie:
            continue
        raise AssertionError(f"{rubbish!r} was accepted")
    assert salvage(b"\0" * 40, "cam1", NOW) is None
