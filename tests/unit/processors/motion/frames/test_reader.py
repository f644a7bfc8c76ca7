"""Pictures of one segment."""

from dataclasses import replace
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest

from infra.objects import ObjectMissing
from processors.motion.frames.reader import HEIGHT, WIDTH, Limits, Reader, Unreadable
from tests.footage import Footage, Shape, record
from tests.integration.clips import make
from tests.motion_bytes import MemoryBytes
from tests.motion_footage import ingested


@pytest.fixture(scope="module", params=["libx264", "libx265"])
def recorded(request: pytest.FixtureRequest) -> list[Footage]:
    return record(Shape(codec=request.param, seconds=4, gop=25, width=640, height=360))


def numbers(luma: np.ndarray) -> int:
    """The number that the picture tells, as tests.footage wrote it."""
    blocks = luma[HEIGHT // 4, WIDTH // 32 :: WIDTH // 16]
    return sum(1 << bit for bit, block in enumerate(blocks[:16]) if block > 128)


def test_key_pictures_are_the_key_frames_and_little_else_is_read(recorded: list[Footage]) -> None:
    for part, footage in enumerate(recorded):
        reader = Reader(footage.fact, MemoryBytes.of(footage))
        found = reader.key_pictures()
        assert [one.at_ms for one in found] == [key.at_ms for key in footage.fact.keyframes]
        assert [numbers(one.luma) for one in found] == [part * 50, part * 50 + 25]
        assert all(one.luma.shape == (HEIGHT, WIDTH) and one.luma.dtype == np.uint8 for one in found)
        keys = sum(key.size_bytes for key in footage.fact.keyframes)
        assert reader.bytes_read == footage.fact.init_len + keys


def test_every_frame_of_a_group_is_handed_out_at_its_time(recorded: list[Footage]) -> None:
    footage = recorded[1]
    reader = Reader(footage.fact, MemoryBytes.of(footage))
    found = list(reader.pictures(1, 1, step_ms=0))
    begin = footage.fact.keyframes[1].at_ms
    assert [one.at_ms - begin for one in found] == [number * 40 for number in range(25)]
    assert [numbers(one.luma) for one in found] == list(range(75, 100))
    assert [one.at_ms - begin for one in reader.pictures(1, 1, step_ms=200)] == [0, 200, 400, 600, 800]


def test_b_frames_come_in_the_order_in_which_they_are_shown() -> None:
    for footage in record(replace(Shape(), b_frames=2, seconds=4)):
        found = list(Reader(footage.fact, MemoryBytes.of(footage)).pictures(0, 1, step_ms=0))
        assert [numbers(one.luma) for one in found] == list(range(numbers(found[0].luma), numbers(found[0].luma) + 50))
        assert [one.at_ms for one in found] == [footage.fact.start_ms + number * 40 for number in range(50)]


def test_a_jpeg_shows_the_moment_that_was_asked_for(recorded: list[Footage]) -> None:
    footage = recorded[0]
    for at_ms, number in ((0, 0), (39, 0), (400, 10), (1000, 25), (1039, 25), (1999, 49), (99_999, 49), (-5, 0)):
        made = Reader(footage.fact, MemoryBytes.of(footage)).jpeg(footage.fact.start_ms + at_ms, 320)
        picture = cv2.imdecode(np.frombuffer(made, np.uint8), cv2.IMREAD_GRAYSCALE)
        assert picture.shape == (HEIGHT, WIDTH)
        assert numbers(picture) == number


def test_a_missing_object_is_not_unreadable_but_missing() -> None:
    footage = record(Shape(seconds=2))[0]
    with pytest.raises(ObjectMissing):
        Reader(footage.fact, MemoryBytes({})).key_pictures()


def test_pictures_are_as_far_apart_as_frames_of_a_varying_rate_allow(tmp_path: Path) -> None:
    times = [*range(0, 1000, 40), 1300, 1700, 1720, 1740, 1760, 2900, *range(3000, 4000, 100)]
    footage = ingested(make(tmp_path / "a.mp4", times_ms=times, gop=100))[0]
    found = [one.at_ms - footage.fact.start_ms for one in Reader(footage.fact, MemoryBytes.of(footage)).pictures(0, 0)]
    assert found == [0, 200, 400, 600, 800, 1300, 1700, 2900, 3100, 3300, 3500, 3700, 3900]


def test_groups_of_a_recorded_segment_are_found_through_its_sound(tmp_path: Path) -> None:
    footage = ingested(make(tmp_path / "a.mp4", seconds=4, bframes=2, sound="aac"))[0]
    whole = list(Reader(footage.fact, MemoryBytes.of(footage)).pictures(0, 3, step_ms=0))
    for group in range(4):
        reader = Reader(footage.fact, MemoryBytes.of(footage))
        alone = list(reader.pictures(group, group, step_ms=0))
        assert [one.at_ms for one in alone] == [one.at_ms for one in whole[group * 25 : group * 25 + 25]]
        assert all((a.luma == b.luma).all() for a, b in zip(alone, whole[group * 25 :], strict=False))
        assert reader.bytes_read < footage.fact.size_bytes / 2


def test_where_every_frame_is_a_key_frame_about_one_a_second_is_looked_at(tmp_path: Path) -> None:
    footage = ingested(make(tmp_path / "a.mp4", seconds=4, codec="mjpeg", fps=10))[0]
    reader = Reader(footage.fact, MemoryBytes.of(footage))
    assert len(footage.fact.keyframes) == 40
    assert [one.at_ms - footage.fact.start_ms for one in reader.key_pictures()] == [0, 900, 1800, 2700, 3600]
    assert [one.at_ms - footage.fact.start_ms for one in reader.pictures(3, 9)] == [300, 500, 700, 900]
    assert reader.jpeg(footage.fact.start_ms + 555, 160).startswith(b"\xff\xd8")


def test_a_damaged_key_frame_is_the_same_picture_whatever_was_seen_before(tmp_path: Path) -> None:
    footage = ingested(make(tmp_path / "a.mp4", seconds=3))[0]
    data = bytearray(footage.data)
    key = footage.fact.keyframes[2]
    middle = key.byte_offset + key.size_bytes // 2
    data[middle : middle + 40] = bytes(40)
    torn = Footage(footage.fact, bytes(data))
    (alone,) = Reader(torn.fact, MemoryBytes.of(torn)).key_pictures([2])
    after_others = Reader(torn.fact, MemoryBytes.of(torn)).key_pictures()[2]
    assert (alone.luma == after_others.luma).all()


def test_a_damaged_frame_is_missing_and_those_before_it_are_not(tmp_path: Path) -> None:
    footage = ingested(make(tmp_path / "a.mp4", seconds=2))[0]
    torn = bytearray(footage.data)
    key = footage.fact.keyframes[1]
    start = key.byte_offset + key.size_bytes + footage.fact.gop_bytes[1] // 2
    torn[start : start + footage.fact.gop_bytes[1] // 2] = bytes(footage.fact.gop_bytes[1] // 2)
    found = list(Reader(footage.fact, MemoryBytes({footage.fact.object_key: bytes(torn)})).pictures(1, 1, step_ms=0))
    assert 10 <= len(found) <= 25
    whole = list(Reader(footage.fact, MemoryBytes.of(footage)).pictures(1, 1, step_ms=0))
    assert all((a.luma == b.luma).all() for a, b in zip(found[:8], whole, strict=False))


def test_of_pictures_too_large_for_whole_groups_key_frames_alone_are_looked_at(tmp_path: Path) -> None:
    footage = ingested(make(tmp_path / "a.mp4", seconds=3))[0]
    reader = Reader(footage.fact, MemoryBytes.of(footage), Limits(run_pixels=320 * 180 - 1))
    assert [one.at_ms - footage.fact.start_ms for one in reader.pictures(1, 2)] == [1000, 2000]
    assert reader.jpeg(footage.fact.start_ms + 1900) == reader.jpeg(footage.fact.start_ms + 1000)


def test_every_picture_lies_inside_its_segment_whatever_the_fact_says() -> None:
    footage = record(Shape(seconds=2))[0]
    lying = msgspec.structs.replace(footage.fact, end_ms=footage.fact.start_ms + 300)
    reader = Reader(lying, MemoryBytes.of(footage))
    moments = [one.at_ms for one in (*reader.key_pictures(), *reader.pictures(0, 1, step_ms=0))]
    assert max(moments) == lying.end_ms - 1


def test_a_segment_cut_short_is_unreadable() -> None:
    footage = record(Shape(seconds=2))[0]
    for keep in (0, 20, footage.fact.init_len, footage.fact.keyframes[1].byte_offset + 3):
        with pytest.raises(Unreadable):
            Reader(footage.fact, MemoryBytes({footage.fact.object_key: footage.data[:keep]})).key_pictures()
