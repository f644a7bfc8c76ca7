"""Pictures as 36 x 64 blocks of 5 x 5 points, and blocks as the 9 x 16 cells of a look's grid."""

import cv2
import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 320, 180
ROWS, COLUMNS = 36, 64
CELL = 4
"""Blocks of a cell, in each direction."""

Luma = NDArray[np.uint8]
"""180 x 320."""
Floats = NDArray[np.float32]
"""180 x 320."""
Blocks = NDArray[np.float32]
"""36 x 64."""


def means(picture: Luma | Floats) -> Blocks:
    """The mean of each block."""
    floats = picture.astype(np.float32, copy=False)
    return np.asarray(cv2.resize(floats, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA), np.float32)


def spread_out(blocks: Blocks) -> Floats:
    """Each point with the value of its block."""
    return np.asarray(cv2.resize(blocks, (WIDTH, HEIGHT), interpolation=cv2.INTER_NEAREST), np.float32)


def by_cell(blocks: Blocks) -> NDArray[np.float32]:
    """9 x 16: the mean of each cell's blocks."""
    return np.asarray(blocks.reshape(ROWS // CELL, CELL, COLUMNS // CELL, CELL).mean(axis=(1, 3)), np.float32)


def cells(strengths: Blocks) -> NDArray[np.uint8]:
    """9 x 16 energies 0..255 of blocks' strengths 0..1: the share of each cell that moved, weighted by how plainly."""
    energies: NDArray[np.uint8] = np.rint(by_cell(strengths) * 255).astype(np.uint8)
    return energies
