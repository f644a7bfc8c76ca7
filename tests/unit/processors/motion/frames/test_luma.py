"""Frames of any format and size, small and grey."""

import av
import cv2
import numpy as np
import pytest

from processors.motion.frames.luma import HEIGHT, WIDTH, small


def painted(width: int, height: int) -> np.ndarray:
    """Grey, soft, different everywhere."""
    across = np.linspace(40, 200, width)[None, :] + 30 * np.sin(np.linspace(0, 9, height))[:, None]
    return np.repeat(across.clip(20, 230).astype(np.uint8)[:, :, None], 3, axis=2)


@pytest.mark.parametrize(
    "form", ["yuv420p", "yuv422p", "yuv444p", "yuvj420p", "nv12", "gray", "yuv420p10le", "yuv422p10le", "gray10le",
             "yuv444p12le", "gbrp", "yuyv422", "rgb24", "bgra"],
)  # fmt: skip
def test_every_format_gives_the_same_brightness(form: str) -> None:
    frame = av.VideoFrame.from_ndarray(painted(640, 360), format="rgb24").reformat(format=form)
    found = small(frame).astype(int)
    grey = cv2.resize(painted(640, 360)[:, :, 0], (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA).astype(int)
    limited = 16 + grey * 219 / 255
    assert found.shape == (HEIGHT, WIDTH)
    assert min(np.abs(found - grey).max(), np.abs(found - limited).max()) <= 3


@pytest.mark.parametrize(
    ("width", "height"), [(1920, 1080), (2592, 1944), (2688, 1520), (1919, 1081), (3840, 2160), (720, 576), (352, 288)]
)
def test_halves_first_changes_nothing_that_matters(width: int, height: int) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (height, width), np.uint8)
    found = small(av.VideoFrame.from_ndarray(noise, format="gray")).astype(float)
    exact = cv2.resize(noise.astype(np.float32), (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    shares = cv2.resize(painted(width, height)[:, :, 0], (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA).astype(int)
    soft = small(av.VideoFrame.from_ndarray(painted(width, height)[:, :, 0].copy(), format="gray")).astype(int)
    assert np.abs(soft - shares).max() <= 2
    assert abs(found.mean() - exact.mean()) < 1
    assert found.std() < exact.std() * 1.15 + 1


@pytest.mark.parametrize(("width", "height"), [(1, 1), (2, 2), (16, 16), (17, 3), (5000, 2), (2, 5000)])
def test_pictures_of_odd_shapes_are_pictures(width: int, height: int) -> None:
    frame = av.VideoFrame.from_ndarray(np.full((height, width), 77, np.uint8), format="gray")
    found = small(frame)
    assert found.shape == (HEIGHT, WIDTH)
    assert np.abs(found.astype(int) - 77).max() == 0


def test_a_small_picture_is_its_own_memory() -> None:
    """A view would keep the decoder's frame alive, megabytes for each picture."""
    found = small(av.VideoFrame.from_ndarray(np.full((HEIGHT, WIDTH), 9, np.uint8), format="gray"))
    assert found.base is None or found.base.nbytes == found.nbytes
    assert found.dtype == np.uint8
