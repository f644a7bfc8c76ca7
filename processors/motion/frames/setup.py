"""What a decoder has to know before the first picture, from the init section of a segment. Pure."""

from collections.abc import Iterator
from typing import NamedTuple

from processors.motion.frames.boxes import Box, fields, inside, walk, within
from processors.motion.frames.limits import Unreadable

_CONFIGS = frozenset((b"avcC", b"hvcC", b"av1C"))
"""Boxes whose content libav takes as it stands."""
_ENTRY_FIELDS = 78
_LONG_TIMES = 1
_DECODER_SPECIFIC, _DECODER_CONFIG, _ELEMENTARY_STREAM = 5, 4, 3


class Setup(NamedTuple):
    """The video track."""

    track: int
    scale: int
    """Ticks in a second."""
    extradata: bytes
    """As libav wants it; empty where the codec has none."""


def read(init: bytes) -> Setup:
    """The video track of an init section (ftyp+moov). Raises Unreadable."""
    moov = next((box for box in walk(init, 0, len(init)) if box.kind == b"moov"), None)
    if moov is None:
        raise Unreadable("the object does not begin with a description of its format")
    for trak in within(init, moov):
        if trak.kind == b"trak" and _handler(init, trak) == b"vide":
            return _track(init, trak)
    raise Unreadable("the object holds no video")


def _handler(init: bytes, trak: Box) -> bytes:
    hdlr = inside(init, trak, b"mdia", b"hdlr")
    return init[hdlr.body + 8 : hdlr.body + 12]


def _track(init: bytes, trak: Box) -> Setup:
    tkhd, mdhd = inside(init, trak, b"tkhd"), inside(init, trak, b"mdia", b"mdhd")
    (track,) = fields(">I", init, tkhd.body + _times(init, tkhd), tkhd.end)
    (scale,) = fields(">I", init, mdhd.body + _times(init, mdhd), mdhd.end)
    stsd = inside(init, trak, b"mdia", b"minf", b"stbl", b"stsd")
    entry = next(within(init, stsd, 8), None)
    if entry is None or not scale:
        raise Unreadable("the description of its video is empty")
    return Setup(track, scale, _extradata(init, entry))


def _times(init: bytes, box: Box) -> int:
    """Bytes before the field that follows two times."""
    (version,) = fields(">B", init, box.body, box.end)
    return 20 if version == _LONG_TIMES else 12


def _extradata(init: bytes, entry: Box) -> bytes:
    for box in within(init, entry, _ENTRY_FIELDS):
        if box.kind in _CONFIGS:
            return init[box.body : box.end]
        if box.kind == b"esds":
            return dict(_descriptors(init[box.body + 4 : box.end])).get(_DECODER_SPECIFIC, b"")
    return b""


def _descriptors(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(tag, content) of the descriptors (ISO 14496-1, 7.2.6) in ``data``; those around others are entered."""
    own = {_ELEMENTARY_STREAM: 3, _DECODER_CONFIG: 13}
    at = 0
    while at < len(data) - 1:
        tag, size, at = data[at], 0, at + 1
        more = True
        while more and at < len(data):
            more, size, at = data[at] > 127, (size << 7 | data[at] & 127) & 0xFFFFFFF, at + 1
        yield tag, data[at : at + size]
        at += own.get(tag, size)
