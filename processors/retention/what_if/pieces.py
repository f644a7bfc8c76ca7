"""Hours of footage cut where anything begins or ends that the rules ask about. Pure.

The rules are about segments, and round outward to whole ones. Where a segment begins within its hour is not known here,
so a protected stretch is half a segment longer at each end, and so is depth: what whole segments add on average.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from processors.retention.rules.footage import Flags, Ints
from processors.retention.what_if import axis
from processors.retention.what_if.axis import SPAN_MS, Islands
from schemas.what_if import Held, Hours, KeepPolicy, extents

Floats: TypeAlias = NDArray[np.float64]
PIECE = np.dtype([("start", "<i8"), ("end", "<i8"), ("hour", "<i8"), ("is_held", "?"), ("size_bytes", "<f8")])
"""A stretch of the axis in one of the hours (its number), and the bytes of its footage."""
Pieces: TypeAlias = NDArray[Any]


class Cut(NamedTuple):
    """The pieces of some cameras, and what protects them, rounded outward."""

    pieces: Pieces
    held: Islands
    locked: Islands
    half_ms: Ints
    """Of each camera: half a segment."""


def totals(numbers: Ints, values: NDArray[Any], count: int) -> Floats:
    """The sum of the values of each number below ``count``."""
    found: Floats = np.bincount(numbers, values, count).astype(np.float64, copy=False)
    return found


def cut(policies: Sequence[KeepPolicy], hours: Hours, held: Held, now_ms: int) -> Cut:
    """The hours of these cameras in pieces that the rules treat as one each."""
    half_ms = _half_segments(len(policies), hours)
    first, last = (axis.at(hours["camera"], ms) for ms in extents(hours))
    protected, locked = _rounded(held, half_ms), _rounded(held[held["is_locked"] == 1], half_ms)
    edges = _edges(policies, half_ms, now_ms)
    points = axis.distinct(np.concatenate((first, last, *protected, *locked, edges)))
    hour = np.searchsorted(first, points, "right") - 1
    is_footage = (hour >= 0) & (points < last[np.maximum(hour, 0)]) if len(hours) else np.zeros(len(points), np.bool_)
    pieces = np.zeros(int(is_footage.sum()), PIECE)
    pieces["start"], pieces["end"] = points[is_footage], np.append(points[1:], 0)[is_footage]
    pieces["hour"] = hour[is_footage]
    pieces["is_held"] = axis.is_inside(protected, pieces["start"])
    pieces["size_bytes"] = _sizes(hours, pieces)
    return Cut(pieces, protected, locked, half_ms)


def _half_segments(cameras: int, hours: Hours) -> Ints:
    """Half the mean length of each camera's segments."""
    counts = totals(hours["camera"], hours["segments"], cameras)
    lengths = totals(hours["camera"], hours["recorded_ms"], cameras)
    return (lengths / np.maximum(counts, 1) / 2).astype(np.int64)


def _rounded(held: Held, half_ms: Ints) -> Islands:
    half = half_ms[held["camera"]]
    base = held["camera"] * SPAN_MS
    start = np.maximum(base, axis.at(held["camera"], held["start_ms"]) - half)
    return axis.islands(start, np.minimum(base + SPAN_MS, axis.at(held["camera"], held["end_ms"]) + half))


def _edges(policies: Sequence[KeepPolicy], half_ms: Ints, now_ms: int) -> Ints:
    """Where depth ends for each camera, and keep."""
    depth = np.array([one.depth_ms for one in policies], np.int64)
    keep = np.array([one.depth_ms + (one.keep_ms or 0) for one in policies], np.int64)
    camera = np.arange(len(policies), dtype=np.int64)
    ages = (now_ms - np.minimum(one, now_ms) for one in (depth, keep))
    return np.concatenate([axis.at(camera, np.maximum(0, ms - half_ms)) for ms in ages])


def _sizes(hours: Hours, pieces: Pieces) -> Floats:
    """The bytes of each piece. Those of an hour are spread over its protected and its other time, each evenly."""
    length = (pieces["end"] - pieces["start"]).astype(np.float64)
    is_held: Flags = pieces["is_held"]
    held_ms = totals(pieces["hour"], length * is_held, len(hours))
    other_ms = totals(pieces["hour"], length * ~is_held, len(hours))
    held_bytes = np.where(other_ms > 0, _held_bytes(hours, held_ms), hours["size_bytes"])
    other_bytes = hours["size_bytes"] - held_bytes
    of_held = held_bytes / np.maximum(held_ms, 1)
    of_other = other_bytes / np.maximum(other_ms, 1)
    found: Floats = length * np.where(is_held, of_held[pieces["hour"]], of_other[pieces["hour"]])
    return found


def _held_bytes(hours: Hours, held_ms: Floats) -> Floats:
    """Bytes of the protected footage of each hour. Where the rest is gone already, what is left says how dense it is:
    footage in which something moves is larger than footage in which nothing does."""
    is_thinned = (hours["stored_ms"] > 0) & (hours["stored_ms"] < hours["recorded_ms"])
    told_ms = np.where(is_thinned, hours["stored_ms"], hours["recorded_ms"])
    told_bytes = np.where(is_thinned, hours["stored_bytes"], hours["size_bytes"])
    density = told_bytes / np.maximum(told_ms, 1)
    found: Floats = np.minimum(hours["size_bytes"], np.minimum(held_ms, hours["recorded_ms"]) * density)
    return found
