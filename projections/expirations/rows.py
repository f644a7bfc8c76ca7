"""RangeExpired, RangeRestored, RestoreRequested, DeletionOrdered → rows of ``expirations``. Pure."""

from collections.abc import Sequence

from msgspec import Struct

from projections.columns import LAST_MS
from schemas.errors import BadFact
from schemas.facts import DeletionOrdered, RangeExpired, RangeRestored, RestoreRequested

_LONGEST_SIZE = 63
"""Bits that a size may have: sums of a few stay within 64."""


class ExpirationRow(Struct, frozen=True, array_like=True, gc=False, kw_only=True):
    """What one fact says of one expiration, fields in column order; None, 0 and empty: it does not say."""

    media: str
    expiration_id: int
    start_ms: int = 0
    end_ms: int = 0
    reason: str = ""
    policy_version: str = ""
    detail: str = ""
    size_bytes: int = 0
    segments: int = 0
    expired_ms: int = 0
    delete_after_ms: int = 0
    requested_ms: int | None = None
    restored_ms: int | None = None
    restored_by: str = ""
    ordered_ms: int | None = None
    ordered_bytes: int | None = None
    ordered_segments: int | None = None
    ordered_policy: str = ""
    is_decided: int = 0
    src_partition: int
    src_offset: int


def rows(fact: object, partition: int, offset: int) -> Sequence[Struct]:
    """The row a fact of topic ``expirations`` makes, the same for the same fact at the same position."""
    match fact:
        case RangeExpired():
            return (_expired(fact, partition, offset),)
        case RestoreRequested():
            return (_requested(fact, partition, offset),)
        case RangeRestored():
            return (_restored(fact, partition, offset),)
        case DeletionOrdered():
            return (_ordered(fact, partition, offset),)
    raise BadFact(f"{type(fact).__name__} makes no row of expirations")


def _expired(fact: RangeExpired, partition: int, offset: int) -> ExpirationRow:
    if max(fact.end_ms, fact.observed_ms, fact.delete_after_ms) > LAST_MS:
        raise BadFact("end_ms, observed_ms or delete_after_ms is after the year 2299")
    if fact.size_bytes >> _LONGEST_SIZE or fact.segments >> _LONGEST_SIZE:
        raise BadFact(f"size_bytes or segments is larger than {_LONGEST_SIZE} bits")
    return ExpirationRow(
        media=fact.media, expiration_id=fact.expiration_id, start_ms=fact.start_ms, end_ms=fact.end_ms,
        reason=fact.reason, policy_version=fact.policy_version, detail=fact.detail, size_bytes=fact.size_bytes,
        segments=fact.segments, expired_ms=fact.observed_ms, delete_after_ms=fact.delete_after_ms,
        src_partition=partition, src_offset=offset,
    )  # fmt: skip


def _requested(fact: RestoreRequested, partition: int, offset: int) -> ExpirationRow:
    return ExpirationRow(
        media=fact.media, expiration_id=fact.expiration_id, requested_ms=_known(fact.observed_ms),
        src_partition=partition, src_offset=offset,
    )  # fmt: skip


def _restored(fact: RangeRestored, partition: int, offset: int) -> ExpirationRow:
    return ExpirationRow(
        media=fact.media, expiration_id=fact.expiration_id, restored_ms=_known(fact.observed_ms),
        restored_by=fact.restored_by, is_decided=1, src_partition=partition, src_offset=offset,
    )  # fmt: skip


def _ordered(fact: DeletionOrdered, partition: int, offset: int) -> ExpirationRow:
    if fact.size_bytes >> _LONGEST_SIZE:
        raise BadFact(f"size_bytes is larger than {_LONGEST_SIZE} bits")
    return ExpirationRow(
        media=fact.media, expiration_id=fact.expiration_id, ordered_ms=_known(fact.observed_ms),
        ordered_bytes=fact.size_bytes, ordered_segments=len(fact.segment_starts_ms),
        ordered_policy=fact.policy_version, is_decided=1, src_partition=partition, src_offset=offset,
    )  # fmt: skip


def _known(at_ms: int) -> int:
    """A time that its column can hold; the engine wraps what it cannot, without a word."""
    if at_ms > LAST_MS:
        raise BadFact("observed_ms is after the year 2299")
    return at_ms
