"""A look's grid as a person reads it: which cells count, and the grid as text.

9 lines for the picture from top to bottom, two characters for each of 16 cells.
"""

import numpy as np
from numpy.typing import NDArray

from processors.motion.rules.areas import FULL, grid_of, least_energy
from processors.motion.rules.zones import watched
from schemas.motion import MotionConfig

_SHADES = ".:-=+*#%@"
"""From weak to strong, where it counts."""
LEGEND = f"{_SHADES} weak to strong; ' moved, but too little, or where nothing counts"


def counting(grid: bytes, config: MotionConfig) -> NDArray[np.bool_]:
    """Per cell (9 x 16): did so much move there that it counts, in any zone that is watched?"""
    energies = grid_of(grid)
    counts = np.zeros(energies.shape, np.bool_)
    for zone in watched(config):
        counts |= energies * zone.weights >= least_energy(zone.sensitivity)
    return counts


def framed(grid: bytes, config: MotionConfig) -> list[str]:
    """The lines, in a frame. A cell in which nothing moved is blank."""
    counts, energies = counting(grid, config), grid_of(grid)
    inside = [
        "".join(_shade(int(energy), bool(counts[row, column])) * 2 for column, energy in enumerate(line))
        for row, line in enumerate(energies)
    ]
    edge = "+" + "-" * len(inside[0]) + "+"
    return [edge, *(f"|{line}|" for line in inside), edge]


def _shade(energy: int, counts: bool) -> str:
    if not energy:
        return " "
    return _SHADES[min(len(_SHADES) - 1, energy * len(_SHADES) // FULL)] if counts else "'"
