"""Does what the facts say, what the table says and what the store holds agree? Pure comparison for `sightlog check`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from schemas.facts import RecordingGap, SegmentRecorded, SegmentsDeleted


class SegmentId(NamedTuple):
    """What makes a segment unique."""

    media: str
    start_ms: int


class Footprint(NamedTuple):
    """Where a segment's bytes are and how many there should be."""

    object_key: str
    size_bytes: int


@dataclass(frozen=True)
class Audit:
    """Every disagreement, each list in (media, start) or key order. Nothing in any: the archive is whole."""

    facts: int = 0
    rows: int = 0
    objects: int = 0
    rows_missing: list[SegmentId] = field(default_factory=list)
    """A fact without its row (the projection may only be behind)."""
    rows_without_fact: list[SegmentId] = field(default_factory=list)
    rows_doubled: list[SegmentId] = field(default_factory=list)
    ghosts: list[SegmentId] = field(default_factory=list)
    """A fact whose object is missing, or has another size: footage that would not play."""
    orphans: list[str] = field(default_factory=list)
    """Objects older than the grace that no fact names."""

    @property
    def is_whole(self) -> bool:
        """True when facts, rows and objects agree."""
        return not (self.rows_missing or self.rows_without_fact or self.rows_doubled or self.ghosts or self.orphans)


def live_segments(
    facts: Iterable[SegmentRecorded | RecordingGap | SegmentsDeleted],
) -> dict[SegmentId, Footprint]:
    """The segments that should exist after all ``facts``, given in the order of the topic."""
    live: dict[SegmentId, Footprint] = {}
    for fact in facts:
        if isinstance(fact, SegmentRecorded):
            live[SegmentId(fact.media, fact.start_ms)] = Footprint(fact.object_key, fact.size_bytes)
        elif isinstance(fact, SegmentsDeleted):
            for start_ms in fact.segment_starts_ms:
                live.pop(SegmentId(fact.media, start_ms), None)
    return live


def compare(
    live: Mapping[SegmentId, Footprint], rows: Iterable[SegmentId], objects: Mapping[str, int], grace_before_ms: int
) -> Audit:
    """Compare facts (``live``), rows (one entry per row) and objects (key → bytes).

    An object whose name says a start at or after ``grace_before_ms`` may still be on its way to a fact: no orphan.
    """
    seen: set[SegmentId] = set()
    doubled: set[SegmentId] = set()
    for row in rows:
        (doubled if row in seen else seen).add(row)
    named = {footprint.object_key for footprint in live.values()}
    return Audit(
        facts=len(live),
        rows=len(seen),
        objects=len(objects),
        rows_missing=sorted(live.keys() - seen),
        rows_without_fact=sorted(seen - live.keys()),
        rows_doubled=sorted(doubled),
        ghosts=sorted(at for at, (key, size) in live.items() if objects.get(key) != size),
        orphans=sorted(key for key in objects.keys() - named if _start_ms(key) < grace_before_ms),
    )


def _start_ms(key: str) -> int:
    """The start in ``…/<start_ms>.mp4``; 0, and so an orphan for sure, when the name is none of ours."""
    stem = key.rsplit("/", 1)[-1].removesuffix(".mp4")
    return int(stem) if stem.isascii() and stem.isdigit() else 0
