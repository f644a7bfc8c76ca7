"""Who goes first (rules 5.1-5.5): the rank of every segment of a camera, and what outlives its time. Pure."""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from processors.retention.rules.footage import Flags, Rows
from processors.retention.rules.ranges import Ranges, covered

LOCKED, BEYOND, HELD, WITHIN, HELD_WITHIN = 0, 1, 2, 3, 4
"""A lock keeps it: never. Unprotected beyond depth: first. Protected beyond depth. Unprotected within depth: from here
on people must act. Protected within depth: last."""


class Policy(Struct, frozen=True, array_like=True):
    """How the footage of one camera is kept. Where nobody said: the defaults of ``MediaConfigured``."""

    depth_ms: int = 21_600_000
    keep_ms: int | None = None
    quota_bytes: int | None = None


def ranked(rows: Rows, ranges: Ranges, depth_ms: int, clock_ms: int) -> NDArray[np.int8]:
    """The rank of each row when ``clock_ms`` has elapsed."""
    is_held, is_locked = covered(rows, ranges)
    is_within = rows["stored_ms"] + depth_ms > clock_ms
    ranks = BEYOND + is_held + 2 * is_within
    return np.where(is_locked, LOCKED, ranks).astype(np.int8)


def outlived(rows: Rows, ranges: Ranges, policy: Policy, clock_ms: int) -> Flags:
    """For each row: whether it was protected, but for longer than ``keep`` allows and by no lock."""
    is_held, is_locked = covered(rows, ranges)
    if policy.keep_ms is None:
        return np.zeros(len(rows), np.bool_)
    found: Flags = is_held & ~is_locked & (rows["stored_ms"] + policy.depth_ms + policy.keep_ms <= clock_ms)
    return found
