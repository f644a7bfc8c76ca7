"""The protected ranges of one camera: what a fact changes in them, and which segments they keep. Pure."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from processors.retention.rules.footage import Flags, Rows

Ranges: TypeAlias = NDArray[Any]
"""Of ``RANGE``: disjoint, ascending."""

RANGE = np.dtype([("start_ms", "<i8"), ("end_ms", "<i8"), ("is_locked", "<i8")])
"""``is_locked``: 1 where a lock or an export is among its holds."""


def ranges_of(packed: bytes) -> Ranges:
    """Ranges as they were kept."""
    return np.frombuffer(packed, RANGE)


def noted(ranges: Ranges, start_ms: int, end_ms: int, *, is_kept: bool, is_locked: bool) -> Ranges:
    """The ranges once a stretch of them was told anew: kept by something, by a lock, or by nothing."""
    first = int(np.searchsorted(ranges["end_ms"], start_ms, "right"))
    after = int(np.searchsorted(ranges["start_ms"], end_ms, "left"))
    pieces = [tuple(one) for one in ranges[max(0, first - 1) : first].tolist()]  # may touch what comes now
    for start, end, locked in ranges[first:after].tolist():
        if start < start_ms:
            pieces.append((start, start_ms, locked))
        if end > end_ms:
            pieces.append((end_ms, end, locked))
    if is_kept:
        pieces.append((start_ms, end_ms, int(is_locked)))
    pieces += ranges[after : after + 1].tolist()
    whole = (ranges[: max(0, first - 1)], np.array(_joined(sorted(pieces)), RANGE), ranges[after + 1 :])
    return np.concatenate(whole)


def covered(rows: Rows, ranges: Ranges) -> tuple[Flags, Flags]:
    """For each row: whether anything protects a part of it, and whether a lock does. So ranges round outward."""
    return _touched(rows, ranges), _touched(rows, ranges[ranges["is_locked"] == 1])


def _touched(rows: Rows, ranges: Ranges) -> Flags:
    if not len(ranges):
        return np.zeros(len(rows), np.bool_)
    at = np.searchsorted(ranges["end_ms"], rows["start_ms"], "right")
    inside = at < len(ranges)
    found: Flags = inside & (ranges["start_ms"][np.where(inside, at, 0)] < rows["end_ms"])
    return found


def _joined(pieces: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Neighbours that touch and are alike as one."""
    joined: list[tuple[int, int, int]] = []
    for piece in pieces:
        if joined and joined[-1][1] == piece[0] and joined[-1][2] == piece[2]:
            joined[-1] = (joined[-1][0], piece[1], piece[2])
        else:
            joined.append(piece)
    return joined
