"""Boxes of the MP4 family (ISO 14496-12): walked and built. Pure."""

from collections.abc import Iterator
from typing import NamedTuple

_HEADER = 8


class BadMovie(ValueError):
    """The bytes are not the boxes they should be; the message says where."""


class Box(NamedTuple):
    """One box inside a buffer: its four-character kind and where it stands."""

    kind: bytes
    start: int
    body: int
    end: int


def walk(data: bytes, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """The boxes side by side in ``data[start:end]``. Raises BadMovie for a length that does not fit."""
    limit = len(data) if end is None else end
    while start < limit:
        size, body = int.from_bytes(data[start : start + 4], "big"), start + _HEADER
        kind = data[start + 4 : body]
        if size == 1:
            size, body = int.from_bytes(data[body : body + 8], "big"), body + 8
        if len(kind) < 4 or size < body - start or start + size > limit:
            raise BadMovie(f"box {kind!r} at byte {start} says {size} bytes, {limit - start} are there")
        yield Box(kind, start, body, start + size)
        start += size


def children(data: bytes, parent: Box, skip: int = 0) -> dict[bytes, Box]:
    """The first box of each kind inside ``parent``, after ``skip`` bytes of its own fields."""
    found: dict[bytes, Box] = {}
    for inner in walk(data, parent.body + skip, parent.end):
        found.setdefault(inner.kind, inner)
    return found


def descend(data: bytes, parent: Box, *path: bytes) -> Box:
    """The box reached by following kinds from ``parent``. Raises BadMovie when one is missing."""
    for kind in path:
        inner = children(data, parent).get(kind)
        if inner is None:
            raise BadMovie(f"{parent.kind!r} at byte {parent.start} holds no {kind!r}")
        parent = inner
    return parent


def box(kind: bytes, *parts: bytes) -> bytes:
    """A box of this kind around ``parts``. At most 4 GiB."""
    size = _HEADER + sum(map(len, parts))
    return b"".join((size.to_bytes(4, "big"), kind, *parts))


def full_box(kind: bytes, version: int, flags: int, *parts: bytes) -> bytes:
    """A box that begins with a version byte and 24 bits of flags."""
    return box(kind, (version << 24 | flags).to_bytes(4, "big"), *parts)
