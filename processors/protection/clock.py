"""The time that has elapsed on a partition, as a fact sees it: that which had before it, also when folded again."""

import msgspec
from msgspec import Struct

from processors.spec import States
from schemas import elapsed
from schemas.elapsed import Elapsed

TOLD_KEPT = 64
"""A fact that is folded again after a crash sees the time that stood before it, not the one told since."""
_KEY = b"/clock"
"""No media is called so."""


class Clock(Struct, frozen=True, array_like=True):
    """What the ticks of a partition have told."""

    offset: int = -1
    """Of the last one taken."""
    elapsed: Elapsed = Elapsed()
    told: tuple[tuple[int, int], ...] = ()
    """Offset of the latest ticks, and what had elapsed by then."""


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Clock)


def elapsed_ms(states: States) -> int:
    """What had elapsed before the fact. Where it is not known any more, rather more: what lasts so long ends later."""
    told = _clock(states).told
    before = [ms for offset, ms in told if offset < states.offset]
    return before[-1] if before else told[0][1] if told else 0


def pass_time(states: States, boot_id: str, uptime_ms: int) -> int:
    """What has elapsed with a tick. One that was taken before adds nothing, and says no more than it did."""
    was = _clock(states)
    if states.offset <= was.offset:
        return max((ms for offset, ms in was.told if offset <= states.offset), default=0)
    now = elapsed.pass_time(was.elapsed, boot_id, uptime_ms)
    told = (*was.told, (states.offset, now.ms))[-TOLD_KEPT:]
    states.put(_KEY, _encoder.encode(Clock(states.offset, now, told)))
    return now.ms


def _clock(states: States) -> Clock:
    stands = states.get(_KEY)
    return _decoder.decode(stands) if stands else Clock()
