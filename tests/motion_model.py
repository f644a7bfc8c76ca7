"""The episodes of motion, told a second time straight from rules.md.

All verdicts at once, in the order of their footage: no state, no waiting, no saves, and nothing of ``processors``.
"""

from collections.abc import Sequence
from typing import NamedTuple

from schemas.facts import SegmentScanned
from schemas.intervals import Span, intersect, subtract


class Expected(NamedTuple):
    """One episode."""

    start_ms: int
    end_ms: int
    labels: tuple[str, ...]
    score: float


class _Moved(NamedTuple):
    start_ms: int
    end_ms: int
    score: float
    zones: tuple[str, ...]


def episodes(scans: Sequence[SegmentScanned], join_ms: int = 3000, min_ms: int = 0) -> list[Expected]:
    """What must stand in the end of the readable verdicts on one camera, by start."""
    groups: list[list[_Moved]] = []
    for one in sorted(_moved(sorted(scans, key=lambda scan: scan.start_ms))):
        if groups and one.start_ms - max(other.end_ms for other in groups[-1]) <= join_ms:
            groups[-1].append(one)
        else:
            groups.append([one])
    found = [_episode(group) for group in groups]
    return [one for one in found if one.end_ms - one.start_ms >= min_ms]


def _moved(scans: Sequence[SegmentScanned]) -> list[_Moved]:
    """All motion; of the end of a segment the next one's verdict decides, where it speaks of it."""
    found: list[_Moved] = []
    for number, scan in enumerate(scans):
        following = scans[number + 1] if number + 1 < len(scans) else None
        refuted = [Span(following.from_ms, following.start_ms)] if following else []
        said = Span(scan.from_ms, scan.end_ms)
        for span in scan.spans:
            inside = intersect([Span(span.start_ms, span.end_ms)], [said])
            found += [_Moved(a, b, span.score, span.zones) for a, b in subtract(inside, refuted)]
    return found


def _episode(group: Sequence[_Moved]) -> Expected:
    labels = sorted({zone for one in group for zone in one.zones})
    return Expected(
        min(one.start_ms for one in group), max(one.end_ms for one in group), tuple(labels),
        max(one.score for one in group),
    )  # fmt: skip
