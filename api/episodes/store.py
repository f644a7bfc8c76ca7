"""What answers need to know of episodes. ``projections.episodes.reads.EpisodeReads`` is one."""

from typing import Protocol

from projections.episodes.reads import (
    Change,
    Order,
    Place,
    RefusalSearch,
    Search,
    StoredEpisode,
    StoredRefusal,
    Vector,
)
from schemas.intervals import Span
from schemas.visible import Visible


class Changes(Protocol):
    """Accepted versions by their position; every method blocks."""

    def progress(self) -> Vector:
        """Up to where the tables are complete."""

    def between(self, since: Vector, until: Vector) -> list[Change]:
        """Every change in ``[since, until)``, by partition and offset; those told before stand among them."""

    def told(self, search: Search, since: Vector, until: Vector) -> list[StoredEpisode]:
        """The versions that match and whose first position is in ``[since, until)``, by partition and offset."""

    def updated(
        self, search: Search, after_ms: int, until: Vector, limit: int
    ) -> tuple[list[StoredEpisode], int | None]:
        """Versions before ``until`` that match, updated after ``after_ms``, by ``updated_at``; where to go on."""


class Episodes(Protocol):
    """Reads only; every method blocks. Raises DatabaseUnavailable."""

    @property
    def changes(self) -> Changes:
        """What changed, by position."""

    def page(
        self, search: Search, order: Order, limit: int, after: Place | None = None, inclusive: bool = False
    ) -> list[StoredEpisode]:
        """At most ``limit`` episodes in ``order``, those behind ``after`` (``inclusive``: and the one there)."""

    def count(self, search: Search, limit: int) -> int:
        """How many episodes match, counted up to ``limit``."""

    def with_id(self, episode_id: int, visible: Visible, media: str | None = None) -> list[StoredEpisode]:
        """The episodes of this id (of ``visible``), one per camera, the one taken last first."""

    def versions(self, episode: StoredEpisode) -> list[StoredEpisode]:
        """Every accepted version of an episode, oldest first."""

    def refusals(self, search: RefusalSearch, limit: int, after: tuple[int, int] | None = None) -> list[StoredRefusal]:
        """At most ``limit`` refused saves, newest first, those behind ``after`` (observed_ms, save_id)."""

    def overlapping(self, media: str, span: Span, limit: int) -> list[StoredEpisode]:
        """Episodes of a camera that reach into ``span``, by start."""

    def days(self, media: str, visible: Visible = None) -> dict[str, int]:
        """UTC day, YYYY-MM-DD → episodes of a camera (of ``visible``) opened on it."""

    def activity(self, media: str, span: Span, step_ms: int, visible: Visible = None) -> dict[int, int]:
        """Number of a step of ``span`` → episodes of a camera (of ``visible``) opened in it."""
