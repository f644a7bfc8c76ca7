"""A baseline from pictures of one stretch alone, for footage that nothing precedes."""

from collections.abc import Sequence

import numpy as np

from processors.motion.score import baseline, light, noise
from processors.motion.score.baseline import Baseline
from processors.motion.score.blocks import Luma

_ENOUGH = 32
"""Pictures that are taken of it, evenly."""
_APART = 5
"""Pictures between two that are compared with each other: a second."""
_WORTH = 4
"""Pictures that such a first sight counts for: what comes next soon tells more."""


def begun(pictures: Sequence[Luma]) -> Baseline:
    """The baseline whose background is what most of the pictures show at each point, and whose noise is theirs."""
    views = [light.view(picture) for picture in pictures[:: max(1, len(pictures) // _ENOUGH)]]
    middle = np.median(np.stack([one.luma for one in views]), axis=0).astype(np.uint8)
    background = light.view(middle)
    off_background = [light.unexplained(one, background) for one in views]
    off_previous = [light.unexplained(one, views[max(0, at - _APART)]) for at, one in enumerate(views)]
    if len(views) == 1:
        return baseline.begun(middle)
    noises = noise.of(np.stack(off_background)), noise.of(np.stack(off_previous[1:]))
    return baseline.begun(middle, noises, _WORTH)
