"""Time of many cameras on one axis, so that one array function does for all of them what it does for one. Pure.

Camera number n has the stretch from n x ``SPAN_MS`` on. Nothing ever recorded reaches from one into the next.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from processors.retention.rules.footage import Flags, Ints

SPAN_MS = 1 << 44
"""Longer than from 1970 to the last moment that the tables can hold (2299)."""


def distinct(places: Ints) -> Ints:
    """The places, ascending, each once. ``np.unique`` hashes them, at five times the cost."""
    ordered = np.sort(places)
    found: Ints = ordered[np.diff(ordered, prepend=-1) != 0]
    return found


class Islands(NamedTuple):
    """Disjoint stretches, ascending."""

    start: Ints
    end: Ints


def at(camera: Ints, ms: Ints) -> Ints:
    """Moments of cameras as places on the axis."""
    return camera * SPAN_MS + ms


def islands(start: Ints, end: Ints) -> Islands:
    """The stretches joined where they touch or overlap. ``start`` need not ascend within a camera."""
    order = np.argsort(start, kind="stable")
    start, reach = start[order], np.maximum.accumulate(end[order])
    opens = np.ones(len(start), np.bool_)
    opens[1:] = start[1:] > reach[:-1]
    closes = np.flatnonzero(np.append(opens[1:], True)) if len(start) else np.empty(0, np.int64)
    return Islands(start[opens], reach[closes])


def is_inside(found: Islands, places: Ints) -> Flags:
    """For each place: whether a stretch covers it."""
    inside: NDArray[np.bool_] = np.searchsorted(found.start, places, "right") > np.searchsorted(
        found.end, places, "right"
    )
    return inside
