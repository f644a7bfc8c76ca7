"""Rows of the public view of verdicts as Python sees them, and what can be asked of them."""

from msgspec import Struct

from schemas.intervals import Span
from schemas.motion import MotionSpan

LIVE = ""
"""The run of what is judged as it is recorded."""
COLUMNS = (
    "media, start_ms, end_ms, from_ms, observed_ms, run, detector, version, verdict, reason, level, motion_ms, score,"
    " spans, parameters, begins_run, baseline_from_ms, preview_key, preview_ms"
)


class StoredScan(Struct, frozen=True, kw_only=True):
    """One verdict. Looks are parallel lists, ascending; empty where they were not asked for."""

    media: str
    start_ms: int
    end_ms: int
    from_ms: int
    """From when on it speaks; see ``SegmentScanned.from_ms``."""
    observed_ms: int
    run: str
    detector: str
    version: str
    verdict: str
    reason: str
    level: str
    motion_ms: int
    score: float
    spans: tuple[MotionSpan, ...]
    parameters: str
    """JSON."""
    begins_run: bool
    baseline_from_ms: int | None
    preview_key: str
    preview_ms: int | None
    look_ms: tuple[int, ...] = ()
    look_level: tuple[str, ...] = ()
    look_score: tuple[float, ...] = ()
    grids: tuple[str, ...] = ()
    """Base64, as in the fact; empty: all zero."""
    seen: tuple[int, ...] = ()
    """Highest energy in the region that was asked for, at each look."""


class ScanSearch(Struct, frozen=True, kw_only=True):
    """Which verdicts: those about segments of one camera that reach into a span."""

    media: str
    span: Span
    runs: tuple[str, ...] = (LIVE,)
    """Whose verdicts. Where several judged a segment the first named counts, and of its verdicts the newest."""
    verdicts: tuple[str, ...] | None = None
    """Only these; None: all."""
    cells: tuple[int, ...] = ()
    """Only where some look saw at least ``min_energy`` in one of these cells of the grid, numbered from 0."""
    min_energy: int = 1


class ScanCounts(Struct, frozen=True, kw_only=True):
    """How many segments got which verdict."""

    motion: int
    still: int
    unreadable: int
    off: int
    """Nobody wanted to know: motion was off, or off at that hour."""
    unscanned: int
    """Stored segments without a verdict."""
