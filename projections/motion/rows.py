"""SegmentScanned → rows of ``segment_scans``. Pure."""

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from projections.columns import LAST_MS
from schemas.errors import BadFact
from schemas.facts import MotionTicked, SegmentScanned
from schemas.motion import MotionSpan


class ScanRow(Struct, frozen=True, array_like=True, gc=False):
    """One row of ``segment_scans``, fields in column order."""

    media: str
    start_ms: int
    end_ms: int
    observed_ms: int
    run: str
    detector: str
    version: str
    verdict: str
    reason: str
    level: str
    parameters: str
    begins_run: bool
    baseline_from_ms: int | None
    preview_key: str
    preview_ms: int | None
    spans: Sequence[MotionSpan]
    look_ms: Sequence[int]
    look_level: Sequence[str]
    look_score: Sequence[float]
    grids: Sequence[bytes]
    src_partition: int
    src_offset: int


_json = msgspec.json.Encoder(order="sorted")


def rows(fact: object, partition: int, offset: int) -> Sequence[Struct]:
    """The row a fact of topic ``motion`` makes, the same for the same fact at the same position; ticks make none."""
    if isinstance(fact, SegmentScanned):
        return (_scanned(fact, partition, offset),)
    if isinstance(fact, MotionTicked):
        return ()
    raise BadFact(f"{type(fact).__name__} makes no row of verdicts")


def _scanned(fact: SegmentScanned, partition: int, offset: int) -> ScanRow:
    if fact.end_ms > LAST_MS:
        raise BadFact(f"end_ms {fact.end_ms} is after the year 2299")
    looks = fact.looks
    return ScanRow(
        fact.media, fact.start_ms, fact.end_ms, fact.observed_ms, fact.run, fact.detector, fact.version, fact.verdict,
        fact.reason, fact.level, _json.encode(fact.parameters).decode(), fact.begins_run, fact.baseline_from_ms,
        fact.preview_key or "", fact.preview_ms, fact.spans,
        [look.at_ms for look in looks], [look.level for look in looks], [look.score for look in looks],
        [look.grid for look in looks], partition, offset,
    )  # fmt: skip
