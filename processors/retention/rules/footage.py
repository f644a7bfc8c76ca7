"""Segments of one camera as rows: how they are packed, joined, replaced and taken out. Pure."""

import struct
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Rows: TypeAlias = NDArray[Any]
"""Of ``ROW``, ascending by ``start_ms``, each start once."""
Ints: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]
NEVER = 1 << 60
"""Later than anything."""

ROW = np.dtype(
    [("start_ms", "<i8"), ("end_ms", "<i8"), ("size_bytes", "<i8"), ("stored_ms", "<i8"), ("src_offset", "<i8")]
)
"""A segment. ``stored_ms``: what had elapsed when it was stored; its age counts from there."""
NO_ROWS: Rows = np.empty(0, ROW)
_PACKED = struct.Struct("<5q")
_TAIL = struct.Struct("<2q")


def rows_of(packed: bytes) -> Rows:
    """Rows as they were kept."""
    return np.frombuffer(packed, ROW)


def merged(older: Rows, newer: Rows) -> Rows:
    """The rows of both; of two with one start the newer stands."""
    return ascending([without(older, newer["start_ms"]), newer])


def ascending(parts: Sequence[Rows]) -> Rows:
    """The rows of all parts, none of which share a start."""
    filled = [part for part in parts if len(part)]
    if len(filled) == 1:
        return filled[0]
    both = rows_of(b"".join(part.tobytes() for part in filled))  # numpy joins structured arrays slowly
    return both[np.argsort(both["start_ms"], kind="stable")]


def without(rows: Rows, starts: Ints) -> Rows:
    """The rows but those that start so."""
    return rows[~among(rows, starts)]


def among(rows: Rows, starts: Ints) -> Flags:
    """For each row: whether its start is one of these."""
    return one_of(rows["start_ms"], starts)


def one_of(numbers: Ints, sought: Ints) -> Flags:
    """For each number: whether it is among those sought. For few of either, where ``np.isin`` is slow."""
    if not len(numbers) or not len(sought):
        return np.zeros(len(numbers), np.bool_)
    ordered = np.sort(sought)
    at = np.minimum(np.searchsorted(ordered, numbers), len(ordered) - 1)
    found: Flags = ordered[at] == numbers
    return found


def ints(packed: bytes) -> Ints:
    """Whole numbers as they were kept."""
    return np.frombuffer(packed, "<i8")


def packed(numbers: Sequence[int] | Ints) -> bytes:
    """Whole numbers to be kept."""
    return np.asarray(numbers, "<i8").tobytes()


class Tail:
    """The segments of a camera stored last, packed: the one state that storing a segment writes.

    ``until``: offset, on its topic, of the last fact about its footage that is taken; ``newest_ms``: the latest start
    it ever had.
    """

    __slots__ = ("newest_ms", "packed", "until")

    def __init__(self, until: int = -1, newest_ms: int = -1, packed: bytes = b"") -> None:
        self.until, self.newest_ms, self.packed = until, newest_ms, packed

    @classmethod
    def read(cls, value: bytes) -> "Tail":
        """A tail as it was kept."""
        until, newest_ms = _TAIL.unpack_from(value)
        return cls(until, newest_ms, value[_TAIL.size :])

    def value(self) -> bytes:
        """What is kept."""
        return _TAIL.pack(self.until, self.newest_ms) + self.packed

    def __len__(self) -> int:
        """Segments in it."""
        return len(self.packed) // _PACKED.size

    def append(self, start_ms: int, end_ms: int, size_bytes: int, stored_ms: int, src_offset: int) -> None:
        """One more, which starts later than all before."""
        self.packed += _PACKED.pack(start_ms, end_ms, size_bytes, stored_ms, src_offset)
        self.until, self.newest_ms = src_offset, start_ms


def row(start_ms: int, end_ms: int, size_bytes: int, stored_ms: int, src_offset: int) -> Rows:
    """One row."""
    return np.array([(start_ms, end_ms, size_bytes, stored_ms, src_offset)], ROW)
