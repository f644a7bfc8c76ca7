"""Tables of fragments."""

from pathlib import Path

import pytest

from processors.motion.frames import setup, table
from processors.motion.frames.boxes import walk
from processors.motion.frames.limits import Limits, Unreadable
from producers.segments import fmp4
from tests.footage import Footage
from tests.integration.clips import make
from tests.motion_footage import ingested


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Footage:
    return ingested(make(tmp_path_factory.mktemp("clip") / "a.mp4", seconds=3, bframes=2, sound="aac"))[0]


def test_samples_stand_where_the_recorder_says(footage: Footage) -> None:
    known = setup.read(footage.data[: footage.fact.init_len])
    begin = footage.fact.init_len
    found = table.samples(footage.data[begin:], begin, known, Limits())
    movie = fmp4.read(footage.data)
    expected = [table.Sample(one.offset, one.size, one.pts, one.dts) for one in movie.video()]
    assert found == expected
    assert (known.track, known.scale) == (movie.format.video.track_id, movie.format.video.timescale)
    assert known.extradata == movie.format.video.extradata


def test_a_fragment_is_found_from_behind_through_the_sound_before_it(footage: Footage) -> None:
    moofs = [box.start for box in walk(footage.data, 0, len(footage.data)) if box.kind == b"moof"]
    for key, moof in zip(footage.fact.keyframes, moofs, strict=True):
        assert table.fragment_before(footage.data, key.byte_offset) == moof
        assert table.fragment_before(footage.data, key.byte_offset + 1) is None


def test_sound_that_looks_like_a_table_is_none() -> None:
    moof = (24).to_bytes(4, "big") + b"moof" + bytes(16)
    mdat = (99).to_bytes(4, "big") + b"mdat"
    decoy = (4000).to_bytes(4, "big") + b"moof" + bytes(40)
    assert table.fragment_before(decoy + moof + mdat, len(decoy + moof + mdat)) == len(decoy)
    assert table.fragment_before(decoy + mdat, len(decoy + mdat)) is None
    assert table.fragment_before(b"moof" + mdat, 12) is None
    assert table.fragment_before(b"", 0) is None


def test_a_table_of_too_many_pictures_is_refused(footage: Footage) -> None:
    known = setup.read(footage.data[: footage.fact.init_len])
    begin = footage.fact.init_len
    with pytest.raises(Unreadable, match="more pictures than are allowed"):
        table.samples(footage.data[begin:], begin, known, Limits(pictures=30))


def test_times_that_leave_64_bits_are_refused(footage: Footage) -> None:
    known = setup.read(footage.data[: footage.fact.init_len])
    begin = footage.fact.init_len
    data = bytearray(footage.data[begin:])
    at = data.index(b"tfdt") + 8
    data[at : at + 8] = b"\x7f" * 8
    with pytest.raises(Unreadable, match="forged"):
        table.samples(bytes(data), begin, known, Limits())


@pytest.mark.parametrize("codec", ["libx264", "libx265", "mjpeg", "mpeg4"])
def test_what_a_decoder_needs_is_what_the_recorder_read(codec: str, tmp_path: Path) -> None:
    made = ingested(make(tmp_path / "a.mp4", seconds=1, codec=codec))[0]
    known, movie = setup.read(made.data[: made.fact.init_len]), fmp4.read(made.data)
    assert known.extradata == movie.format.video.extradata
    assert bool(known.extradata) == (codec != "mjpeg")


def test_an_object_without_video_says_so() -> None:
    for init, said in ((b"", "does not begin"), (b"\0\0\0\x08moov", "no video")):
        with pytest.raises(Unreadable, match=said):
            setup.read(init)
