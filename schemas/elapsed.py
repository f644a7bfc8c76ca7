"""Time that has passed, told from clocks that nobody can set. Pure.

The wall clock of a machine jumps: by an hour, by a day, to 1970. What may only happen *after* a while (footage
expires, a lock ends) is therefore counted in elapsed time: a sum of differences of ``uptime_ms`` within one start of
one machine (``boot_id``). Time between two starts counts as nothing: footage is rather kept too long than too short.
"""

from collections.abc import Mapping

from msgspec import Struct

LANES = 8
"""Starts remembered. Several machines may measure at once; each has a lane, and the fastest counts."""


class Lane(Struct, frozen=True, array_like=True):
    """One start of one machine."""

    uptime_ms: int
    """As it said last."""
    elapsed_ms: int
    """What had elapsed for us by then."""


class Elapsed(Struct, frozen=True, array_like=True):
    """What has elapsed so far."""

    ms: int = 0
    """Never falls."""
    lanes: Mapping[str, Lane] = {}


def pass_time(was: Elapsed, boot_id: str, uptime_ms: int) -> Elapsed:
    """The same once a machine told its uptime. A start that is new, unknown or counts backwards adds nothing."""
    if not boot_id:
        return was
    lane = was.lanes.get(boot_id, Lane(uptime_ms, was.ms))
    now = Lane(uptime_ms, lane.elapsed_ms + max(0, uptime_ms - lane.uptime_ms))
    others = [(name, other) for name, other in was.lanes.items() if name != boot_id]
    kept = sorted(others, key=lambda one: (one[1].elapsed_ms, one[0]))[-(LANES - 1) :]
    return Elapsed(max(was.ms, now.elapsed_ms), {**dict(kept), boot_id: now})
