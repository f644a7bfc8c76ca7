"""What is stored and would go, stretch by stretch, and what would go after that. Pure."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from processors.retention.rules.footage import Ints
from processors.retention.rules.order import WITHIN
from processors.retention.what_if.cells import Cells
from processors.retention.what_if.pieces import Floats, totals
from processors.retention.what_if.told import WHOLE
from schemas.what_if import HOUR_MS, Going, GoingReason, Hours, KeepPolicy

_REASONS: tuple[GoingReason, ...] = ("depth", "keep", "quota", "room")
_HOURS_MOST = 1 << 24
"""More hours than there are from 1970 to 2299."""
GONE = np.dtype([("camera", "<i8"), ("reason", "<i8"), ("start_ms", "<i8"), ("end_ms", "<i8"), ("size_bytes", "<f8")])


class Judgement:
    """The hours of a history beside what depth and keep, then quotas, then room leave of each."""

    def __init__(self, policies: Sequence[KeepPolicy], hours: Hours, now_ms: int) -> None:
        self._policies = policies
        self._hours = hours
        self._now_ms = now_ms
        self._left: list[Floats] = []

    def note(self, cells: Cells) -> None:
        """What is left now."""
        at = np.searchsorted(_places(self._hours), _places(cells))
        self._left.append(totals(at, cells["kept_bytes"], len(self._hours)))

    def going(self, names: Sequence[str], cells: Cells, most: int) -> tuple[list[Going], int]:
        """At most so many stretches, the first to go first, and the bytes of all that goes at once."""
        gone = self._gone(cells)
        joined = _joined(gone)
        first = joined[np.lexsort((joined["start_ms"], joined["reason"]))][:most]
        told = [
            Going(
                media=names[one["camera"]], start_ms=int(one["start_ms"]), end_ms=int(one["end_ms"]),
                reason=_REASONS[one["reason"]], size_bytes=round(float(one["size_bytes"])), goes_ms=self._now_ms,
            )
            for one in first
        ]  # fmt: skip
        return told + self._later(names, cells, most - len(told)), round(float(gone["size_bytes"].sum()))

    def _gone(self, cells: Cells) -> NDArray[Any]:
        """What goes of each hour, by the reason that takes most of it."""
        hours, (policy, quota, room) = self._hours, self._left
        camera = hours["camera"]
        depth = np.array([one.depth_ms for one in self._policies], np.int64)[camera]
        keep = np.array([-1 if one.keep_ms is None else one.keep_ms for one in self._policies], np.int64)[camera]
        stored = hours["stored_bytes"].astype(np.float64)
        is_thin = hours["stored_ms"] < hours["recorded_ms"]
        is_old = (keep >= 0) & (hours["hour_ms"] + HOUR_MS <= self._now_ms - depth - keep)
        by_rule = np.maximum(0, stored - policy)
        parts = np.stack((by_rule * ~(is_thin & is_old), by_rule * (is_thin & is_old), policy - quota, quota - room))
        goes = np.maximum(0, stored - room)
        chosen = np.flatnonzero(goes > self._doubt(cells))
        gone = np.zeros(len(chosen), GONE)
        gone["camera"], gone["reason"] = camera[chosen], np.argmax(parts[:, chosen], axis=0)
        gone["start_ms"] = np.maximum(hours["hour_ms"], hours["first_stored_ms"])[chosen]
        edge = np.where(gone["reason"] == 0, (self._now_ms - depth)[chosen], hours["hour_ms"][chosen] + HOUR_MS)
        gone["end_ms"] = np.maximum(gone["start_ms"] + 1, np.minimum(hours["hour_ms"][chosen] + HOUR_MS, edge))
        gone["size_bytes"] = goes[chosen]
        return gone

    def _doubt(self, cells: Cells) -> Floats:
        """How far off the estimate may be: a segment at each border of what is kept in the hour."""
        at = np.searchsorted(_places(self._hours), _places(cells))
        borders = totals(at, 2 * cells["pieces"], len(self._hours))
        segment = self._hours["size_bytes"] / np.maximum(self._hours["segments"], 1)
        found: Floats = np.maximum(segment * borders, WHOLE)
        return found

    def _later(self, names: Sequence[str], cells: Cells, most: int) -> list[Going]:
        """The oldest unprotected footage of each camera that is younger than depth: it goes once it is older."""
        waits = cells[(cells["rank"] == WITHIN) & (cells["kept_bytes"] > WHOLE)]
        depth = np.array([one.depth_ms for one in self._policies], np.int64)
        goes_ms = np.maximum(self._now_ms + 1, waits["start_ms"] + depth[waits["camera"]])
        order = np.lexsort((waits["camera"], goes_ms))
        _, oldest = np.unique(waits["camera"][order], return_index=True)
        return [
            Going(
                media=names[waits["camera"][at]], start_ms=int(waits["start_ms"][at]), end_ms=int(waits["end_ms"][at]),
                reason="depth", size_bytes=round(float(waits["kept_bytes"][at])), goes_ms=int(goes_ms[at]),
            )
            for at in order[np.sort(oldest)][: max(0, most)]
        ]  # fmt: skip


def in_turn(going: Sequence[Going]) -> list[Going]:
    """The first to go first: at once by reason and age, then by when."""
    return sorted(
        going,
        key=lambda one: (one.goes_ms, _REASONS.index(one.reason), one.start_ms, one.media),
    )


def _places(found: NDArray[Any]) -> Ints:
    """Camera and hour as one number, in the order of both."""
    places: Ints = found["camera"] * _HOURS_MOST + found["hour_ms"] // HOUR_MS
    return places


def _joined(gone: NDArray[Any]) -> NDArray[Any]:
    """Hours that follow each other and go for the same reason, as one stretch."""
    follows = (
        (np.diff(gone["camera"], prepend=-1) == 0)
        & (np.diff(gone["reason"], prepend=-1) == 0)
        & (gone["start_ms"] // HOUR_MS - np.roll(gone["start_ms"], 1) // HOUR_MS <= 1)
    )
    first = np.flatnonzero(~follows)
    joined = gone[first].copy()
    if len(first):
        joined["size_bytes"] = np.add.reduceat(gone["size_bytes"], first)
        joined["end_ms"] = gone["end_ms"][np.append(first[1:], len(gone)) - 1]
    return joined
