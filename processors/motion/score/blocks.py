"""Pictures as 36 x 64 blocks of 5 x 5 points, and blocks as the 9 x 16 cells of a look's grid."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

ROWS, COLUMNS = 36, 64
CELL = 4
"""Blocks of a cell, in each direction."""

Luma = NDArray[np.uint8]
"""180 x 320."""
Floats = NDArray[np.float32]
"""180 x 320, or 36 x 64 where it says blocks."""


def means(picture: NDArray[Any]) -> Floats:
    """Blocks: the mean of each."""
    return cv2.resize(picture, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA).astype(np.float32, copy=False)


def cells(strengths: Floats) -> NDArray[np.uint8]:
    """9 x 16 energies 0..255 of blocks' strengths 0..1: the share of each cell that moved, weighted by how plainly."""
    share = strengths.reshape(ROWS // CELL, CELL, COLUMNS // CELL, CELL).mean(axis=(1, 3))
    energies: NDArray[np.uint8] = np.rint(share * 255).astype(np.uint8)
    return energies
