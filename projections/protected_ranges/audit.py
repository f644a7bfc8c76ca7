"""Do the facts about protected ranges and their rows agree? Pure comparison for `sightlog check`.

The table knows ranges by their start and by what replaces what; here the same facts are laid over each other as
stretches of time. Where both end alike, each was told and read rightly.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from schemas.facts import LockReleased, LockRequested, RangeProtected, RangeReleased

Holds: TypeAlias = tuple[tuple[str, int], ...]
"""Kind and id of each."""


class Range(NamedTuple):
    """A range that must survive."""

    start_ms: int
    end_ms: int
    holds: Holds


class RangeId(NamedTuple):
    """A camera's range, by its start."""

    media: str
    start_ms: int


@dataclass(frozen=True, kw_only=True)
class RangeAudit:
    """Every disagreement, in order."""

    facts: int = 0
    """Ranges that stand by the facts."""
    rows: int = 0
    missing: list[RangeId] = field(default_factory=list)
    """A range without its row, or whose row says another end or other holds."""
    strange: list[RangeId] = field(default_factory=list)
    """A row where no range begins."""

    @property
    def is_whole(self) -> bool:
        """True when facts and rows agree."""
        return not (self.missing or self.strange)


def standing(
    facts: Iterable[RangeProtected | RangeReleased | LockRequested | LockReleased],
) -> dict[str, list[Range]]:
    """The ranges of each camera after all ``facts``, ascending: a later fact is right about its stretch."""
    found: dict[str, list[Range]] = defaultdict(list)
    for fact in facts:
        if isinstance(fact, RangeProtected):
            holds = tuple((hold.kind, hold.id) for hold in fact.holds)
            _lay(found[fact.media], fact.start_ms, fact.end_ms, holds)
        elif isinstance(fact, RangeReleased):
            _lay(found[fact.media], fact.start_ms, fact.end_ms, ())
    return found


def compare(told: Mapping[str, list[Range]], rows: Mapping[str, list[Range]], newer: set[str]) -> RangeAudit:
    """Compare the ranges that stand with all rows. ``newer``: cameras of which facts were told meanwhile."""
    audit = RangeAudit(facts=sum(map(len, told.values())), rows=sum(map(len, rows.values())))
    for media in sorted({*told, *rows} - newer):
        own, shown = set(told.get(media, ())), set(rows.get(media, ()))
        audit.missing.extend(RangeId(media, one.start_ms) for one in sorted(own - shown))
        starts = {one.start_ms for one in own}
        audit.strange.extend(RangeId(media, one.start_ms) for one in sorted(shown - own) if one.start_ms not in starts)
    return audit


def _lay(ranges: list[Range], start_ms: int, end_ms: int, holds: Holds) -> None:
    """Change disjoint, ascending ranges in place: this stretch is now kept by ``holds``, or by nothing."""
    first = bisect_right(ranges, start_ms, key=lambda one: one.end_ms)
    after = bisect_left(ranges, end_ms, key=lambda one: one.start_ms)
    laid = [one._replace(end_ms=start_ms) for one in ranges[first:after] if one.start_ms < start_ms]
    laid += [Range(start_ms, end_ms, holds)] if holds else []
    laid += [one._replace(start_ms=end_ms) for one in ranges[first:after] if one.end_ms > end_ms]
    ranges[first:after] = laid
