"""``preview.jpg``: the nearest key frame, read by its byte range."""

import cv2
import numpy as np
import pytest

from infra import frames
from tests.footage import Shape, record
from tests.unit.api.client import World

START = Shape().start_ms


def size_of(content: bytes) -> tuple[int, int]:
    picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    return picture.shape[1], picture.shape[0]


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_the_nearest_key_frame_is_answered_as_jpeg(codec: str, world: World) -> None:
    world.keep(record(Shape(codec=codec)))
    answer = world.get("media/cam/preview.jpg", at_ms=START + 3_400, width=160)
    assert answer.headers["content-type"] == "image/jpeg"
    assert size_of(answer.content) == (160, 90)
    assert answer.headers["x-at-ms"] == str(START + 3_000)


def test_a_picture_is_never_enlarged(world: World) -> None:
    world.keep(record(Shape()))
    assert size_of(world.get("media/cam/preview.jpg", at_ms=START, width=3840).content) == (320, 180)


def test_only_the_header_and_the_key_frame_are_read(world: World) -> None:
    footage = record(Shape())
    world.keep(footage)
    read: list[int] = []
    get_range = world.store.get_range
    world.store.get_range = lambda key, offset, size: (read.append(size), get_range(key, offset, size))[1]  # type: ignore[method-assign]
    world.get("media/cam/preview.jpg", at_ms=START)
    assert read == [footage[0].fact.init_len, footage[0].fact.keyframes[0].size_bytes]


def test_an_unchanged_picture_is_not_read_again(world: World) -> None:
    world.keep(record(Shape()))
    first = world.get("media/cam/preview.jpg", at_ms=START)
    world.store.down = True
    headers = {"If-None-Match": f'"other", W/{first.headers["etag"]}'}
    again = world.ask("GET", f"/api/v1/media/cam/preview.jpg?at_ms={START}", headers=headers)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


def test_nothing_recorded_is_a_404(world: World) -> None:
    assert world.get("media/cam/preview.jpg", at_ms=START).status_code == 404


def test_a_forged_size_is_refused_before_memory_is_taken(world: World) -> None:
    footage = record(Shape())
    fact = footage[0].fact
    init = bytearray(footage[0].data[: fact.init_len])
    start = fact.keyframes[0].byte_offset
    key = footage[0].data[start : start + fact.keyframes[0].size_bytes]
    at = init.index(b"avcC")
    # An SPS of 16384 x 16384 in place of ours: FFmpeg's own limit would let it through.
    sps = bytes.fromhex("6742c034da00400100400100")
    init[at + 12 : at + 12 + len(sps)] = sps
    with pytest.raises(frames.Unreadable):
        frames.decode(bytes(init), key)


def test_bytes_that_are_no_picture_are_refused() -> None:
    footage = record(Shape())
    init = footage[0].data[: footage[0].fact.init_len]
    for damage in (b"", b"\0" * 100, b"\xff" * 5000):
        with pytest.raises(frames.Unreadable):
            frames.decode(init, damage)
