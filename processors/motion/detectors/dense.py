"""Looks at every picture of a stretch, five a second, against one baseline."""

from collections import deque
from collections.abc import Iterator

from processors.motion.detectors import fold
from processors.motion.detectors.fold import Level
from processors.motion.frames.reader import Picture
from processors.motion.rules.spans import scores
from processors.motion.score import light
from processors.motion.score.baseline import Baseline
from processors.motion.score.blocks import Luma
from processors.motion.score.light import View
from processors.motion.score.moved import moved
from schemas.facts import Look, MotionConfig

SECOND = 5
"""A look is compared with the one so many before it: in a second slow things have come far enough."""
CERTAIN = 3
"""Where motion must begin, it has once so many looks in a row moved."""

Recent = deque[View]


def recent(earlier: View | None) -> Recent:
    """Pictures to compare with: none yet but the one before the stretch."""
    return deque([] if earlier is None else [earlier], maxlen=SECOND)


def looks(baseline: Baseline, pictures: Iterator[Picture], level: Level, before: Recent) -> Iterator[tuple[Look, Luma]]:
    """The looks at pictures of which the first, a key picture, was looked at. ``before`` grows with them."""
    for number, picture in enumerate(pictures):
        now = light.view(picture.luma)
        if number:
            yield fold.look_of(picture.at_ms, moved(baseline, now, before[0]), level), picture.luma
        before.append(now)


def until_certain(seen: Iterator[tuple[Look, Luma]], config: MotionConfig) -> Iterator[tuple[Look, Luma]]:
    """The looks up to the one from which on it surely moves."""
    in_a_row = 0
    for look, luma in seen:
        yield look, luma
        in_a_row = in_a_row + 1 if look.grid and scores([look], config)[0] else 0
        if in_a_row == CERTAIN:
            return
