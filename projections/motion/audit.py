"""Does every segment have its verdict, and every verdict its row? Pure comparison for `sightlog check`."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

import numpy as np

from projections.segments.audit import SegmentId
from projections.segments.packed import Ints, Ledger, missing
from schemas.facts import MotionTicked, SegmentScanned


class ScanId(NamedTuple):
    """What makes a verdict unique."""

    media: str
    start_ms: int
    run: str
    detector: str
    version: str


Group: TypeAlias = tuple[str, str, str, str]
"""Media, run, detector, version."""
Verdicts: TypeAlias = Ledger[Group]
"""By group: start."""


@dataclass(frozen=True, kw_only=True)
class ScanAudit:
    """Every disagreement, each list in order."""

    facts: int = 0
    rows: int = 0
    rows_missing: list[ScanId] = field(default_factory=list)
    """A fact without its row (the projection may only be behind)."""
    rows_without_fact: list[ScanId] = field(default_factory=list)
    rows_doubled: list[ScanId] = field(default_factory=list)
    unscanned: list[SegmentId] = field(default_factory=list)
    """Stored segments that nobody has judged yet: no disagreement, the processor may be behind, or not there."""

    @property
    def is_whole(self) -> bool:
        """True when facts and rows agree."""
        return not (self.rows_missing or self.rows_without_fact or self.rows_doubled)


def told(facts: Iterable[SegmentScanned | MotionTicked], dropped: Collection[str]) -> Verdicts:
    """The verdicts that should be shown after all ``facts``; those of ``dropped`` runs are not."""
    found: Verdicts = Ledger(1)
    for fact in facts:
        if isinstance(fact, SegmentScanned) and fact.run not in dropped:
            found.say((fact.media, fact.run, fact.detector, fact.version), fact.start_ms)
    return found


def ids(scans: Verdicts) -> set[ScanId]:
    """Every one of them; a large set."""
    return {one for group in scans for one in _named(group, scans.of(group)[:, 0].tolist())}


def compare(scans: Verdicts, rows: Mapping[Group, Ints], newer: Collection[ScanId], live: Ledger[str]) -> ScanAudit:
    """Compare facts (``scans``), the start of every row, in any order, and the segments that stand (``live``).

    ``newer``: verdicts that were told while rows were read; nothing is said of them.
    """
    audit = ScanAudit(facts=scans.count(), rows=sum(len(np.unique(starts)) for starts in rows.values()))
    judged = defaultdict[str, list[Ints]](list)
    for group in sorted({*scans, *rows}):
        starts = scans.of(group)[:, 0]
        if not group[1]:
            judged[group[0]].append(starts)
        seen, times = np.unique(rows.get(group, starts[:0]), return_counts=True)
        audit.rows_missing.extend(_named(group, missing(starts, seen)))
        audit.rows_without_fact.extend(one for one in _named(group, missing(seen, starts)) if one not in newer)
        audit.rows_doubled.extend(_named(group, seen[times > 1].tolist()))
    for media in sorted(live):
        starts = live.of(media)[:, 0]
        audit.unscanned.extend(
            SegmentId(media, at) for at in missing(starts, np.concatenate([starts[:0], *judged[media]]))
        )
    return audit


def _named(group: Group, starts: Iterable[int]) -> Iterator[ScanId]:
    media, *rest = group
    return (ScanId(media, start_ms, *rest) for start_ms in starts)
