"""What findings of motion are worth against the truth. Pure.

An event is found when a finding's temporal IoU with it is at least a half, one to one: plain overlap would call a
detector perfect that is always on. Time that counts neither way is left out of everything.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from schemas.intervals import Span, intersect, subtract, total_ms, union

JOIN_MS = 2000
"""Events, and findings, no further apart are one: where one movement ends and the next begins is anybody's guess."""
FOUND = 0.5
"""Least temporal IoU."""
_EITHER = 0.5
"""A finding that is wrong, but lies in time that counts neither way by more than this share, is no mistake."""


class Truth(NamedTuple):
    """What happens in a clip, ms from its beginning."""

    length_ms: int
    events: tuple[Span, ...]
    either: tuple[Span, ...] = ()
    """Counts neither way."""


class Score(NamedTuple):
    """What findings were worth; those of several clips add up: see ``total``."""

    events: int
    found: int
    wrong: int
    """Findings that are no event."""
    borders_ms: tuple[int, ...]
    """How far each border of what was found lies from the truth."""
    false_ms: int
    length_ms: int

    @property
    def recall(self) -> float:
        """Share of the events that were found; 1 where there was none."""
        return self.found / self.events if self.events else 1.0

    @property
    def precision(self) -> float:
        """Share of the findings that are events; 1 where there was none."""
        return self.found / (self.found + self.wrong) if self.found + self.wrong else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        both = self.recall + self.precision
        return 2 * self.recall * self.precision / both if both else 0.0

    @property
    def false_s_per_hour(self) -> float:
        """Seconds told as motion in an hour of footage in which nothing moved that counts."""
        return self.false_ms / self.length_ms * 3600 if self.length_ms else 0.0

    def border_s(self, share: float = 0.5) -> float:
        """That share of the borders is no further off, s; 0 where nothing was found."""
        ordered = sorted(self.borders_ms)
        if not ordered:
            return 0.0
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] / 1000


def truth(told: Mapping[str, Any]) -> Truth:
    """The truth as a clip's JSON has it: ``dur``, ``events``, ``dontcare``, all in s."""
    return Truth(round(told["dur"] * 1000), _spans(told["events"]), _spans(told.get("dontcare", ())))


def score(true: Truth, findings: Sequence[Span], join_ms: int = JOIN_MS) -> Score:
    """What these findings are worth. Joining serves the matching alone: no time becomes false by it."""
    events, told = union(true.events, join_ms), union(findings, join_ms)
    pairs = matched(events, told, true.either)
    taken = {number for _, number in pairs}
    wrong = [one for number, one in enumerate(told) if number not in taken and not _lies_in(one, true.either)]
    borders = (
        (abs(events[event].start_ms - told[one].start_ms), abs(events[event].end_ms - told[one].end_ms))
        for event, one in pairs
    )
    quiet = subtract(findings, [*events, *true.either])
    return Score(len(events), len(pairs), len(wrong), tuple(chain(*borders)), total_ms(quiet), true.length_ms)


def total(scores: Iterable[Score]) -> Score:
    """All of them together, at least one, as if their clips were one."""
    events, found, wrong, borders, false_ms, length_ms = zip(*scores, strict=True)
    return Score(sum(events), sum(found), sum(wrong), tuple(chain(*borders)), sum(false_ms), sum(length_ms))


def matched(events: Sequence[Span], told: Sequence[Span], either: Sequence[Span]) -> list[tuple[int, int]]:
    """(number of the event, number of the finding) pairs with IoU enough, one to one, the most alike first."""
    alike = [
        (overlap, number, other)
        for number, event in enumerate(events)
        for other, one in enumerate(told)
        if (overlap := iou(event, one, either)) >= FOUND
    ]
    pairs: list[tuple[int, int]] = []
    for _, number, other in sorted(alike, reverse=True):
        if all(number != event and other != one for event, one in pairs):
            pairs.append((number, other))
    return sorted(pairs)


def iou(left: Span, right: Span, either: Sequence[Span] = ()) -> float:
    """Temporal intersection over union, without the time that counts neither way, but where the first lies in it."""
    aside = subtract(either, [left])
    whole = total_ms(subtract([left, right], aside))
    return total_ms(intersect([left], [right])) / whole if whole else 0.0


def _lies_in(finding: Span, either: Sequence[Span]) -> bool:
    return total_ms(intersect([finding], either)) > _EITHER * finding.length_ms


def _spans(pairs: Iterable[Sequence[float]]) -> tuple[Span, ...]:
    return tuple(Span(round(start * 1000), round(end * 1000)) for start, end in pairs)
