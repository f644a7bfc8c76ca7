"""What has elapsed, as a fold sees it: that which stood before the fact, also when it is folded again after a crash."""

import struct

from processors.spec import States

KEPT = 256
"""Ticks remembered. A fact that is folded again beyond them counts as later: its footage is kept a little longer."""
_KEY = b"+clock"
"""Before all other keys: while anything else is ahead of a fact, what had elapsed then is known."""
_TICK = struct.Struct("<2q")


def elapsed_ms(states: States) -> int:
    """What had elapsed when the fact came."""
    stands = states.get(_KEY) or b""
    at = len(stands) - _TICK.size
    while at > 0 and _TICK.unpack_from(stands, at)[0] >= states.offset:
        at -= _TICK.size
    return int(_TICK.unpack_from(stands, at)[1]) if stands else 0


def last_tick(states: States) -> int:
    """Offset of the last tick before the fact; -1: there was none."""
    stands = states.get(_KEY) or b""
    return max((at for at, _ in _TICK.iter_unpack(stands[-8 * _TICK.size :]) if at < states.offset), default=-1)


def tick(states: States, now_ms: int) -> None:
    """The facts behind this one see that so much has elapsed. One that is folded again changes nothing."""
    stands = states.get(_KEY) or b""
    if not stands or _TICK.unpack_from(stands, len(stands) - _TICK.size)[0] < states.offset:
        states.put(_KEY, (stands + _TICK.pack(states.offset, now_ms))[-KEPT * _TICK.size :])
