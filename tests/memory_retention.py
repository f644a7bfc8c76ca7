"""Decisions to delete and levels in memory, as the API asks for them: for tests without a database."""

from collections.abc import Iterable

from projections.expirations.reads import (
    ExpirationPlace,
    ExpirationSearch,
    State,
    StoredDeletion,
    StoredExpiration,
    StoredFootage,
)
from projections.storage.reads import StoredExhaustion, StoredLevel
from schemas.facts import (
    DeletionOrdered,
    RangeExpired,
    RangeRestored,
    RestoreRequested,
    SegmentRecorded,
    SegmentsDeleted,
)
from schemas.intervals import Span
from schemas.visible import Visible, holds

ExpirationFact = RangeExpired | RangeRestored | RestoreRequested | DeletionOrdered


class MemoryExpirations:
    """Facts taken in one after another."""

    def __init__(self) -> None:
        self.facts: list[ExpirationFact] = []

    def at(self, media: str, at_ms: int) -> list[StoredExpiration]:
        return self.within(media, Span(at_ms, at_ms + 1))[::-1]

    def within(self, media: str, span: Span) -> list[StoredExpiration]:
        found = self._found(ExpirationSearch(media=(media,), from_ms=span.start_ms, to_ms=span.end_ms))
        return sorted(found, key=lambda one: (one.expired_ms, one.start_ms, one.expiration_id))

    def one(self, expiration_id: int, media: str | None = None, visible: Visible = None) -> StoredExpiration | None:
        found = self._found(ExpirationSearch(visible=visible, media=None if media is None else (media,)))
        return next((one for one in found if one.expiration_id == expiration_id), None)

    def page(
        self, search: ExpirationSearch, limit: int, after: ExpirationPlace | None = None
    ) -> list[StoredExpiration]:
        found = sorted(self._found(search), key=lambda one: one.place)
        return [one for one in found if after is None or one.place > after][:limit]

    def _found(self, search: ExpirationSearch) -> list[StoredExpiration]:
        stored = (self._stored(one) for one in self.facts if isinstance(one, RangeExpired))
        return [
            one
            for one in stored
            if holds(search.visible, one.media, one.start_ms, one.end_ms)
            and (search.media is None or one.media in search.media)
            and search.state in (None, one.state)
            and (search.from_ms is None or one.end_ms > search.from_ms)
            and (search.to_ms is None or one.start_ms < search.to_ms)
        ]

    def _stored(self, fact: RangeExpired) -> StoredExpiration:
        said = [one for one in self.facts if (one.media, one.expiration_id) == (fact.media, fact.expiration_id)]
        asked = next((one for one in said if isinstance(one, RestoreRequested)), None)
        back = next((one for one in said if isinstance(one, RangeRestored)), None)
        order = next((one for one in said if isinstance(one, DeletionOrdered)), None)
        state: State = "ordered" if order else "restored" if back else "expired"
        return StoredExpiration(
            media=fact.media, expiration_id=fact.expiration_id, start_ms=fact.start_ms, end_ms=fact.end_ms,
            state=state, reason=fact.reason, policy_version=fact.policy_version, detail=fact.detail,
            size_bytes=fact.size_bytes, segments=fact.segments, expired_ms=fact.observed_ms,
            delete_after_ms=fact.delete_after_ms, requested_ms=asked and asked.observed_ms,
            restored_ms=back and back.observed_ms, restored_by=back.restored_by if back else "",
            ordered_ms=order and order.observed_ms, ordered_bytes=order and order.size_bytes,
            ordered_segments=order and len(order.segment_starts_ms),
            ordered_policy=order.policy_version if order else "",
        )  # fmt: skip


class MemoryLevels:
    """What a test says."""

    def __init__(self, levels: Iterable[StoredLevel] = (), exhaustions: Iterable[StoredExhaustion] = ()) -> None:
        self.levels, self.exhausted = list(levels), list(exhaustions)

    def latest(self) -> list[StoredLevel]:
        return self.levels

    def exhaustions(self) -> list[StoredExhaustion]:
        return self.exhausted


class MemoryHistory:
    """Facts of topic ``segments`` taken in one after another."""

    def __init__(self) -> None:
        self.facts: list[SegmentRecorded | SegmentsDeleted] = []

    def footage(self, media: str, span: Span, limit: int) -> list[StoredFootage]:
        found = [
            StoredFootage(
                start_ms=one.start_ms,
                end_ms=one.end_ms,
                size_bytes=one.size_bytes,
                is_deleted=self._is_gone(at, one),
                stored_ms=0 if self._is_gone(at, one) else one.observed_ms,
            )
            for at, one in enumerate(self.facts)
            if isinstance(one, SegmentRecorded)
            and (one.media == media and one.start_ms < span.end_ms and one.end_ms > span.start_ms)
        ]
        return sorted(found, key=lambda one: one.start_ms)[:limit]

    def deletions(self, media: str, span: Span) -> list[StoredDeletion]:
        return [
            StoredDeletion(
                start_ms=one.start_ms, end_ms=one.end_ms, expiration_id=one.expiration_id,
                observed_ms=one.observed_ms, segments=len(one.segment_starts_ms), size_bytes=one.size_bytes,
            )
            for one in self.facts
            if isinstance(one, SegmentsDeleted)
            and (one.media == media and one.start_ms < span.end_ms and one.end_ms > span.start_ms)
        ]  # fmt: skip

    def reach(self, media: str) -> Span | None:
        spans = [one for one in self.facts if isinstance(one, SegmentRecorded) and one.media == media]
        return Span(min(one.start_ms for one in spans), max(one.end_ms for one in spans)) if spans else None

    def _is_gone(self, at: int, of: SegmentRecorded) -> bool:
        later = (one for one in self.facts[at:] if isinstance(one, SegmentsDeleted) and one.media == of.media)
        return any(of.start_ms in one.segment_starts_ms for one in later)
