"""How locks look in answers."""

from collections.abc import Collection
from typing import Any

from projections.protected_ranges.reads import StoredHold, StoredLock


def lock(one: StoredLock, in_force: Collection[StoredHold]) -> dict[str, Any]:
    """One lock; ids as text."""
    return {
        "lock_id": str(one.lock_id),
        "media": one.media,
        "from_ms": one.start_ms,
        "to_ms": one.end_ms,
        "reason": one.reason,
        "until_ms": one.until_ms,
        "requested_ms": one.requested_ms,
        "requested_by": one.requested_by,
        "state": state(one, in_force),
        "released_ms": one.released_ms,
        "released_by": one.released_by,
    }


def state(one: StoredLock, in_force: Collection[StoredHold]) -> str:
    """``released`` by somebody; ``held``; ``ended`` by itself; or ``requested``: protection has not answered yet."""
    if one.released_ms is not None:
        return "released"
    if one.hold in in_force:
        return "held"
    return "requested" if one.held_ms is None else "ended"
