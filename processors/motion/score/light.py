"""Light: how a picture's brightness follows from another's where nothing moved, and whether it is another scene."""

import numpy as np

from processors.motion.score.blocks import Floats, Luma, means

_STEADY = 0.6
"""The share of blocks that fit best is believed to show what stands still."""
_FLAT = 4.0
"""Squared grey levels: below such contrast no gain is told from an offset."""
_MOST_GAIN = 2.0


def fitted(reference: Floats, picture: Luma) -> Floats:
    """The reference under the picture's light: gain and offset of the blocks that agree best."""
    gain, offset = _fit(means(reference).ravel(), means(picture).ravel())
    return reference * np.float32(gain) + np.float32(offset)


def _fit(before: Floats, now: Floats) -> tuple[float, float]:
    step = now - before
    off = np.abs(step - np.median(step))
    count = int(off.size * _STEADY)
    steady = off <= np.partition(off, count)[count]
    one, other = before[steady], now[steady]
    middle, level = float(one.mean()), float(other.mean())
    spread = float(((one - middle) ** 2).mean()) + _FLAT
    shared = float(((one - middle) * (other - level)).mean()) + _FLAT
    gain = min(_MOST_GAIN, max(1 / _MOST_GAIN, shared / spread))
    return gain, level - gain * middle
