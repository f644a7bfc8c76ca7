"""What is kept, told by camera. Pure."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from processors.retention.rules.footage import NEVER, Flags, Ints
from processors.retention.rules.order import LOCKED
from processors.retention.what_if.cells import Cells
from processors.retention.what_if.pieces import totals
from schemas.what_if import CameraKept, Hours, KeepPolicy, share_since

WHOLE = 0.5
"""Bytes: less than this is rounding."""


def cameras_of(
    names: Sequence[str], policies: Sequence[KeepPolicy], hours: Hours, cells: Cells, now_ms: int
) -> list[CameraKept]:
    """One answer for each camera, by name."""
    kept = cells[cells["kept_bytes"] > WHOLE]
    oldest, protected = _oldest(kept, len(names)), _oldest(kept[kept["is_held"]], len(names))
    within, beyond, locked = (
        _sums(kept["camera"][chosen], kept["kept_bytes"][chosen], len(names))
        for chosen in (kept["is_within"], ~kept["is_within"], kept["rank"] == LOCKED)
    )
    plain = _sums(hours["camera"], hours["size_bytes"] * share_since(hours, oldest[hours["camera"]]), len(names))
    stored = _sums(hours["camera"], hours["stored_bytes"], len(names))
    whole_from = np.where(oldest < NEVER, _whole_from(policies, hours, cells, now_ms), now_ms)
    found = [
        CameraKept(
            media=name, policy=policies[at], stored_bytes=stored[at], kept_bytes=within[at] + beyond[at],
            continuous_bytes=within[at], protected_bytes=beyond[at], locked_bytes=locked[at], plain_bytes=plain[at],
            continuous_ms=max(0, now_ms - int(whole_from[at])), oldest_ms=_moment(oldest[at]),
            oldest_protected_ms=_moment(protected[at]),
        )
        for at, name in enumerate(names)
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.media)


def kept_from(cells: Cells) -> Ints:
    """Where what is kept of each cell begins: the oldest of it goes first."""
    gone = 1 - cells["kept_bytes"] / np.maximum(cells["size_bytes"], WHOLE)
    found: Ints = cells["start_ms"] + (gone * (cells["end_ms"] - cells["start_ms"])).astype(np.int64)
    return found


def _oldest(kept: Cells, cameras: int) -> Ints:
    found = np.full(cameras, NEVER, np.int64)
    np.minimum.at(found, kept["camera"], kept_from(kept))
    return found


def _whole_from(policies: Sequence[KeepPolicy], hours: Hours, cells: Cells, now_ms: int) -> Ints:
    """From where on each camera has everything that was recorded."""
    found = now_ms - np.array([min(one.depth_ms, now_ms) for one in policies], np.int64)
    first = np.full(len(policies), now_ms, np.int64)
    np.minimum.at(first, hours["camera"], hours["first_ms"])
    found = np.minimum(np.maximum(found, first), now_ms)
    is_cut: Flags = cells["is_within"] & (cells["kept_bytes"] < cells["size_bytes"] - WHOLE)
    np.maximum.at(found, cells["camera"][is_cut], kept_from(cells[is_cut]))
    return found


def _sums(camera: Ints, size_bytes: NDArray[Any], cameras: int) -> list[int]:
    """Bytes of each camera."""
    whole: list[int] = np.rint(totals(camera, size_bytes, cameras)).astype(np.int64).tolist()
    return whole


def _moment(ms: Ints) -> int | None:
    return None if ms >= NEVER else int(ms)
