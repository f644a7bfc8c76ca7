"""What answers need to know of cameras and footage. The adapter over the projections' reads is ``stored.py``."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from api.footage import Segment
from projections.media.reads import CameraSearch
from schemas.facts import Keyframe, MediaConfigured
from schemas.intervals import Span

EVERY = CameraSearch()


class Gap(NamedTuple):
    """A stretch known to be missing; ``end_ms`` None: still so."""

    start_ms: int
    end_ms: int | None
    reason: str
    detail: str


class Day(NamedTuple):
    """A calendar day (UTC) that holds footage: ``YYYY-MM-DD`` and how much."""

    day: str
    recorded_ms: int


class Camera(NamedTuple):
    """A configured camera and when it last recorded."""

    config: MediaConfigured
    """Without secrets: its source is not one to record from."""
    last_ms: int | None
    """End of its newest segment; None: never recorded."""


class Lag(NamedTuple):
    """How far a projection is behind one topic."""

    projection: str
    topic: str
    records: int
    watermark_ms: int | None
    """Facts up to this time are in the answers."""


class Archive(Protocol):
    """Reads only; every method blocks. Raises DatabaseUnavailable."""

    def camera(self, media: str) -> Camera | None:
        """The camera of this name; None when it is not configured."""

    def cameras(self, after: str, limit: int, search: CameraSearch = EVERY) -> list[Camera]:
        """At most ``limit`` cameras of a search by name, those after ``after``."""

    def extent(self, media: str) -> Span | None:
        """First and last moment of footage still stored; None when there is none."""

    def segments(self, media: str, span: Span, limit: int) -> list[Segment]:
        """Segments that reach into ``span``, by start, at most ``limit``."""

    def latest(self, media: str, count: int) -> list[Segment]:
        """The newest ``count`` segments, by start."""

    def around(self, media: str, span: Span) -> list[Span]:
        """The last segment before ``span`` and the first after it, those that exist."""

    def recorded(self, media: str, span: Span, join_ms: int) -> list[Span]:
        """Coalesced footage inside ``span``; holes of at most ``join_ms`` are closed."""

    def deleted(self, media: str, span: Span, join_ms: int) -> list[Span]:
        """Footage inside ``span`` that was stored once and is deleted, coalesced."""

    def footage(self, wanted: Mapping[str, Sequence[Span]], join_ms: int) -> dict[str, list[Span]]:
        """Camera → clean list of all footage that reaches into any of its spans; holes up to ``join_ms`` closed."""

    def gaps(self, media: str, span: Span) -> list[Gap]:
        """Known gaps that reach into ``span``, by start."""

    def days(self, media: str, span: Span | None = None) -> list[Day]:
        """Every day with footage (inside ``span``), ascending."""

    def activity(self, media: str, span: Span, step_ms: int) -> list[int]:
        """Milliseconds recorded per step of ``span``."""

    def key_frame(self, media: str, at_ms: int, within: Span | None = None) -> "Picture | None":
        """The key frame (of ``within``) nearest to ``at_ms``; None when there is none."""

    def lags(self, projections: Collection[str] | None = None) -> list[Lag]:
        """Per projection (all of them, or these) and topic. Raises LogUnavailable as well."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One key frame and the object it is in."""

    frame: Keyframe
    segment: Segment
    sha256: str
