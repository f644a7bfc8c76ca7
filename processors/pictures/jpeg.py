"""Is this a JPEG that may be shown to a decoder? Pure: reads markers only, never allocates for what they claim."""

import binascii
import re
from typing import NamedTuple

MAX_SCANS = 64
"""A progressive picture has about ten; each is a pass over the whole picture."""
_MAX_PASSES = 16
"""Most passes over a picture of the largest size; a smaller picture may have more."""
_MAX_SEGMENTS = 2000
_BLOCK_PX = 64

_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_HUFFMAN = frozenset((0xC0, 0xC1, 0xC2))
"""Baseline, extended and progressive: what browsers show, and what takes at least a bit for every block."""
_OTHER_FRAMES = frozenset(range(0xC3, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset((0x01, *range(0xD0, 0xD8)))
_NEXT_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")
"""Inside a scan: a byte 255 that is neither stuffed nor a restart."""


class BadPicture(ValueError):
    """The picture is not kept; the message says why."""


class _Frame(NamedTuple):
    width_px: int
    height_px: int

    @property
    def pixels(self) -> int:
        return self.width_px * self.height_px


def from_base64(text: str, most_bytes: int) -> bytes:
    """The bytes in base64, as publishers write it: perhaps a data URL, with white space, without padding.

    Raises BadPicture.
    """
    if text[:5].lower() == "data:":
        text = text.partition(",")[2]
    text = "".join(text.split()).rstrip("=").translate({ord("-"): "+", ord("_"): "/"})
    if len(text) * 3 // 4 > most_bytes:
        raise BadPicture(f"it has {len(text) * 3 // 4} bytes; at most {most_bytes} are kept")
    try:
        return binascii.a2b_base64(text + "=" * (-len(text) % 4), strict_mode=True)
    except ValueError:  # binascii.Error among them
        raise BadPicture("it is not base64") from None


def checked(data: bytes, most_pixels: int) -> bytes:
    """The JPEG itself, up to its end marker. Raises BadPicture unless a decoder will find it cheap.

    Refused: a size beyond ``most_pixels``, fewer bits than the size has blocks, more passes than a picture needs.
    """
    if data[:3] != b"\xff\xd8\xff":
        raise BadPicture("it is not a JPEG")
    frame: _Frame | None = None
    at, scans = 2, 0
    for _ in range(_MAX_SEGMENTS):
        marker, at = _marker(data, at)
        if marker in _ALONE:
            continue
        if marker == _EOI and scans:
            return data[:at]
        if marker in (_SOI, _EOI):
            raise BadPicture("it is not a JPEG: it ends before its picture begins")
        end = at + _length(data, at)
        if marker in _HUFFMAN:
            frame = _frame(data, at, frame, most_pixels)
        elif marker in _OTHER_FRAMES:
            raise BadPicture("it is a JPEG of a kind that browsers do not show")
        elif marker == _SOS:
            scans += 1
            _count(scans, frame, most_pixels)
            end = _after_scan(data, end)
        at = end
    raise BadPicture("it is not a JPEG: it has more parts than a picture can have")


def _marker(data: bytes, at: int) -> tuple[int, int]:
    """The marker that stands here, and where what follows it begins. Any number of bytes 255 may stand before it."""
    found = at
    while data[found : found + 1] == b"\xff":
        found += 1
    if found >= len(data):
        raise BadPicture("it ends before its end marker")
    if found == at:
        raise BadPicture("it is not a JPEG: no marker where one belongs")
    return data[found], found + 1


def _length(data: bytes, at: int) -> int:
    length = int.from_bytes(data[at : at + 2], "big")
    if length < 2 or at + length > len(data):
        raise BadPicture("it ends before its end marker")
    return length


def _frame(data: bytes, at: int, earlier: _Frame | None, most_pixels: int) -> _Frame:
    """The size that the frame header states, when it can be true."""
    height_px, width_px = (int.from_bytes(data[at + n : at + n + 2], "big") for n in (3, 5))
    frame = _Frame(width_px, height_px)
    if earlier is not None or _length(data, at) < 11:
        raise BadPicture("it is not a JPEG: its size is not stated once")
    if not 0 < frame.pixels <= most_pixels:
        raise BadPicture(f"it is {width_px} x {height_px} pixels; 1 to {most_pixels} are kept")
    if len(data) * 8 < frame.pixels // _BLOCK_PX:
        raise BadPicture(f"its size is forged: {len(data)} bytes cannot hold {width_px} x {height_px} pixels")
    return frame


def _count(scans: int, frame: _Frame | None, most_pixels: int) -> None:
    if frame is None:
        raise BadPicture("it is not a JPEG: its picture begins before its size is stated")
    if scans > MAX_SCANS or scans * frame.pixels > _MAX_PASSES * most_pixels:
        raise BadPicture(f"it passes over its picture more than {scans - 1} times")


def _after_scan(data: bytes, at: int) -> int:
    """Where the marker after the scan begins."""
    found = _NEXT_MARKER.search(data, at)
    if found is None:
        raise BadPicture("it ends before its end marker")
    return found.start()
