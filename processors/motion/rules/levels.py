"""Which looks are worth their price: the cascade's decisions. Pure."""

from collections.abc import Sequence
from itertools import pairwise

FAR_MS = 4000
"""Key frames further apart than this tell too little: all frames are looked at."""
RANKED, FEWEST_RANKED = 30, 8
"""A group of pictures is compared with so many before it, and with no fewer."""
_STANDS_OUT_SPREADS, _STANDS_OUT_SHARE = 8, 1.1
"""It stands out when it is larger than their median by so many times their median deviation, and by so much of it.
Measured under VBR: movements of 0.5 to 1.6 s make 3 to 30 deviations, still footage up to 11, one in fifty above 8."""
MOST_EXTRA = 2
"""Of so many compared, no more are looked at for their size: where sizes tell nothing they cost little."""


def borders(moved: Sequence[bool], at_ms: Sequence[int], join_ms: int) -> list[int]:
    """The stretches between neighbouring key frames, by number of the first, in which motion begins or ends.

    A pause between two movements that are joined anyway has no borders.
    """
    changes = [number for number, (one, other) in enumerate(pairwise(moved)) if one != other]
    pauses = [
        {one, other}
        for one, other in pairwise(changes)
        if moved[one] and _middle(at_ms, other) - _middle(at_ms, one) <= join_ms
    ]
    return [number for number in changes if not any(number in pause for pause in pauses)]


def is_far_apart(starts_ms: Sequence[int], end_ms: int) -> bool:
    """True when key frames at these times, in footage that ends then, are too far apart to judge by them."""
    return any(after - one > FAR_MS for one, after in pairwise([*starts_ms, end_ms]))


def worth_a_look(sizes: Sequence[int], number: int) -> bool:
    """True for a group of pictures in which something short may hide: it stands out, and few before it did.

    ``sizes``: bytes of groups one after the other, of which it is the one by that number.
    """
    if not _stands_out(sizes, number):
        return False
    before = range(max(0, number - RANKED), number)
    return sum(_stands_out(sizes, one) for one in before) < MOST_EXTRA


def _stands_out(sizes: Sequence[int], number: int) -> bool:
    before = sizes[max(0, number - RANKED) : number]
    if len(before) < FEWEST_RANKED:
        return False
    median = _median(before)
    spread = _median([abs(one - median) for one in before])
    return sizes[number] - median > max(_STANDS_OUT_SPREADS * spread, (_STANDS_OUT_SHARE - 1) * median)


def _median(sizes: Sequence[int]) -> int:
    return sorted(sizes)[len(sizes) // 2]


def _middle(at_ms: Sequence[int], number: int) -> int:
    return (at_ms[number] + at_ms[number + 1]) // 2
