"""Noise: how much each block differs where nothing moves, learned from whatever it does most of the time."""

from typing import NamedTuple

import numpy as np

from processors.motion.score.blocks import COLUMNS, ROWS, Blocks

_LEAST = 1.0
"""Grey levels: a block varies by that much at least, for its coding alone."""
_FIRST_LEVEL, _FIRST_SPREAD = 3.0, 1.5
"""What is believed of a camera of which nothing is known."""
_STARTLED = 4.0
"""A block is believed to vary by no more than so many times of what it did. So what it does seldom, such as being
crossed, teaches nothing; and what it does in more than a quarter of the pictures becomes its noise: leaves, a clock."""
_SLACK = 0.25
"""Part of the least noise that is always believed, so that a block which never moved can learn to."""
_UNSURE = 0.1
"""Grey levels of doubt per grey level that the light changed by."""


class Noise(NamedTuple):
    """Of every block."""

    level: Blocks
    """Grey levels by which it differs."""
    spread: Blocks
    """... and by which that varies."""


def unknown() -> Noise:
    """Of a camera that was never seen."""
    return Noise(
        np.full((ROWS, COLUMNS), _FIRST_LEVEL, np.float32), np.full((ROWS, COLUMNS), _FIRST_SPREAD, np.float32)
    )


def of(samples: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> Noise:
    """From differences (n x 36 x 64) of which most show nothing that moves."""
    level = np.median(samples, axis=0)
    spread = np.maximum(np.quantile(samples, 0.75, axis=0) - level, 1.25 * np.median(np.abs(samples - level), axis=0))
    return Noise(level.astype(np.float32), spread.astype(np.float32))


def plainness(off: Blocks, noise: Noise, light_step: float) -> Blocks:
    """How many times its noise each block differs by."""
    return (off - noise.level) / (noise.spread + np.float32(_LEAST + _UNSURE * light_step))


def learned(noise: Noise, off: Blocks, rate: float) -> Noise:
    """The noise after one more picture; ``rate``: how much one picture tells, 0..1."""
    most = _STARTLED * (noise.spread + np.float32(_SLACK * _LEAST))
    moved = np.clip(off - noise.level, -most, most)
    weight = np.float32(rate)
    return Noise(noise.level + moved * weight, noise.spread + (np.abs(moved) - noise.spread) * weight)
