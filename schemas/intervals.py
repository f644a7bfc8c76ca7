"""Arithmetic of half-open spans ``[start_ms, end_ms)``.

A span list is *clean* when it is sorted, disjoint and not touching.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open stretch of time, UTC ms. Empty when ``end_ms <= start_ms``."""

    start_ms: int
    end_ms: int

    @property
    def length_ms(self) -> int:
        """Milliseconds covered; never negative."""
        return max(0, self.end_ms - self.start_ms)


def union(spans: Iterable[Span], join_ms: int = 0) -> list[Span]:
    """The clean list covering ``spans``, given in any order; holes of at most ``join_ms`` (≥ 0) are closed.

    Empty spans vanish.
    """
    joined: list[Span] = []
    for start, end in sorted(span for span in spans if span.length_ms):
        if joined and start - joined[-1].end_ms <= join_ms:
            joined[-1] = Span(joined[-1].start_ms, max(joined[-1].end_ms, end))
        else:
            joined.append(Span(start, end))
    return joined


def intersect(left: Iterable[Span], right: Iterable[Span]) -> list[Span]:
    """The clean list of what both cover."""
    return union(_overlaps(union(left), union(right)))


def subtract(left: Iterable[Span], right: Iterable[Span]) -> list[Span]:
    """The clean list of what ``left`` covers and ``right`` does not."""
    holes = union(right)
    rest: list[Span] = []
    at = 0
    for start, end in union(left):
        while at < len(holes) and holes[at].start_ms < end:
            if holes[at].start_ms > start:
                rest.append(Span(start, holes[at].start_ms))
            start = max(start, holes[at].end_ms)
            if holes[at].end_ms > end:  # it reaches past this span and may bite the next one too
                break
            at += 1
        if start < end:
            rest.append(Span(start, end))
    return rest


def clip(spans: Iterable[Span], window: Span) -> list[Span]:
    """The clean list of what lies inside ``window``."""
    return intersect(spans, [window])


def covers(spans: Iterable[Span], wanted: Span) -> bool:
    """True when every millisecond of ``wanted`` is covered (an empty span always is)."""
    return not subtract([wanted], spans)


def total_ms(spans: Iterable[Span]) -> int:
    """Milliseconds covered, overlaps counted once."""
    return sum(span.length_ms for span in union(spans))


def _overlaps(left: list[Span], right: list[Span]) -> Iterator[Span]:
    """Pairwise overlaps of two clean lists, in order."""
    i = j = 0
    while i < len(left) and j < len(right):
        yield Span(max(left[i].start_ms, right[j].start_ms), min(left[i].end_ms, right[j].end_ms))
        if left[i].end_ms <= right[j].end_ms:
            i += 1
        else:
            j += 1
