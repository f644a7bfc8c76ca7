"""What answers need to know of protection. The adapter over the projections' reads is ``stored.py``."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from projections.protected_ranges.reads import LockPlace, StoredHold, StoredLock, StoredRange
from schemas.intervals import Span
from schemas.visible import Visible

Ends = Mapping[int, int]
"""Partition → offset."""


class Protection(Protocol):
    """Ranges and locks; every method blocks. Raises DatabaseUnavailable."""

    def within(self, media: str, span: Span) -> list[StoredRange]:
        """Ranges of a camera that reach into ``span``, by start."""

    def near(self, names: Sequence[str], span: Span) -> dict[str, list[StoredRange]]:
        """Camera → its ranges that reach into ``span``, by start; those that have any."""

    def everywhere(self, span: Span, limit: int) -> list[StoredRange]:
        """At most ``limit`` ranges of any camera that reach into ``span``, by camera and start."""

    def known(self, names: Sequence[str]) -> set[str]:
        """Those of ``names`` that something is protected of."""

    def partitions(self, names: Sequence[str]) -> dict[str, int]:
        """Camera → the partition of its facts, on every topic that is keyed by cameras; those that are configured."""

    def locks(
        self,
        media: str | None,
        limit: int,
        after: LockPlace | None = None,
        kind: str = "lock",
        visible: Visible = None,
    ) -> list[StoredLock]:
        """At most ``limit`` locks of a camera (None: of all; of ``visible``), those asked for last first, behind
        ``after``.
        """

    def lock(self, lock_id: int) -> StoredLock | None:
        """The lock of this id; None when nobody asked for one."""

    def in_force(self, locks: Iterable[StoredLock]) -> set[StoredHold]:
        """The holds of those locks that a range carries now."""

    def doomed(self, media: str, span: Span) -> list[Span]:
        """Footage in ``span`` whose deletion was ordered and is not told to be done; what was stored since is not."""

    def ends(self, topic: str) -> Ends:
        """Where a topic ends now. Raises LogUnavailable."""

    def has_read(self, projection: str, topic: str, ends: Ends) -> bool:
        """True when everything before ``ends`` is in the tables."""
