"""StorageMeasured, StorageExhausted → rows of ``storage_levels`` and ``storage_exhaustions``. Pure."""

from collections.abc import Sequence

from msgspec import Struct

from projections.columns import LAST_MS
from schemas.errors import BadFact
from schemas.facts import StorageExhausted, StorageMeasured

_MINUTE_MS = 60_000
_LONGEST_SIZE = 63
"""Bits that a size may have."""


class LevelRow(Struct, frozen=True, array_like=True, gc=False):
    """One row of ``storage_levels``, fields in column order."""

    store: str
    minute_ms: int
    observed_ms: int
    used_bytes: int
    capacity_bytes: int
    src_partition: int
    src_offset: int


class ExhaustionRow(Struct, frozen=True, array_like=True, gc=False):
    """One row of ``storage_exhaustions``, fields in column order."""

    store: str
    observed_ms: int
    used_bytes: int
    capacity_bytes: int
    locked_bytes: int
    is_over: bool
    src_partition: int
    src_offset: int


def rows(fact: object, partition: int, offset: int) -> Sequence[Struct]:
    """The row a fact of topic ``storage`` makes; the same for the same fact at the same position."""
    if not isinstance(fact, StorageMeasured | StorageExhausted):
        raise BadFact(f"{type(fact).__name__} makes no row of storage")
    if fact.observed_ms > LAST_MS or max(fact.used_bytes, fact.capacity_bytes) >> _LONGEST_SIZE:
        raise BadFact(f"observed_ms is after the year 2299, or a size is larger than {_LONGEST_SIZE} bits")
    place = (partition, offset)
    level = (fact.used_bytes, fact.capacity_bytes)
    if isinstance(fact, StorageMeasured):
        minute_ms = fact.observed_ms - fact.observed_ms % _MINUTE_MS
        return (LevelRow(fact.store, minute_ms, fact.observed_ms, *level, *place),)
    if fact.locked_bytes >> _LONGEST_SIZE:
        raise BadFact(f"locked_bytes is larger than {_LONGEST_SIZE} bits")
    return (ExhaustionRow(fact.store, fact.observed_ms, *level, fact.locked_bytes, fact.is_over, *place),)
