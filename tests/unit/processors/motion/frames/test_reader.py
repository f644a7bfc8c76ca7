"""Pictures of one segment."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from infra.objects import ObjectMissing
from processors.motion.frames.reader import HEIGHT, WIDTH, Reader, Unreadable
from tests.footage import Footage, Shape, record
from tests.motion_bytes import MemoryBytes


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


def test_a_segment_cut_short_is_unreadable() -> None:
    footage = record(Shape(seconds=2))[0]
    for keep in (0, 20, footage.fact.init_len, footage.fact.keyframes[1].byte_offset + 3):
        with pytest.raises(Unreadable):
            Reader(footage.fact, MemoryBytes({footage.fact.object_key: footage.data[:keep]})).key_pictures()
