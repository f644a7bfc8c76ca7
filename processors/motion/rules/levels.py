"""Which looks are worth their price: the cascade's decisions. Pure."""

from collections.abc import Sequence
from itertools import pairwise

FAR_MS = 4000
"""Key frames further apart than this tell too little: all frames are looked at."""
RANKED = 100
"""A group of pictures is looked at for its size only if it is the largest of so many: at most one in a hundred is, in a
steady stream, and so the extra looks limit themselves."""
FEWEST_RANKED = 20
STANDS_OUT = 1.5
"""... and so many times the median."""


def borders(moved: Sequence[bool]) -> list[int]:
    """The stretches between neighbouring key frames, by number of the first, of which one moved and one did not."""
    return [number for number, (one, other) in enumerate(pairwise(moved)) if one != other]


def is_far_apart(starts_ms: Sequence[int], end_ms: int) -> bool:
    """True when key frames at these times, in footage that ends then, are too far apart to judge by them."""
    return any(after - one > FAR_MS for one, after in zip(starts_ms, [*starts_ms[1:], end_ms], strict=True))


def stands_out(size: int, before: Sequence[int]) -> bool:
    """True for a group of pictures so much larger than those before it that something short may hide in it."""
    recent = sorted(before[-RANKED:])
    if len(recent) < FEWEST_RANKED:
        return False
    return size > recent[-1] and size > STANDS_OUT * recent[len(recent) // 2]
