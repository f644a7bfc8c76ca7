"""How large what moved is: the largest connected area of a grid, for many grids at once. Pure."""

import math

import numpy as np
from numpy.typing import NDArray

from processors.motion.rules.zones import COLUMNS, ROWS, Watched, Weights

CELLS = ROWS * COLUMNS
FULL = 255
"""Energy of a cell that moved as a whole."""

_AT_ONCE = 512
"""Grids that are judged together: so many fit into a core's own memory."""

Grids = NDArray[np.uint8]
"""n x 9 x 16."""


def least_area(zone: Watched) -> float:
    """The area from which on something counts, as a share of the picture: ``min_area`` at sensitivity 50, four times
    that at 0, a quarter at 100."""
    return zone.min_area * math.exp2((50 - zone.sensitivity) / 25)


def least_energy(sensitivity: int) -> float:
    """The energy from which on a cell counts."""
    return 8.0 * math.exp2((50 - sensitivity) / 25)


def areas(grids: Grids, zone: Watched) -> NDArray[np.float64]:
    """Per grid, the share of the picture that its largest connected area in the zone covers; 0: too small to count."""
    parts = [_areas(grids[at : at + _AT_ONCE], zone) for at in range(0, len(grids), _AT_ONCE)]
    return np.concatenate(parts) if parts else np.zeros(0)


def _areas(grids: Grids, zone: Watched) -> NDArray[np.float64]:
    found = np.zeros(len(grids))
    least = least_area(zone)
    rows = np.flatnonzero(grids.reshape(-1, CELLS).sum(axis=1, dtype=np.uint32) >= least * CELLS * FULL)
    energies = grids[rows] * zone.weights
    energies[energies < least_energy(zone.sensitivity)] = 0
    large = energies.sum(axis=(1, 2)) >= least * CELLS * FULL
    if large.any():
        largest = _largest(energies[large])
        found[rows[large]] = np.where(largest >= least, largest, 0.0)
    return found


def _largest(energies: NDArray[np.float32]) -> NDArray[np.float64]:
    number = len(energies)
    places = _labels(energies > 0) + (np.arange(number) * (CELLS + 1))[:, None, None]
    sums = np.bincount(places.ravel(), weights=energies.ravel(), minlength=number * (CELLS + 1))
    largest: NDArray[np.float64] = sums.reshape(number, CELLS + 1)[:, 1:].max(axis=1)
    return largest / (CELLS * FULL)


def _labels(counts: NDArray[np.bool_]) -> NDArray[np.int16]:
    """Cells that touch, also by a corner, bear one number; 0: does not count."""
    labels = np.where(counts, np.arange(1, CELLS + 1, dtype=np.int16).reshape(ROWS, COLUMNS), np.int16(0))
    while True:
        wide = np.zeros((len(labels), ROWS + 2, COLUMNS + 2), np.int16)
        wide[:, 1:-1, 1:-1] = labels
        tall = np.maximum(np.maximum(wide[:, :-2], wide[:, 1:-1]), wide[:, 2:])
        spread = np.maximum(np.maximum(tall[:, :, :-2], tall[:, :, 1:-1]), tall[:, :, 2:])
        spread[~counts] = 0
        if np.array_equal(spread, labels):
            return labels
        labels = spread


def grid_of(data: bytes) -> Grids:
    """A look's grid as 9 x 16 energies; what is not there is zero."""
    return np.frombuffer(data.ljust(CELLS, b"\0"), np.uint8).reshape(ROWS, COLUMNS)


__all__ = ["CELLS", "FULL", "Grids", "Weights", "areas", "grid_of", "least_area", "least_energy"]
