"""JPEGs as cameras make them, and as nobody should."""

import base64

import cv2
import numpy as np


def jpeg(width_px: int = 160, height_px: int = 120, is_progressive: bool = False) -> bytes:
    """A picture with something in it, its colours as fine as its light."""
    coarse = np.random.default_rng(7).integers(0, 255, (height_px // 40 + 2, width_px // 40 + 2, 3), dtype=np.uint8)
    pixels = cv2.resize(coarse, (width_px, height_px))
    how = [cv2.IMWRITE_JPEG_PROGRESSIVE, int(is_progressive), cv2.IMWRITE_JPEG_SAMPLING_FACTOR, 0x111111]
    done, encoded = cv2.imencode(".jpg", pixels, how)
    assert done
    return bytes(encoded.tobytes())


def tiny() -> bytes:
    """A grey square in 631 bytes."""
    done, encoded = cv2.imencode(".jpg", np.full((8, 8, 3), 90, np.uint8))
    assert done
    return bytes(encoded.tobytes())


def resized(data: bytes, width_px: int, height_px: int) -> bytes:
    """The same bytes with another size stated in the frame header."""
    at = max(data.find(b"\xff\xc0"), data.find(b"\xff\xc2"))
    return data[: at + 5] + height_px.to_bytes(2, "big") + width_px.to_bytes(2, "big") + data[at + 9 :]


def scanned(data: bytes, times: int) -> bytes:
    """The same picture with its last scan told so many times more."""
    at = data.rfind(b"\xff\xda")
    return data[:-2] + data[at:-2] * times + b"\xff\xd9"


def text(data: bytes) -> str:
    """As publishers write it."""
    return base64.b64encode(data).decode()
