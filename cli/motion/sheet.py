"""A contact sheet: the strongest moment of each stretch of motion, beside each other."""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from cli.motion import drawing
from cli.motion.drawing import Picture

WIDTH, HEIGHT = 320, 180
"""Of one picture on the sheet."""
COLUMNS, MOST = 4, 48
_CAPTION, _GAP = 22, 6


class Tile(NamedTuple):
    """One picture, as large as ``fitted`` makes it, with a line below it."""

    picture: Picture
    caption: str


def sheet(title: str, tiles: Sequence[Tile]) -> Picture:
    """The tiles in rows, below a title. At most ``MOST`` are shown."""
    shown = tiles[:MOST]
    columns = max(1, min(COLUMNS, len(shown)))
    rows = -(-len(shown) // columns)
    step_x, step_y = WIDTH + _GAP, HEIGHT + _CAPTION + _GAP
    page = np.full((_CAPTION + _GAP + rows * step_y, COLUMNS * step_x + _GAP, 3), drawing.BLACK, np.uint8)
    drawing.text(page, title, (_GAP, _CAPTION - 5))
    for number, tile in enumerate(shown):
        top = _CAPTION + _GAP + number // columns * step_y
        left = _GAP + number % columns * step_x
        page[top : top + HEIGHT, left : left + WIDTH] = tile.picture
        drawing.text(page, tile.caption, (left, top + HEIGHT + _CAPTION - 7))
    return page


def fitted(picture: Picture) -> Picture:
    """As large as a tile, whole, with bars where its shape is another."""
    height, width = picture.shape[:2]
    scale = min(WIDTH / width, HEIGHT / height)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    frame = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    top, left = (HEIGHT - size[1]) // 2, (WIDTH - size[0]) // 2
    frame[top : top + size[1], left : left + size[0]] = small
    return frame
