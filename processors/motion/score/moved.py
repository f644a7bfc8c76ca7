"""What moved in one picture: what differs both from the background and from the picture before.

Either alone says less: who stands still differs from the background, and where somebody stood differs from the picture
before. A block moved when it differs by many times its own noise, and only together with blocks beside it.
"""

from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from processors.motion.score import light, noise, scene
from processors.motion.score.blocks import Blocks
from processors.motion.score.light import View

if TYPE_CHECKING:
    from processors.motion.score.baseline import Baseline

WEAK, _STRONG = 5.0, 12.0
"""Times its noise by which a block must differ to have moved at all, or for certain."""
_LEAST_GROUP = 1.5
"""Blocks that moved for certain, or more that did less so, which must lie together: flakes and sparks are smaller."""

Flags = NDArray[np.bool_]
"""36 x 64."""


class Moved(NamedTuple):
    """One picture against a baseline."""

    view: View
    strengths: Blocks
    """0..1: how plainly each block moved."""
    off_background: Blocks
    off_previous: Blocks
    differs_from_background: Flags
    differs_from_previous: Flags
    light_step: float
    """Grey levels by which the light differs from the background's."""
    is_other_scene: bool
    """Nothing can be said to have moved: it is not the scene that the baseline knows."""


def moved(baseline: "Baseline", now: View, previous: View | None = None) -> Moved:
    """What moved in a picture; ``previous``: the picture before it, if not the baseline's."""
    previous = baseline.previous if previous is None else previous
    off_background = light.unexplained(now, baseline.view)
    off_previous = light.unexplained(now, previous)
    light_step = light.step(now, baseline.view)
    from_background = noise.plainness(off_background, baseline.against_background, light_step)
    from_previous = noise.plainness(off_previous, baseline.against_previous, light.step(now, previous))
    plain = np.minimum(from_background, from_previous)
    is_other = scene.is_another(now, baseline.view)
    strengths = np.zeros_like(plain) if is_other else _grouped(np.clip((plain - WEAK) / (_STRONG - WEAK), 0, 1))
    return Moved(
        now, strengths, off_background, off_previous, from_background > WEAK, from_previous > WEAK, light_step, is_other
    )  # fmt: skip


def _grouped(strengths: Blocks) -> Blocks:
    """The same without groups of touching blocks that are too small."""
    if not strengths.any():
        return strengths
    count, groups = cv2.connectedComponents((strengths > 0).astype(np.uint8), connectivity=8)
    sizes = np.bincount(groups.ravel(), weights=strengths.ravel(), minlength=count)
    counts = np.bincount(groups.ravel(), minlength=count)
    large: Flags = (sizes >= _LEAST_GROUP) & (counts > 1)
    return np.asarray(strengths * large[groups], np.float32)
