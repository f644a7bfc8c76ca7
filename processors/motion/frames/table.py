"""Which samples stand where in a stretch of an object: the tables of its fragments. Pure."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from processors.motion.frames.boxes import Box, fields, inside, walk, within
from processors.motion.frames.limits import Limits, Unreadable
from processors.motion.frames.setup import Setup

_ALL = 0xF01
"""Data offset; then duration, size, flags and composition offset of every sample."""
_MDAT_HEADER = 8
_FURTHEST = 1 << 60
"""Ticks; so that no sum leaves 64 bits."""
_MOST_MOOF = 8 << 20


class Sample(NamedTuple):
    """One encoded picture."""

    offset: int
    """From the start of the object."""
    size: int
    shown: int
    """Ticks; any origin."""
    decoded: int


def fragment_before(data: bytes, mdat_body: int) -> int | None:
    """Where the moof begins whose mdat has its content at ``mdat_body``; None: not in ``data``.

    What stands before it may be sound, so it is sought from behind, and is one only if its size leads to the mdat.
    """
    at = mdat_body - _MDAT_HEADER
    if at < 0 or data[at + 4 : mdat_body] != b"mdat":
        return None
    lowest, found = max(0, at - _MOST_MOOF), at
    while (found := data.rfind(b"moof", lowest, found)) >= 4:
        if found - 4 + int.from_bytes(data[found - 4 : found], "big") == at:
            return found - 4
    return None


def samples(data: bytes, base: int, setup: Setup, limits: Limits) -> list[Sample]:
    """The video's samples of the fragments in ``data``, which stands at ``base`` in its object, as they are decoded.

    ``data`` begins at a box and may end inside one. Raises Unreadable.
    """
    found: list[Sample] = []
    for box in walk(data, 0, len(data)):
        if box.kind == b"moof" and box.end <= len(data):
            for traf in within(data, box):
                if traf.kind == b"traf":
                    found += _of_track(data, traf, box.start + base, setup, limits.pictures - len(found))
    return found


def _of_track(data: bytes, traf: Box, moof_at: int, setup: Setup, most: int) -> Iterator[Sample]:
    tfhd = inside(data, traf, b"tfhd")
    (track,) = fields(">I", data, tfhd.body + 4, tfhd.end)
    if track != setup.track:
        return
    tfdt = inside(data, traf, b"tfdt")
    (version,) = fields(">B", data, tfdt.body, tfdt.end)
    (decoded,) = fields(">q" if version else ">I", data, tfdt.body + 4, tfdt.end)
    if not -_FURTHEST <= decoded <= _FURTHEST:
        raise Unreadable("a fragment's time is forged")
    trun = inside(data, traf, b"trun")
    word, count, offset = fields(">IIi", data, trun.body, trun.end)
    if word & 0xFFFFFF != _ALL or trun.body + 12 + 16 * count != trun.end:
        raise Unreadable("a fragment's table is not one of ours")
    if count > most:
        raise Unreadable("its fragments hold more pictures than are allowed")
    at = moof_at + offset
    for duration, size, _flags, shift in struct.iter_unpack(">IIIi", data[trun.body + 12 : trun.end]):
        yield Sample(at, size, decoded + shift, decoded)
        at, decoded = at + size, decoded + duration
