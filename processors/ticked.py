"""The time told on a partition, as a fold sees it: that which stood before the fact, also when it is folded again."""

import msgspec

from processors.spec import States

TICKS_KEPT = 64
"""A fact that is folded again after a crash sees the time that stood before it, not the one told since."""
_CLOCK = b"/clock"
"""Where the latest times told on a partition are kept. No media is called so."""

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(tuple[tuple[int, int], ...])


def told_ms(states: States) -> int:
    """The latest time told before the fact; 0: none was."""
    return max((time_ms for _, time_ms in _times(states)), default=0)


def tick(states: States, observed_ms: int) -> int:
    """The time once a tick has told it, never earlier than before; kept for the facts behind it."""
    now_ms = max(observed_ms, told_ms(states))
    states.put(_CLOCK, _encoder.encode((*_times(states), (states.offset, now_ms))[-TICKS_KEPT:]))
    return now_ms


def _times(states: States) -> tuple[tuple[int, int], ...]:
    """(offset, time) of the latest ticks before the fact, ascending in both."""
    stands = states.get(_CLOCK)
    return tuple(one for one in _decoder.decode(stands) if one[0] < states.offset) if stands else ()
