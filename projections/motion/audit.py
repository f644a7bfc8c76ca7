"""Does every segment have its verdict, and every verdict its row? Pure comparison for `sightlog check`."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from projections.segments.audit import SegmentId
from schemas.facts import MotionTicked, SegmentScanned


class ScanId(NamedTuple):
    """What makes a verdict unique."""

    media: str
    start_ms: int
    run: str
    detector: str
    version: str


class ScanRow(NamedTuple):
    """A row: whose verdict, and where its fact stands."""

    scan: ScanId
    partition: int
    offset: int


@dataclass(frozen=True)
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


def told(facts: Iterable[SegmentScanned | MotionTicked], dropped: Collection[str]) -> set[ScanId]:
    """The verdicts that should be shown after all ``facts``; those of ``dropped`` runs are not."""
    return {
        ScanId(fact.media, fact.start_ms, fact.run, fact.detector, fact.version)
        for fact in facts
        if isinstance(fact, SegmentScanned) and fact.run not in dropped
    }


def compare(
    scans: Collection[ScanId], rows: Iterable[ScanRow], ends: Mapping[int, int], live: Collection[SegmentId]
) -> ScanAudit:
    """Compare facts (``scans``, of everything before the offsets ``ends``), rows, and the segments that stand."""
    seen: set[ScanId] = set()
    doubled: set[ScanId] = set()
    strange: set[ScanId] = set()
    for row in rows:
        (doubled if row.scan in seen else seen).add(row.scan)
        if row.scan not in scans and row.offset < ends.get(row.partition, 0):  # a newer one may be of a newer fact
            strange.add(row.scan)
    judged = {SegmentId(one.media, one.start_ms) for one in scans if not one.run}
    return ScanAudit(
        facts=len(scans), rows=len(seen), rows_missing=sorted(set(scans) - seen), rows_without_fact=sorted(strange),
        rows_doubled=sorted(doubled), unscanned=sorted(set(live) - judged),
    )  # fmt: skip
