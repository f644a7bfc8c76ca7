"""What goes of the cells when a quota or the store asks for room, in the one order of the rules. Pure.

``rules.room.make_room`` says what goes of segments; this says the same of hours, for all cameras at once. The last hour
that must give is taken in part.
"""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from processors.retention.rules.footage import Flags, Ints
from processors.retention.rules.order import HELD, HELD_WITHIN, WITHIN
from processors.retention.what_if.cells import Cells
from processors.retention.what_if.pieces import Floats

STORED = np.dtype([("camera", "<i8"), ("hour_ms", "<i8"), ("rank", "i1"), ("kept_bytes", "<f8")])
"""What counts of a cell when room is made."""
Stored: TypeAlias = NDArray[Any]
"""Of ``STORED``, or cells."""
_STAGES = ((HELD, True), (HELD, False), (WITHIN, False), (HELD_WITHIN, False))
"""Rank, and whether only of cameras above their share."""


def evict(cells: Stored, need_bytes: float, share_bytes: float) -> None:
    """Take ``need_bytes`` out of ``kept_bytes``, as far as there is anything that may go."""
    order = np.lexsort((cells["camera"], cells["hour_ms"]))
    for rank, is_fair in _STAGES:
        if need_bytes <= 0:
            return
        turn = order[cells["rank"][order] == rank]
        most = _above_share(cells, turn, share_bytes) if is_fair else cells["kept_bytes"][turn]
        taken = _first(most, need_bytes)
        cells["kept_bytes"][turn] -= taken
        need_bytes -= float(taken.sum())


def evict_each(cells: Cells, need_bytes: Floats) -> None:
    """The same within each camera, which needs so many bytes."""
    for camera in np.flatnonzero(need_bytes > 0):
        mine = cells["camera"] == camera
        own = cells[mine]
        evict(own, float(need_bytes[camera]), 0)
        cells[mine] = own


def _above_share(cells: Stored, turn: Ints, share_bytes: float) -> Floats:
    """Of each cell in turn, what its camera may lose until it is down to its share."""
    spare = np.maximum(0, np.bincount(cells["camera"], cells["kept_bytes"]) - share_bytes)
    by_camera = turn[np.argsort(cells["camera"][turn], kind="stable")]
    size = cells["kept_bytes"][by_camera]
    before = np.cumsum(size) - size
    opens: Flags = np.diff(cells["camera"][by_camera], prepend=-1) != 0
    before -= np.maximum.accumulate(np.where(opens, before, 0))
    most = np.zeros(len(cells))
    most[by_camera] = np.clip(spare[cells["camera"][by_camera]] - before, 0, size)
    found: Floats = most[turn]
    return found


def _first(most: Floats, need_bytes: float) -> Floats:
    """As much of each, from the first on, as is needed in all."""
    before = np.cumsum(most) - most
    found: Floats = np.clip(need_bytes - before, 0, most)
    return found
