"""Boxes of MP4 (ISO 14496-12) in bytes that nobody vouches for. Pure: no size is believed, nothing is copied."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from processors.motion.frames.limits import Unreadable

_HEADER = 8
_MOST = 4096
"""Boxes side by side; ours has a dozen, and three for each group of pictures."""


class Box(NamedTuple):
    """Where a box stands; its content is ``[body, end)``."""

    kind: bytes
    start: int
    body: int
    end: int


def walk(data: bytes, start: int, end: int) -> Iterator[Box]:
    """The boxes side by side in ``data[start:end]``; the last may end beyond. Raises Unreadable for a false size."""
    for _ in range(_MOST):
        if end - start < _HEADER:
            return
        size, kind = struct.unpack_from(">I4s", data, start)
        if size < _HEADER:
            raise Unreadable(f"box {kind!r} at byte {start} says that it has {size} bytes")
        yield Box(kind, start, start + _HEADER, start + size)
        start += size
    raise Unreadable(f"more than {_MOST} boxes stand side by side")


def inside(data: bytes, parent: Box, *path: bytes) -> Box:
    """The box reached by the kinds in ``path``, the first of each. Raises Unreadable where there is none."""
    for kind in path:
        found = next((box for box in within(data, parent) if box.kind == kind), None)
        if found is None:
            raise Unreadable(f"box {parent.kind!r} holds no {kind!r}")
        parent = found
    return parent


def within(data: bytes, parent: Box, skip: int = 0) -> Iterator[Box]:
    """The boxes inside ``parent``, after ``skip`` bytes of its own fields. Raises Unreadable where one sticks out."""
    for box in walk(data, parent.body + skip, min(parent.end, len(data))):
        if box.end > parent.end or box.end > len(data):
            raise Unreadable(f"box {box.kind!r} is longer than {parent.kind!r} around it")
        yield box


def fields(form: str, data: bytes, at: int, end: int) -> tuple[int, ...]:
    """Numbers that stand at ``at``. Raises Unreadable where they reach beyond ``end``."""
    if at < 0 or at + struct.calcsize(form) > min(end, len(data)):
        raise Unreadable("a box is too short for its fields")
    found: tuple[int, ...] = struct.unpack_from(form, data, at)
    return found
