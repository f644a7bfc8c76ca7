"""Formats are read back as they were written; a broken file is a BadMovie, at once, and nothing else."""

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.segments import fmp4
from producers.segments.boxes import BadMovie
from producers.segments.draft import salvage
from tests.unit.producers.segments import footage


def test_a_format_is_read_back_from_its_own_init_section() -> None:
    for said in (footage.items(), footage.items(codec="libx265"), footage.items(sound="pcm_s16le")):
        written = said[0]
        assert fmp4.read_format(written.init + b"\0\0\0\x09torn") == written
        assert (written.video.width_px, written.video.height_px) == (96, 112)


def test_h265_is_named_as_apple_wants_it_and_sound_as_what_it_is() -> None:
    assert footage.items(codec="libx265")[0].codecs.startswith("hvc1.1.6.L")
    assert footage.items(sound="pcm_s16le")[0].codecs == f"{footage.plain_format().codecs},mp4a.40.2"


def test_a_movie_without_pictures_is_refused() -> None:
    with pytest.raises(BadMovie, match="no moov"):
        fmp4.read_format(b"")
    init = footage.plain_format().init.replace(b"trak", b"free")
    with pytest.raises(BadMovie, match="no video track"):
        fmp4.read_format(init)


@pytest.fixture(scope="module")
def movie() -> bytes:
    return footage.record(footage.MemoryArchive(), footage.items(sound="pcm_s16le")).segments[-1][1]


def read_all(data: bytes) -> None:
    """Everything that a recorder reads from bytes of unknown worth; BadMovie is the only thing it may say."""
    salvage(data, "cam", footage.START_MS)
    try:
        fmp4.read(data)
    except BadMovie:
        pass


@given(st.data())
def test_several_broken_bytes_are_a_bad_movie_and_nothing_else(movie: bytes, data: st.DataObject) -> None:
    reach = len(fmp4.read_format(movie).init) + 600
    broken = bytearray(movie)
    for at in data.draw(st.lists(st.integers(0, reach), min_size=1, max_size=6)):
        broken[at] = data.draw(st.one_of(st.integers(0, 255), st.sampled_from((0, 1, 0xFF))))
    cut = data.draw(st.one_of(st.just(len(broken)), st.integers(0, reach)))
    read_all(bytes(broken[:cut]))


@pytest.mark.parametrize("value", [0, 1, 0xFF])
def test_every_byte_of_the_head_may_break(movie: bytes, value: int) -> None:
    for at in range(len(fmp4.read_format(movie).init) + 400):
        broken = bytearray(movie)
        broken[at] = value
        read_all(bytes(broken))


@given(st.binary(max_size=200))
def test_rubbish_is_a_bad_movie_and_nothing_else(data: bytes) -> None:
    read_all(data)


def test_zeros_that_a_power_cut_leaves_cost_only_what_follows_them() -> None:
    (_, whole), *_ = footage.record(footage.MemoryArchive(), footage.items(), segment_ms=60_000).segments
    found = list(fmp4.fragments(whole))
    assert len(found) == 5
    for number, fragment in enumerate(found):
        torn = whole[: fragment.start + 60] + bytes(64) + whole[fragment.start + 124 :]
        draft = salvage(torn, "cam", footage.START_MS)
        assert (draft.frames if draft else 0) == 25 * number


def test_what_is_salvaged_is_the_whole_fragments_of_the_file() -> None:
    (fact, whole), *_ = footage.record(footage.MemoryArchive(), footage.items(), segment_ms=60_000).segments
    ends = list(accumulate((len(whole[f.start : f.end]) for f in fmp4.fragments(whole)), initial=fact.init_len))
    for cut in (ends[2], ends[2] + 1, ends[3] - 1):
        draft = salvage(whole[:cut], "cam", footage.START_MS)
        assert draft is not None
        assert (draft.size_bytes, draft.frames, draft.end_ms) == (ends[2], 50, footage.START_MS + 2000)
    assert salvage(whole[: ends[1] - 1], "cam", footage.START_MS) is None
