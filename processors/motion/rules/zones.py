"""Zones as weights of cells: how much of each cell of a look's grid counts, and for whom. Pure."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.facts import MotionConfig
from schemas.motion import Point, Zone

ROWS, COLUMNS = 9, 16
"""Of a look's grid."""
_FINE = 10
"""Points per cell and direction at which a polygon is asked: a cell's weight is exact to a hundredth."""

Weights = NDArray[np.float32]
"""9 x 16, 0..1."""


class Watched(NamedTuple):
    """A part of the picture that is judged by itself."""

    name: str
    """Empty: the whole picture."""
    weights: Weights
    sensitivity: int
    min_area: float


@lru_cache(maxsize=4096)
def watched(config: MotionConfig) -> tuple[Watched, ...]:
    """What is judged: the watch zones, or the whole picture where there are none; masks taken out of each.

    A zone of which nothing is left is not judged.
    """
    free = np.ones((ROWS, COLUMNS), np.float32) - _covered([zone for zone in config.zones if zone.kind == "mask"])
    zones = [zone for zone in config.zones if zone.kind == "watch"]
    if not zones:
        return _if_any([Watched("", free, config.sensitivity, config.min_area)])
    return _if_any([_of_zone(zone, free, config) for zone in zones])


def _of_zone(zone: Zone, free: Weights, config: MotionConfig) -> Watched:
    return Watched(
        zone.name,
        np.minimum(free, _covered([zone])),
        config.sensitivity if zone.sensitivity is None else zone.sensitivity,
        config.min_area if zone.min_area is None else zone.min_area,
    )


def _if_any(found: list[Watched]) -> tuple[Watched, ...]:
    return tuple(one for one in found if one.weights.any())


def _covered(zones: Sequence[Zone]) -> Weights:
    """The share of each cell that lies in any of the zones."""
    inside = np.zeros((ROWS * _FINE, COLUMNS * _FINE), np.bool_)
    for zone in zones:
        inside |= _inside(zone.polygon)
    share: Weights = inside.reshape(ROWS, _FINE, COLUMNS, _FINE).mean(axis=(1, 3), dtype=np.float32)
    return share


def _inside(polygon: Sequence[Point]) -> NDArray[np.bool_]:
    """Which points of the fine grid lie in the polygon (even-odd rule)."""
    y = ((np.arange(ROWS * _FINE) + 0.5) / (ROWS * _FINE))[:, None]
    x = ((np.arange(COLUMNS * _FINE) + 0.5) / (COLUMNS * _FINE))[None, :]
    inside = np.zeros((ROWS * _FINE, COLUMNS * _FINE), np.bool_)
    for (x1, y1), (x2, y2) in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        if y1 != y2:
            crosses = (y1 > y) != (y2 > y)
            inside ^= crosses & (x < x1 + (y - y1) * (x2 - x1) / (y2 - y1))
    return inside
