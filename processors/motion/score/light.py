"""Light: what of a picture another one cannot explain, however the light fell in between.

A cloud, a lamp or the camera's own exposure makes a part of the picture brighter by some factor that changes slowly
from place to place. So one picture is put under the other's light, place by place; and a point is explained when it
lies between the other picture as it was and as it would be now. What is drawn on the picture, such as a clock, keeps
its brightness whatever the light does: that is why "as it was" counts as well. A point may also come from one beside
its place: leaves stir, masts shake.
"""

from typing import NamedTuple

import cv2
import numpy as np

from processors.motion.score.blocks import HEIGHT, WIDTH, Blocks, Floats, Luma, means

_AROUND = 7
"""Blocks in each direction over which light is taken to be even: 35 points. A person has less, a cloud's edge more."""
_DARK = 8.0
"""Grey levels added to both before they are divided, so that black does not shine."""
_BESIDE = np.ones((3, 3), np.uint8)
_AGREEING = 0.6
"""The share of blocks that fit best is believed to show what stands still."""
_FLAT = 4.0
"""Squared grey levels: below such contrast no gain is told from an offset."""
_MOST_GAIN = 3.0


class View(NamedTuple):
    """A picture, with what is needed to compare its light with another's."""

    luma: Luma
    means: Blocks
    around: Blocks
    """The mean of each block's surroundings."""


def view(luma: Luma) -> View:
    """A picture made ready to be compared."""
    blocks = means(luma)
    return View(luma, blocks, np.asarray(cv2.blur(blocks, (_AROUND, _AROUND)), np.float32))


def unexplained(now: View, then: View) -> Blocks:
    """How much of each block, in grey levels, is neither the other picture nor that picture under today's light."""
    factor = cv2.resize((now.around + _DARK) / (then.around + _DARK), (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR)
    lit = cv2.convertScaleAbs(cv2.multiply(then.luma.astype(np.float32), factor))
    low = cv2.erode(cv2.min(lit, then.luma), _BESIDE)
    high = cv2.dilate(cv2.max(lit, then.luma), _BESIDE)
    beyond = cv2.max(cv2.subtract(low, now.luma), cv2.subtract(now.luma, high))
    return means(np.asarray(beyond, np.uint8))


def step(now: View, then: View) -> float:
    """How far the light changed, in grey levels: by so much half of the blocks differ."""
    off = np.abs(now.means - then.means).ravel()
    return float(np.partition(off, off.size // 2)[off.size // 2])


def relit(picture: Floats, then: View, now: View) -> Floats:
    """A picture seen as ``then`` under the light of ``now``, all over by one gain and one offset."""
    gain, offset = _fit(then.means.ravel(), now.means.ravel())
    return picture * np.float32(gain) + np.float32(offset)


def _fit(before: Blocks, now: Blocks) -> tuple[float, float]:
    """Gain and offset by the blocks that agree best."""
    ratio = (now + _DARK) / (before + _DARK)
    off = np.abs(ratio - np.partition(ratio, ratio.size // 2)[ratio.size // 2])
    count = int(off.size * _AGREEING)
    agree = off <= np.partition(off, count)[count]
    one, other = before[agree], now[agree]
    middle, level = float(one.mean()), float(other.mean())
    contrast = float(((one - middle) ** 2).mean()) + _FLAT
    shared = float(((one - middle) * (other - level)).mean()) + _FLAT
    gain = min(_MOST_GAIN, max(1 / _MOST_GAIN, shared / contrast))
    return gain, level - gain * middle
