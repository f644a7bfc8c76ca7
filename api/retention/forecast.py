"""When a store fills up at the rate of its last day. Pure."""

from typing import Literal

from msgspec import Struct, structs

from projections.storage.reads import StoredLevel
from schemas.retention import UNKNOWN_BYTES

DAY_MS = 86_400_000
LEAST_MS = 3_600_000
"""A rate of less time than this says nothing."""
FURTHEST_MS = 36_525 * DAY_MS
"""A rate says nothing of what is further away than this."""
State = Literal["filling", "steady", "over", "unknown"]


class Forecast(Struct, frozen=True, kw_only=True):
    """What will become of a store."""

    store: str
    state: State
    """filling: see the times. steady: as much goes as comes, or more. over: past its high mark. unknown: see
    ``because``."""
    because: str
    level: float
    """Share in use."""
    used_bytes: int
    capacity_bytes: int
    measured_ms: int
    over_ms: int
    """How long the rate was measured."""
    stored_bytes: int
    freed_bytes: int
    bytes_per_day: int | None
    high_ms: int | None = None
    """When the level passes the high mark, if nothing changes."""
    full_ms: int | None = None
    """When the store is full. Neither is told of a time more than a century away."""


class Flow(Struct, frozen=True):
    """What came into the store and what went, in so much time."""

    stored_bytes: int
    freed_bytes: int
    over_ms: int
    """At most a day; less where recording began later."""


def forecast(level: StoredLevel, flow: Flow, high: float, is_young: bool) -> Forecast:
    """When the level passes the high mark and the store is full. ``is_young``: some camera has not reached its depth
    yet, so that nothing of it goes."""
    if level.capacity_bytes >= UNKNOWN_BYTES:
        return _told(level, flow, None, "unknown", _UNKNOWN)
    rate = None if flow.over_ms < LEAST_MS else (flow.stored_bytes - flow.freed_bytes) / flow.over_ms
    high_ms = _reached(level, int(level.capacity_bytes * high), rate)
    is_over = level.used_bytes / level.capacity_bytes > high
    state, because = _state(is_over, rate, high_ms, is_young)
    found = _told(level, flow, rate, state, because)
    return structs.replace(found, high_ms=high_ms, full_ms=_reached(level, level.capacity_bytes, rate))


_UNKNOWN = "nobody knows how large the store is, so no room is ever made: set SIGHTLOG_STORAGE_BYTES"


def _told(level: StoredLevel, flow: Flow, rate: float | None, state: State, because: str) -> Forecast:
    """What was measured, without a date."""
    return Forecast(
        store=level.store, state=state, because=because, level=round(level.used_bytes / level.capacity_bytes, 4),
        used_bytes=level.used_bytes, capacity_bytes=level.capacity_bytes, measured_ms=level.observed_ms,
        over_ms=flow.over_ms, stored_bytes=flow.stored_bytes, freed_bytes=flow.freed_bytes,
        bytes_per_day=None if rate is None else round(rate * DAY_MS),
    )  # fmt: skip


def _reached(level: StoredLevel, mark_bytes: int, rate: float | None) -> int | None:
    """When the level comes to a mark; None: never at this rate, or not in a century."""
    if rate is None:
        return None
    left_bytes = mark_bytes - level.used_bytes
    if left_bytes <= 0:
        return level.observed_ms
    return level.observed_ms + round(left_bytes / rate) if left_bytes <= rate * FURTHEST_MS else None


def _state(is_over: bool, rate: float | None, high_ms: int | None, is_young: bool) -> tuple[State, str]:
    if is_over:
        return "over", "the level is past the high mark: room is made of what is oldest"
    if rate is None:
        return "unknown", "less than an hour was recorded in the last day: too little to know a rate"
    if rate <= 0:
        return "steady", "as much was deleted in the last day as was stored, or more"
    if high_ms is None:
        return "steady", "hardly more was stored in the last day than was deleted: it fills in a century or later"
    if is_young:
        return "filling", "some cameras have not reached their depth yet: the rate falls once they have"
    return "filling", "more was stored in the last day than was deleted"
