"""What was learned of a camera's picture: its background, and how restless each block is where nothing moves.

A baseline follows from the pictures it was shown, in order, and from nothing else.
"""

from typing import NamedTuple

import cv2
import numpy as np

from processors.motion.score import light, noise
from processors.motion.score.blocks import COLUMNS, ROWS, Blocks, Floats, Luma, spread_out
from processors.motion.score.light import View
from processors.motion.score.moved import Moved
from processors.motion.score.noise import Noise

_RATE = 1 / 16
"""How much one picture tells; the first ones tell more."""
_OTHER_LIGHT = 16.0
"""Grey levels by which the light must have changed for the picture to be believed outright, where it shows the same: a
lamp's light has a shape of its own."""
_SMALL = 0.05
"""Share of the blocks: where more differ, what seems to show the same may be a part of something large."""
_ABSORBED = 4
"""Pictures for which what came and stands still is waited for, until it belongs to the background."""


class Baseline(NamedTuple):
    """Arrays are never changed, only replaced."""

    background: Floats
    view: View
    """The background, as a picture to compare with."""
    previous: View
    """The picture before."""
    against_background: Noise
    against_previous: Noise
    still: Blocks
    """Pictures since each block last differed from the picture before it."""
    pictures: int
    """Seen since the scene last changed."""

    @property
    def size_bytes(self) -> int:
        """What it takes in memory."""
        noises = (*self.against_background, *self.against_previous)
        return sum(one.nbytes for one in (self.background, *self.view, *self.previous, *noises, self.still))


def begun(luma: Luma, noises: tuple[Noise, Noise] | None = None, pictures: int = 1) -> Baseline:
    """The baseline of somebody to whom this is the background. ``noises``: against background and picture before."""
    seen = light.view(luma)
    against_background, against_previous = noises or (noise.unknown(), noise.unknown())
    still = np.zeros((ROWS, COLUMNS), np.float32)
    return Baseline(luma.astype(np.float32), seen, seen, against_background, against_previous, still, pictures)


def learned(before: Baseline, moved: Moved) -> Baseline:
    """The baseline of somebody who has seen this picture as well."""
    noises = before.against_background, before.against_previous
    if moved.is_other_scene:
        return begun(moved.view.luma, noises)
    rate = max(_RATE, 1 / (before.pictures + 1))
    still = np.where(moved.differs_from_previous, np.float32(0), before.still + 1)
    background = _background(before, moved, still, rate)
    return Baseline(
        background, light.view(np.asarray(cv2.convertScaleAbs(background), np.uint8)), moved.view,
        noise.learned(noises[0], moved.off_background, rate), noise.learned(noises[1], moved.off_previous, rate),
        still, before.pictures + 1,
    )  # fmt: skip


def _background(before: Baseline, moved: Moved, still: Blocks, rate: float) -> Floats:
    """The background drawn towards the picture where it shows the same; replaced where something came to stay."""
    came_to_stay = np.where(still >= _ABSORBED, np.float32(1), np.float32(0))
    if float(moved.differs_from_background.mean()) < _SMALL:
        rate = max(rate, min(1.0, moved.light_step / _OTHER_LIGHT))
    share = spread_out(np.where(moved.differs_from_background, came_to_stay, np.float32(rate)))
    background = light.relit(before.background, before.view, moved.view)
    step: Floats = (moved.view.luma.astype(np.float32) - background) * share
    return background + step
