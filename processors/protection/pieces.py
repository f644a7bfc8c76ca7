"""What covers each moment: covers → pieces, each a maximal stretch that lists the same holds. Pure."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from processors.protection.policy import Cover
from schemas.intervals import Span
from schemas.protection import HoldKind

LISTED = 16
"""Holds of one kind that a piece lists: those that began first. All of them count; a source that never closes its
episodes would else make every range list thousands, and change as many with each."""

Names = tuple[tuple[HoldKind, int], ...]
"""Kind and id of holds, in that order."""


class Piece(NamedTuple):
    """A stretch that is kept, and what it lists."""

    start_ms: int
    end_ms: int
    holds: Names


def pieces(covers: Iterable[Cover]) -> list[Piece]:
    """In order, never overlapping; they touch only where what they list differs."""
    rising = sorted(covers)
    falling = sorted(rising, key=lambda one: one.end_ms)
    active: dict[tuple[HoldKind, int], int] = {}
    found: list[Piece] = []
    began_ms, names, up, down = 0, Names(), 0, 0
    while down < len(falling):
        at_ms = falling[down].end_ms
        if up < len(rising):
            at_ms = min(at_ms, rising[up].start_ms)
        while down < len(falling) and falling[down].end_ms == at_ms:
            _drop(active, falling[down])
            down += 1
        while up < len(rising) and rising[up].start_ms == at_ms:
            one = rising[up]
            active[one.kind, one.id] = active.get((one.kind, one.id), 0) + 1
            up += 1
        if (now := _listed(active)) != names:
            if names:
                found.append(Piece(began_ms, at_ms, names))
            began_ms, names = at_ms, now
    return found


def clipped(parts: Sequence[Piece], window: Span) -> list[Piece]:
    """What of them lies inside ``window``."""
    return [
        Piece(max(start, window.start_ms), min(end, window.end_ms), holds)
        for start, end, holds in parts
        if start < window.end_ms and end > window.start_ms
    ]


def _drop(active: dict[tuple[HoldKind, int], int], one: Cover) -> None:
    left = active[one.kind, one.id] - 1
    if left:
        active[one.kind, one.id] = left
    else:
        del active[one.kind, one.id]


def _listed(active: dict[tuple[HoldKind, int], int]) -> Names:
    if len(active) <= LISTED:
        return tuple(sorted(active))
    kinds = {kind for kind, _ in active}
    return tuple(sorted(one for kind in kinds for one in islice((n for n in active if n[0] == kind), LISTED)))
