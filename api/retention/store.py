"""What answers need to know of decisions to delete, of what went and of levels. Reads of projections are these."""

from typing import Protocol

from projections.expirations.reads import (
    ExpirationPlace,
    ExpirationSearch,
    StoredDeletion,
    StoredExpiration,
    StoredFootage,
)
from projections.storage.reads import StoredExhaustion, StoredLevel
from schemas.intervals import Span
from schemas.visible import Visible


class Expirations(Protocol):
    """Decisions to delete; every method blocks. Raises DatabaseUnavailable."""

    def at(self, media: str, at_ms: int) -> list[StoredExpiration]:
        """Every decision about the footage of a moment, the latest first."""

    def within(self, media: str, span: Span) -> list[StoredExpiration]:
        """Every decision about footage in ``span``, in the order in which they were made."""

    def one(self, expiration_id: int, media: str | None = None, visible: Visible = None) -> StoredExpiration | None:
        """The decision of this id (of ``visible``); None when it is not known (of that camera)."""

    def page(
        self, search: ExpirationSearch, limit: int, after: ExpirationPlace | None = None
    ) -> list[StoredExpiration]:
        """At most ``limit`` decisions in the order of their places, those behind ``after``."""


class Levels(Protocol):
    """How full stores are; every method blocks. Raises DatabaseUnavailable."""

    def latest(self) -> list[StoredLevel]:
        """The last level of every store, by name."""

    def exhaustions(self) -> list[StoredExhaustion]:
        """What was told last of every store of which something was told, by name."""


class History(Protocol):
    """What was ever stored and what is gone; every method blocks. Raises DatabaseUnavailable."""

    def footage(self, media: str, span: Span, limit: int) -> list[StoredFootage]:
        """At most ``limit`` segments that were ever stored and reach into ``span``, by start."""

    def deletions(self, media: str, span: Span) -> list[StoredDeletion]:
        """Every stretch that is gone and reaches into ``span``, in the order in which it was known."""

    def reach(self, media: str) -> Span | None:
        """From the start of the first segment ever stored to the end of the last; None: nothing ever was."""
