"""Boxes of ISO base media files (ISO/IEC 14496-12): walk them, find one, build one."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

Bytes = bytes | bytearray | memoryview


class Broken(Exception):
    """The bytes are not the MP4 we wrote; the message says where."""


class Box(NamedTuple):
    """Where a box stands: its body is ``[body, end)``."""

    kind: bytes
    start: int
    body: int
    end: int


def walk(data: Bytes, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """The boxes side by side in ``data[start:end]``. Raises Broken where a size leads out of it."""
    end = len(data) if end is None else end
    while start < end:
        if end - start < 8:
            raise Broken(f"a box header is cut off at byte {start}")
        size, kind = struct.unpack_from(">I4s", data, start)
        body = start + 8
        if size == 1 and end - body >= 8:
            (size,) = struct.unpack_from(">Q", data, body)
            body += 8
        elif size == 0:
            size = end - start
        if size < body - start or start + size > end:
            raise Broken(f"box {kind!r} at byte {start} claims {size} bytes")
        yield Box(kind, start, body, start + size)
        start += size


def children(data: Bytes, parent: Box, kind: bytes, skip: int = 0) -> Iterator[Box]:
    """The boxes of one kind inside ``parent``, whose own fields take ``skip`` bytes."""
    return (box for box in walk(data, parent.body + skip, parent.end) if box.kind == kind)


def find(data: Bytes, *path: bytes) -> Box:
    """The first box at ``path`` from the top. Raises Broken when there is none."""
    box = Box(b"", 0, 0, len(data))
    for kind in path:
        found = next(children(data, box, kind), None)
        if found is None:
            raise Broken(f"there is no box {b'/'.join(path).decode(errors='replace')}")
        box = found
    return box


def build(kind: bytes, *parts: Bytes) -> bytes:
    """One box around ``parts``."""
    body = b"".join(parts)
    if len(body) + 8 >= 1 << 32:
        return struct.pack(">I4sQ", 1, kind, len(body) + 16) + body
    return struct.pack(">I4s", len(body) + 8, kind) + body


def full(kind: bytes, version: int, flags: int, *parts: Bytes) -> bytes:
    """One full box: with version and flags."""
    return build(kind, struct.pack(">I", version << 24 | flags), *parts)


def read(data: Bytes, form: str, at: int) -> tuple[int, ...]:
    """``struct.unpack_from`` that raises Broken at the end of the data."""
    try:
        found: tuple[int, ...] = struct.unpack_from(form, data, at)
    except struct.error:
        raise Broken(f"the data ends inside a box, at byte {at}") from None
    return found
