"""One record of another topic as the rules of retention see it. Pure."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from schemas import codec, topics
from schemas.fact import SpanFact
from schemas.facts import (
    FootageRemoved,
    FootageStored,
    LevelNoted,
    MediaConfigured,
    PolicyNoted,
    ProtectionNoted,
    RangeProtected,
    RangeReleased,
    RestoreNoted,
    RestoreRequested,
    SegmentRecorded,
    SegmentsDeleted,
    StorageMeasured,
)
from schemas.protection import HoldKind

Input = FootageStored | FootageRemoved | ProtectionNoted | PolicyNoted | RestoreNoted | LevelNoted
SOURCES = (topics.SEGMENTS, topics.PROTECTIONS, topics.MEDIA, topics.EXPIRATIONS, topics.STORAGE)
_SKIPPED = (
    "recording-gap", "lock-requested", "lock-released", "media-removed", "range-expired", "range-restored",
    "deletion-ordered", "storage-exhausted",
)  # fmt: skip
_SKIPPED_STARTS = tuple(f'{{"type":"{tag}"'.encode() for tag in _SKIPPED)
"""As our encoder writes them: told apart without reading further."""
_KINDS: Mapping[str, HoldKind] = {"episode": "episode", "lock": "lock", "export": "export"}
_STRONGEST: HoldKind = "lock"


class _AnyHold(msgspec.Struct, frozen=True):
    kind: str


class _Protected(SpanFact, frozen=True, kw_only=True, tag="range-protected"):
    """RangeProtected with holds of any kind, also of such as only a newer version knows."""

    holds: Annotated[tuple[_AnyHold, ...], Meta(min_length=1)]


_ranges = msgspec.json.Decoder(_Protected | RangeReleased)


def translate(topic: str, partition: int, offset: int, value: bytes | None) -> Input | None:
    """What the record means to retention; None: nothing. Raises BadFact.

    A range held for reasons that are not known here counts as locked: nothing goes because a worker is too old.
    """
    if value is not None and value.startswith(_SKIPPED_STARTS):
        return None
    fact = _fact(topic, value)
    make = _MAKERS.get(type(fact))
    return make(fact, partition, offset) if make else None


def _fact(topic: str, value: bytes | None) -> Any:
    if value and topic == topics.PROTECTIONS.name:
        try:
            return _ranges.decode(value)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return codec.decode(topic, value)  # which says what is wrong
    return codec.decode(topic, value)


def _stored(fact: SegmentRecorded, partition: int, offset: int) -> FootageStored:
    return FootageStored(
        media=fact.media, observed_ms=fact.observed_ms, start_ms=fact.start_ms, end_ms=fact.end_ms,
        size_bytes=fact.size_bytes, src_partition=partition, src_offset=offset,
    )  # fmt: skip


def _removed(fact: SegmentsDeleted, partition: int, offset: int) -> FootageRemoved:
    return FootageRemoved(
        media=fact.media, observed_ms=fact.observed_ms, segment_starts_ms=fact.segment_starts_ms,
        src_partition=partition, src_offset=offset,
    )  # fmt: skip


def _protected(fact: RangeProtected | _Protected, partition: int, offset: int) -> ProtectionNoted:
    return ProtectionNoted(
        media=fact.media, observed_ms=fact.observed_ms, start_ms=fact.start_ms, end_ms=fact.end_ms,
        kinds=tuple(sorted({_KINDS.get(hold.kind, _STRONGEST) for hold in fact.holds})),
        src_partition=partition, src_offset=offset,
    )  # fmt: skip


def _released(fact: RangeReleased, partition: int, offset: int) -> ProtectionNoted:
    return ProtectionNoted(
        media=fact.media, observed_ms=fact.observed_ms, start_ms=fact.start_ms, end_ms=fact.end_ms, kinds=(),
        src_partition=partition, src_offset=offset,
    )  # fmt: skip


def _policy(fact: MediaConfigured, partition: int, offset: int) -> PolicyNoted:
    return PolicyNoted(
        media=fact.media, observed_ms=fact.observed_ms, depth_ms=fact.depth_ms, keep_ms=fact.keep_ms,
        quota_bytes=fact.quota_bytes, src_partition=partition, src_offset=offset,
    )  # fmt: skip


def _restore(fact: RestoreRequested, partition: int, offset: int) -> RestoreNoted:
    return RestoreNoted(
        media=fact.media, observed_ms=fact.observed_ms, expiration_id=fact.expiration_id,
        requested_by=fact.requested_by, src_partition=partition, src_offset=offset,
    )  # fmt: skip


def _level(fact: StorageMeasured, partition: int, offset: int) -> LevelNoted:
    return LevelNoted(
        store=fact.store, observed_ms=fact.observed_ms, used_bytes=fact.used_bytes,
        capacity_bytes=fact.capacity_bytes, boot_id=fact.boot_id, uptime_ms=fact.uptime_ms,
        src_partition=partition, src_offset=offset,
    )  # fmt: skip


_MAKERS: Mapping[type, Callable[[Any, int, int], Input]] = {
    SegmentRecorded: _stored, SegmentsDeleted: _removed, _Protected: _protected, RangeProtected: _protected,
    RangeReleased: _released, MediaConfigured: _policy, RestoreRequested: _restore, StorageMeasured: _level,
}  # fmt: skip
