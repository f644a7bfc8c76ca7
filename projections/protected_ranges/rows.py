"""RangeProtected, RangeReleased, LockRequested, LockReleased → rows of ``protected_ranges`` and ``locks``. Pure."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from projections.columns import LAST_MS
from schemas.errors import BadFact
from schemas.facts import LockReleased, LockRequested, RangeProtected, RangeReleased
from schemas.protection import Hold


class RangeRow(Struct, frozen=True, array_like=True, gc=False):
    """One row of ``protected_ranges``, fields in column order."""

    media: str
    start_ms: int
    end_ms: int
    observed_ms: int
    holds: Sequence[Hold]
    policy_version: str
    is_deleted: int
    src_partition: int
    src_offset: int


class LockRow(Struct, frozen=True, array_like=True, gc=False, kw_only=True):
    """One row of ``locks``, fields in column order: one step of a lock. What a step does not say is empty."""

    lock_id: int
    media: str
    step: str
    observed_ms: int
    said_by: str = ""
    kind: str = ""
    start_ms: int = 0
    end_ms: int = 0
    reason: str = ""
    until_ms: int | None = None
    src_partition: int
    src_offset: int


def rows(fact: object, partition: int, offset: int) -> Sequence[Struct]:
    """The rows a fact of topic ``protections`` makes; the same for the same fact at the same position."""
    match fact:
        case RangeProtected():
            return [*_protected(fact, partition, offset), *_held(fact, partition, offset)]
        case RangeReleased():
            return [_ended(fact, at_ms, partition, offset) for at_ms in (fact.start_ms, *fact.replaces)]
        case LockRequested():
            return (_requested(fact, partition, offset),)
        case LockReleased():
            return (_released(fact, partition, offset),)
    raise BadFact(f"{type(fact).__name__} makes no row of protected ranges")


def _protected(fact: RangeProtected, partition: int, offset: int) -> Iterable[RangeRow]:
    """The range at its start, and the ends of those that began where nothing begins any more."""
    _require_storable(fact.start_ms)
    yield RangeRow(
        fact.media, fact.start_ms, min(fact.end_ms, LAST_MS), fact.observed_ms, fact.holds, fact.policy_version, 0,
        partition, offset,
    )  # fmt: skip
    for at_ms in fact.replaces:
        if at_ms != fact.start_ms:
            yield _ended(fact, at_ms, partition, offset)


def _held(fact: RangeProtected, partition: int, offset: int) -> Iterable[LockRow]:
    """That these locks are in force; of many ranges that say so the first stays."""
    for hold in fact.holds:
        if hold.kind != "episode":
            yield LockRow(
                lock_id=hold.id, media=fact.media, step="held", observed_ms=fact.observed_ms, kind=hold.kind,
                src_partition=partition, src_offset=offset,
            )  # fmt: skip


def _ended(fact: RangeProtected | RangeReleased, at_ms: int, partition: int, offset: int) -> RangeRow:
    """Same key, nothing else kept: the engine drops the older row when it meets this one."""
    _require_storable(at_ms)
    return RangeRow(fact.media, at_ms, at_ms, fact.observed_ms, (), "", 1, partition, offset)


def _requested(fact: LockRequested, partition: int, offset: int) -> LockRow:
    _require_storable(fact.start_ms)
    return LockRow(
        lock_id=fact.lock_id, media=fact.media, step="requested", observed_ms=fact.observed_ms,
        said_by=fact.requested_by, kind=fact.kind, start_ms=fact.start_ms, end_ms=min(fact.end_ms, LAST_MS),
        reason=fact.reason, until_ms=fact.until_ms, src_partition=partition, src_offset=offset,
    )  # fmt: skip


def _released(fact: LockReleased, partition: int, offset: int) -> LockRow:
    return LockRow(
        lock_id=fact.lock_id, media=fact.media, step="released", observed_ms=fact.observed_ms,
        said_by=fact.released_by, src_partition=partition, src_offset=offset,
    )  # fmt: skip


def _require_storable(at_ms: int) -> None:
    """The engine wraps a time that its column cannot hold, without a word. An end that late is cut, a start is not."""
    if at_ms >= LAST_MS:
        raise BadFact(f"start_ms {at_ms} is after the year 2299")
