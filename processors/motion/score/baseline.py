"""What was learned of a camera's picture: its background, and how restless each block is where nothing moves.

A baseline follows from the pictures it was shown, in order, and from nothing else.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from processors.motion.score import light
from processors.motion.score.blocks import COLUMNS, ROWS, Floats, Luma, means

_LEAST_NOISE = 0.6
"""Grey levels: what a perfect picture differs by, for its coding alone."""
_FIRST_NOISE = 3.0
_STILL, _RESTLESS = 1 / 16, 1 / 48
"""How fast a block's noise is learned: where it stood still, and where it seemed to move."""
_STRONG, _WEAK = 14.0, 5.0
"""Times its noise that a block must differ by to have moved for certain, or at all."""
_SCENE = 0.6
"""Share of the blocks that change at once only where all is another scene."""
_ABSORBED = 4
"""Pictures for which what came and stood still is waited for, until it belongs to the background."""


class Noise(NamedTuple):
    """Blocks: how much a block differs where nothing moves, and how much that varies."""

    level: Floats
    spread: Floats


class Baseline(NamedTuple):
    """Arrays are never changed, only replaced."""

    background: Floats
    previous: Floats
    """The picture before."""
    against_background: Noise
    against_previous: Noise
    settled: Floats
    """Blocks: pictures since a block last looked like something else than the picture before it."""
    pictures: int
    """Seen since the scene last changed."""

    @property
    def size_bytes(self) -> int:
        """What it takes in memory."""
        arrays = (self.background, self.previous, *self.against_background, *self.against_previous, self.settled)
        return sum(one.nbytes for one in arrays)


class Scored(NamedTuple):
    """One picture against a baseline."""

    strengths: Floats
    """Blocks, 0..1: how plainly each moved."""
    off_background: Floats
    off_previous: Floats
    """Blocks: mean difference."""
    background: Floats
    """Under the picture's light."""
    is_other_scene: bool


def begun(picture: Luma) -> Baseline:
    """The baseline of somebody who has seen one picture."""
    floats = picture.astype(np.float32)
    noise = Noise(np.full((ROWS, COLUMNS), _FIRST_NOISE, np.float32), np.full((ROWS, COLUMNS), 1.0, np.float32))
    return Baseline(floats, floats, noise, noise, np.zeros((ROWS, COLUMNS), np.float32), 1)


def scored(baseline: Baseline, picture: Luma, before: Floats | None = None) -> Scored:
    """What moved in a picture: what differs from the background and from the picture ``before`` (the baseline's)."""
    floats = picture.astype(np.float32)
    background = light.fitted(baseline.background, picture)
    previous = light.fitted(baseline.previous if before is None else before, picture)
    off_background = means(cv2.absdiff(floats, background))
    off_previous = means(cv2.absdiff(floats, previous))
    plain = np.minimum(
        _plainness(off_background, baseline.against_background), _plainness(off_previous, baseline.against_previous)
    )
    strengths = _connected(np.clip((plain - _WEAK) / (_STRONG - _WEAK), 0, 1))
    return Scored(strengths, off_background, off_previous, background, bool((plain > _WEAK).mean() > _SCENE))


def learned(baseline: Baseline, picture: Luma, seen: Scored) -> Baseline:
    """The baseline of somebody who has seen this picture as well."""
    floats = picture.astype(np.float32)
    if seen.is_other_scene:
        return begun(picture)._replace(
            against_background=baseline.against_background, against_previous=baseline.against_previous
        )
    moved = seen.strengths > 0
    same = _plainness(seen.off_previous, baseline.against_previous) <= _WEAK
    settled = np.where(same, baseline.settled + 1, 0).astype(np.float32)
    rate = max(_STILL, 1 / (baseline.pictures + 1))
    off = _plainness(seen.off_background, baseline.against_background) > _WEAK
    speed = np.where(off, np.where(settled >= _ABSORBED, 1.0, 0.0), rate).astype(np.float32)
    share = cv2.resize(speed, (floats.shape[1], floats.shape[0]), interpolation=cv2.INTER_NEAREST)
    return Baseline(
        seen.background + (floats - seen.background) * share, floats,
        _restless(baseline.against_background, seen.off_background, moved, rate),
        _restless(baseline.against_previous, seen.off_previous, moved | ~same, rate),  # what leaves is no restlessness
        settled, baseline.pictures + 1,
    )  # fmt: skip


def _plainness(off: Floats, noise: Noise) -> Floats:
    """Blocks: how many times its noise each differs by."""
    return np.asarray((off - noise.level) / (noise.spread + _LEAST_NOISE), np.float32)


def _restless(noise: Noise, off: Floats, moved: NDArray[np.bool_], rate: float) -> Noise:
    speed = np.where(moved, np.float32(_RESTLESS), np.float32(rate))
    step = off - noise.level
    return Noise(noise.level + step * speed, noise.spread + (np.abs(step) - noise.spread) * speed)


def _connected(strengths: Floats) -> Floats:
    """The same without blocks that stand alone."""
    company = cv2.boxFilter(strengths, -1, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT) - strengths
    return np.where((company > 0) | (strengths >= 1), strengths, np.float32(0))
