"""What protects footage and what takes it, as a caller may see it: of footage that they may look at."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from api.motion.store import Motion
from api.protection.store import Ends, Protection
from api.retention.store import Expirations, History
from api.seen.reach import Reach, cut
from projections.expirations.reads import (
    ExpirationPlace,
    ExpirationSearch,
    StoredDeletion,
    StoredExpiration,
    StoredFootage,
)
from projections.motion.reads import ScanCounts, ScanSearch, StoredScan
from projections.protected_ranges.reads import LockPlace, StoredHold, StoredLock, StoredRange
from schemas.intervals import Span, clip
from schemas.visible import Visible, holds, meets


@dataclass(frozen=True, eq=False)
class SeenExpirations:
    """See ``api.retention.store.Expirations``."""

    raw: Expirations
    reach: Reach

    def at(self, media: str, at_ms: int) -> list[StoredExpiration]:
        """See Expirations.at."""
        return self.within(media, Span(at_ms, at_ms + 1))[::-1]

    def within(self, media: str, span: Span) -> list[StoredExpiration]:
        """See Expirations.within."""
        found, visible = self.raw.within(media, span), self.reach.visible
        return [one for one in found if holds(visible, media, one.start_ms, one.end_ms)]

    def one(self, expiration_id: int, media: str | None = None, visible: Visible = None) -> StoredExpiration | None:
        """See Expirations.one."""
        return self.raw.one(expiration_id, media, self.reach.visible)

    def page(
        self, search: ExpirationSearch, limit: int, after: ExpirationPlace | None = None
    ) -> list[StoredExpiration]:
        """See Expirations.page."""
        return self.raw.page(msgspec.structs.replace(search, visible=self.reach.visible), limit, after)


@dataclass(frozen=True, eq=False)
class SeenHistory:
    """See ``api.retention.store.History``."""

    raw: History
    seen: Reach

    def footage(self, media: str, span: Span, limit: int) -> list[StoredFootage]:
        """See History.footage."""
        shown = self.seen.shown(media, span)
        return self.raw.footage(media, shown, limit) if shown else []

    def deletions(self, media: str, span: Span) -> list[StoredDeletion]:
        """See History.deletions."""
        shown, visible = self.seen.shown(media, span), self.seen.visible
        found = self.raw.deletions(media, shown) if shown else []
        return [one for one in found if holds(visible, media, one.start_ms, one.end_ms)]

    def reach(self, media: str) -> Span | None:
        """See History.reach."""
        found, span = self.raw.reach(media), self.seen.span(media)
        return cut(found, span) if found and span else None


@dataclass(frozen=True, eq=False)
class SeenMotion:
    """See ``api.motion.store.Motion``."""

    raw: Motion
    reach: Reach

    def scans(
        self, search: ScanSearch, limit: int, after_ms: int | None = None, looks: bool = False
    ) -> list[StoredScan]:
        """See Motion.scans."""
        shown = self.reach.shown(search.media, search.span)
        return self.raw.scans(msgspec.structs.replace(search, span=shown), limit, after_ms, looks) if shown else []

    def counts(self, search: ScanSearch) -> ScanCounts:
        """See Motion.counts."""
        shown = self.reach.shown(search.media, search.span)
        if shown is None:
            return ScanCounts(motion=0, still=0, unreadable=0, off=0, unscanned=0)
        return self.raw.counts(msgspec.structs.replace(search, span=shown))


@dataclass(frozen=True, eq=False)
class SeenProtection:
    """See ``api.protection.store.Protection``."""

    raw: Protection
    reach: Reach

    def within(self, media: str, span: Span) -> list[StoredRange]:
        """See Protection.within."""
        return self.near([media], span).get(media, [])

    def near(self, names: Sequence[str], span: Span) -> dict[str, list[StoredRange]]:
        """See Protection.near."""
        found = self.raw.near([one for one in names if self.reach.span(one)], span)
        told = {media: [cut for one in ranges if (cut := self._cut(one))] for media, ranges in found.items()}
        return {media: ranges for media, ranges in told.items() if ranges}

    def everywhere(self, span: Span, limit: int) -> list[StoredRange]:
        """See Protection.everywhere."""
        return [cut for one in self.raw.everywhere(span, limit) if (cut := self._cut(one))]

    def known(self, names: Sequence[str]) -> set[str]:
        """See Protection.known."""
        return self.raw.known([one for one in names if self.reach.span(one)])

    def partitions(self, names: Sequence[str]) -> dict[str, int]:
        """See Protection.partitions."""
        return self.raw.partitions([one for one in names if self.reach.scope.sees(one)])

    def locks(
        self,
        media: str | None,
        limit: int,
        after: LockPlace | None = None,
        kind: str = "lock",
        visible: Visible = None,
    ) -> list[StoredLock]:
        """See Protection.locks."""
        return self.raw.locks(media, limit, after, kind, self.reach.visible)

    def lock(self, lock_id: int) -> StoredLock | None:
        """See Protection.lock."""
        found = self.raw.lock(lock_id)
        return found if found and meets(self.reach.visible, found.media, found.span) else None

    def in_force(self, locks: Iterable[StoredLock]) -> set[StoredHold]:
        """See Protection.in_force."""
        return self.raw.in_force(locks)

    def doomed(self, media: str, span: Span) -> list[Span]:
        """See Protection.doomed."""
        shown = self.reach.shown(media, span)
        return clip(self.raw.doomed(media, shown), shown) if shown else []

    def ends(self, topic: str) -> Ends:
        """See Protection.ends."""
        return self.raw.ends(topic)

    def has_read(self, projection: str, topic: str, ends: Ends) -> bool:
        """See Protection.has_read."""
        return self.raw.has_read(projection, topic, ends)

    def _cut(self, one: StoredRange) -> StoredRange | None:
        shown = self.reach.shown(one.media, one.span)
        return shown and msgspec.structs.replace(one, start_ms=shown.start_ms, end_ms=shown.end_ms)
