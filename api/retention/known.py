"""Everything that tables say about a stretch of one camera, gathered before anything is said of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from api.archive import Camera, Gap
from projections.episodes.reads import StoredEpisode
from projections.expirations.reads import StoredDeletion, StoredExpiration, StoredFootage
from projections.protected_ranges.reads import StoredLock, StoredRange
from schemas.intervals import Span


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of a camera in a span, as of ``now_ms``."""

    media: str
    now_ms: int
    camera: Camera | None
    """None: not configured any more."""
    reach: Span | None
    """Of all footage that was ever stored."""
    footage: tuple[StoredFootage, ...] = ()
    """Segments ever stored, by start."""
    gaps: tuple[Gap, ...] = ()
    ranges: tuple[StoredRange, ...] = ()
    """Protected ranges, by start."""
    episodes: Mapping[int, StoredEpisode]
    """Those that hold something, by id."""
    locks: Mapping[int, StoredLock]
    """The same of locks."""
    expirations: tuple[StoredExpiration, ...] = ()
    """In the order in which they were made."""
    deletions: tuple[StoredDeletion, ...] = ()
    """In the order in which they were known."""
    judged: frozenset[int] = frozenset()
    """Starts of the segments whose motion was judged."""
