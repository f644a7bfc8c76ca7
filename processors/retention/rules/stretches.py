"""Segments that go, as stretches: neighbours without a hole or a kept one between them. Pure."""

import numpy as np

from processors.retention.rules.footage import Flags, Rows

HOLE_MS = 1000
"""Recordings of one run fit to the millisecond, or nearly; what is further apart are two stretches."""
MOST = 1000
"""Segments of one stretch: a fact that names them stays small."""


def stretches(rows: Rows, goes: Flags) -> list[Rows]:
    """The rows that go, in maximal stretches. ``rows``: all that the camera has in this time, kept ones among them."""
    at = np.flatnonzero(goes)
    if not len(at):
        return []
    gap_ms = rows["start_ms"][at[1:]] - rows["end_ms"][at[:-1]]
    cuts = np.flatnonzero((np.diff(at) > 1) | (gap_ms > HOLE_MS)) + 1
    whole = np.split(at, cuts)
    return [rows[one[first : first + MOST]] for one in whole for first in range(0, len(one), MOST)]
