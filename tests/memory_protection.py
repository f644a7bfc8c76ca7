"""Protected ranges and locks in memory, as the API asks for them: for tests without a database."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from api.protection.certainty import Certain, Certainty
from projections.protected_ranges.reads import LockPlace, StoredHold, StoredLock, StoredRange
from schemas.codec import AnyFact
from schemas.facts import LockReleased, LockRequested, RangeProtected
from schemas.intervals import Span
from schemas.visible import Visible, meets


class MemoryCertainty(Certainty):
    """What a test says is certain; nobody waits."""

    def __init__(self) -> None:
        super().__init__(list, lambda topic: {})  # type: ignore[arg-type]
        self.unsettled: frozenset[int] | None = frozenset()
        """None: nothing is certain."""

    def within(self, age_s: float, wait_s: float, partitions: Collection[int] | None) -> Certain | None:
        found = None if self.unsettled is None else Certain(0.0, self.unsettled, {0: 1})
        return found if found and found.holds_for(partitions) else None


class MemoryProtection:
    """What a test says, and locks as their facts make them."""

    def __init__(self) -> None:
        self.ranges: list[StoredRange] = []
        self.asked: dict[int, StoredLock] = {}
        self.going: dict[str, list[Span]] = {}
        """Camera → footage whose deletion is ordered."""
        self.places: dict[str, int] = {}
        """Camera → partition, of those that are configured."""
        self.answers = True
        """False: protection does not run, so no range names a lock."""
        self.unread: set[str] = set()
        """Projections that are behind."""

    def show(self, fact: AnyFact) -> None:
        """Take a fact in as the projection does; a lock is in force at once where protection runs."""
        if isinstance(fact, LockRequested):
            self.asked.setdefault(fact.lock_id, _lock(fact))
            if self.answers:
                self._hold(self.asked[fact.lock_id])
        elif isinstance(fact, LockReleased) and (lock := self.asked.get(fact.lock_id)):
            given = {"released_ms": fact.observed_ms, "released_by": fact.released_by}
            self.asked[fact.lock_id] = msgspec.structs.replace(lock, **given)
            self.ranges = [one for one in self.ranges if lock.hold not in one.holds]
        elif isinstance(fact, RangeProtected):
            holds = tuple(StoredHold(one.kind, one.id) for one in fact.holds)
            self.ranges.append(_range(fact.media, Span(fact.start_ms, fact.end_ms), holds, fact.observed_ms))

    def within(self, media: str, span: Span) -> list[StoredRange]:
        return self.near([media], span).get(media, [])

    def near(self, names: Sequence[str], span: Span) -> dict[str, list[StoredRange]]:
        found: dict[str, list[StoredRange]] = {}
        for one in self.everywhere(span, 1 << 30):
            if one.media in names:
                found.setdefault(one.media, []).append(one)
        return found

    def everywhere(self, span: Span, limit: int) -> list[StoredRange]:
        inside = [one for one in self.ranges if one.start_ms < span.end_ms and one.end_ms > span.start_ms]
        return sorted(inside, key=lambda one: (one.media, one.start_ms))[:limit]

    def known(self, names: Sequence[str]) -> set[str]:
        return {one.media for one in self.ranges if one.media in names}

    def partitions(self, names: Sequence[str]) -> dict[str, int]:
        return {name: self.places[name] for name in names if name in self.places}

    def locks(
        self,
        media: str | None,
        limit: int,
        after: LockPlace | None = None,
        kind: str = "lock",
        visible: Visible = None,
    ) -> list[StoredLock]:
        found = sorted(self.asked.values(), key=lambda one: one.place, reverse=True)
        found = [one for one in found if one.kind == kind and media in (None, one.media)]
        found = [one for one in found if meets(visible, one.media, one.span)]
        return [one for one in found if after is None or one.place < after][:limit]

    def lock(self, lock_id: int) -> StoredLock | None:
        return self.asked.get(lock_id)

    def in_force(self, locks: Iterable[StoredLock]) -> set[StoredHold]:
        return {lock.hold for lock in locks for one in self.ranges if lock.hold in one.holds}

    def doomed(self, media: str, span: Span) -> list[Span]:
        return [one for one in self.going.get(media, []) if one.start_ms < span.end_ms and one.end_ms > span.start_ms]

    def ends(self, topic: str) -> Mapping[int, int]:
        return {0: 1}

    def has_read(self, projection: str, topic: str, ends: Mapping[int, int]) -> bool:
        return projection not in self.unread

    def _hold(self, lock: StoredLock) -> None:
        self.asked[lock.lock_id] = msgspec.structs.replace(lock, held_ms=lock.requested_ms)
        self.ranges.append(_range(lock.media, lock.span, (lock.hold,), lock.requested_ms))


def _range(media: str, span: Span, holds: tuple[StoredHold, ...], observed_ms: int) -> StoredRange:
    return StoredRange(
        media=media, start_ms=span.start_ms, end_ms=span.end_ms, holds=holds, policy_version="p1-0badcafe",
        observed_ms=observed_ms,
    )  # fmt: skip


def _lock(fact: LockRequested) -> StoredLock:
    return StoredLock(
        media=fact.media, lock_id=fact.lock_id, kind=fact.kind, start_ms=fact.start_ms, end_ms=fact.end_ms,
        reason=fact.reason, until_ms=fact.until_ms, requested_ms=fact.observed_ms, requested_by=fact.requested_by,
        held_ms=None, released_ms=None, released_by="",
    )  # fmt: skip
