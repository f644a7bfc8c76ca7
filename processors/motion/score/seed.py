"""A baseline from pictures of one scene alone, for footage that nothing precedes."""

from collections.abc import Sequence

import numpy as np

from processors.motion.score import baseline
from processors.motion.score.baseline import Baseline
from processors.motion.score.blocks import Luma

_ENOUGH = 32
"""Pictures of which the median is taken."""


def begun(pictures: Sequence[Luma]) -> Baseline:
    """The baseline whose background is what most of the pictures show at each point."""
    step = max(1, len(pictures) // _ENOUGH)
    middle = np.median(np.stack(pictures[::step]), axis=0).astype(np.uint8)
    return baseline.begun(middle)
