"""Pictures as people look at them: text in any script, what moved as a tint, zones as outlines."""

from collections.abc import Sequence
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from cli.motion.grid import counting
from processors.motion.rules.areas import FULL, grid_of
from schemas.motion import MotionConfig, Zone

Picture: TypeAlias = NDArray[np.uint8]
"""Height x width x 3, blue-green-red."""
Colour: TypeAlias = tuple[int, int, int]
Place: TypeAlias = tuple[int, int]

WHITE, GREY, BLACK = (255, 255, 255), (130, 130, 130), (24, 24, 24)
RED, GREEN, AMBER = (60, 60, 230), (90, 200, 90), (40, 170, 250)
_OF_ZONE = {"watch": GREEN, "mask": GREY}
_FAINT, _STRONG = 0.15, 0.55
_MASKED = 0.35


def text(picture: Picture, said: str, at: Place, colour: Colour = WHITE, size: int = 14) -> None:
    """Write into the picture; ``at`` is the left end of the base line."""
    cv2.putText(picture, said, at, colour, cv2.FontFace("sans"), size)


def width_of(said: str, size: int = 14) -> int:
    """How wide it will be, px."""
    x, _, width, _ = cv2.getTextSize((1, 1), said, (0, 0), cv2.FontFace("sans"), size)
    return int(x + width)


def decoded(jpeg: bytes) -> Picture:
    """The picture of a JPEG of ours."""
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(picture, np.uint8)


def encoded(picture: Picture, kind: str) -> bytes:
    """The picture as a file; ``kind``: ``.jpg`` or ``.png``."""
    done, data = cv2.imencode(kind, picture)
    assert done
    return bytes(np.asarray(data).tobytes())


def blank() -> Picture:
    """A picture of nothing."""
    return np.zeros((9, 16, 3), np.uint8)


def overlaid(picture: Picture, grid: bytes, config: MotionConfig) -> Picture:
    """A copy with what moved on it: red where it counts, amber where it is too weak or no zone is; masks are dark."""
    drawn = _masked(picture, config.zones)
    energies, counts = grid_of(grid), counting(grid, config)
    height, width = drawn.shape[:2]
    for row, column in np.argwhere(energies).tolist():
        energy = float(energies[row, column])
        top, bottom = (row * height // energies.shape[0], (row + 1) * height // energies.shape[0])
        left, right = (column * width // energies.shape[1], (column + 1) * width // energies.shape[1])
        cell = drawn[top:bottom, left:right]
        colour = np.full_like(cell, RED if counts[row, column] else AMBER)
        share = _FAINT + (_STRONG - _FAINT) * energy / FULL
        cv2.addWeighted(cell, 1 - share, colour, share, 0, dst=cell)
    for zone in config.zones:
        _outlined(drawn, zone)
    return drawn


def _masked(picture: Picture, zones: Sequence[Zone]) -> Picture:
    """A copy that is dark where nothing counts."""
    drawn = picture.copy()
    masks = [_corners(zone, picture) for zone in zones if zone.kind == "mask"]
    if masks:
        dark = np.asarray(picture * _MASKED, np.uint8)
        inside = np.zeros(picture.shape[:2], np.uint8)
        for corners in masks:
            cv2.fillPoly(inside, [corners], 255)
        drawn[inside > 0] = dark[inside > 0]
    return drawn


def _outlined(picture: Picture, zone: Zone) -> None:
    corners, colour = _corners(zone, picture), _OF_ZONE[zone.kind]
    cv2.polylines(picture, [corners], True, colour, 1, cv2.LINE_AA)
    left, top = corners.min(axis=0).tolist()
    text(picture, zone.name, (left + 4, top + 16), colour)


def _corners(zone: Zone, picture: Picture) -> NDArray[np.int32]:
    height, width = picture.shape[:2]
    return np.asarray((np.array(zone.polygon) * (width - 1, height - 1)).round(), np.int32)
