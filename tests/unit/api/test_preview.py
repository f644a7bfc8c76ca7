"""``preview.jpg``: the nearest key frame, read by its byte range."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra import frames
from tests.footage import Shape, record
from tests.unit.api.client import World

START = Shape().start_ms
DATA = record(Shape(seconds=1))


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


def test_a_picture_larger_than_any_camera_makes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    fact, data = record(Shape())[0]
    key = data[fact.keyframes[0].byte_offset :][: fact.keyframes[0].size_bytes]
    assert frames.decode(data[: fact.init_len], key).width == 320
    monkeypatch.setattr(frames, "MAX_PIXELS", 320 * 180 - 1)
    with pytest.raises(frames.Unreadable):
        frames.decode(data[: fact.init_len], key)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, DATA[0].fact.init_len - 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_a_damaged_header_makes_a_picture_or_is_refused(damage: list[tuple[int, int]]) -> None:
    fact, data = DATA[0]
    init = bytearray(data[: fact.init_len])
    for at, value in damage:
        init[at] = value
    key = data[fact.keyframes[0].byte_offset :][: fact.keyframes[0].size_bytes]
    try:
        content = frames.jpeg(bytes(init), key, 160)
    except frames.Unreadable:
        return
    assert content[:2] == b"\xff\xd8"


def test_bytes_that_are_no_picture_are_refused() -> None:
    footage = record(Shape())
    init = footage[0].data[: footage[0].fact.init_len]
    for damage in (b"", b"\0" * 100, b"\xff" * 5000):
        with pytest.raises(frames.Unreadable):
            frames.decode(init, damage)
