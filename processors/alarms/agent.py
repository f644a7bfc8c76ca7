"""Marks as a processor: alarms and ticks in, versions of episodes out; a state per media, the time per partition."""

from collections.abc import Sequence

import msgspec

from infra.settings import Settings
from processors.alarms import rules
from processors.alarms.rules import Margins, MarkState
from processors.spec import Processor, States
from schemas import topics
from schemas.episode import EpisodeRecord
from schemas.facts import AlarmReceived, AlarmsTicked

MOVED_AT_ONCE = 10_000
"""Media whose episodes one tick closes at most; the next tick goes on."""
TICKS_KEPT = 64
"""An alarm that is folded again after a crash sees the time that stood before it, not the one told since."""
_CLOCK = b"/clock"
"""Where the latest times told on a partition are kept. No media is called so."""

Outputs = Sequence[EpisodeRecord]
_encoder = msgspec.msgpack.Encoder()
_states = msgspec.msgpack.Decoder(MarkState)
_clock = msgspec.msgpack.Decoder(tuple[tuple[int, int], ...])


def processor(settings: Settings, version: int = 1) -> Processor:
    """The marks of alarms with these settings."""
    margins = Margins(settings.alarm_before_ms, settings.alarm_after_ms, settings.alarm_join_ms)

    def fold(fact: AlarmReceived | AlarmsTicked, states: States) -> Outputs:
        return pass_time(fact, states, margins) if isinstance(fact, AlarmsTicked) else place(fact, states, margins)

    return Processor(name="alarms", version=version, source=topics.ALARMS, fold=fold)


def place(alarm: AlarmReceived, states: States, margins: Margins) -> Outputs:
    """What becomes of one alarm."""
    key = alarm.media.encode()
    was = _state(states, key)
    times = _times(states)
    now, saves = rules.step(was, alarm, states.offset, times[-1][1] if times else 0, margins)
    if now is not was:
        _put(states, key, now, margins)
    return saves


def pass_time(tick: AlarmsTicked, states: States, margins: Margins) -> Outputs:
    """Episodes of the partition that nothing joins any more, closed."""
    before = _times(states)
    now_ms = max(tick.observed_ms, before[-1][1] if before else 0)
    states.put(_CLOCK, _encoder.encode((*before, (states.offset, now_ms))[-TICKS_KEPT:]))
    saves: list[EpisodeRecord] = []
    for key in states.marked(now_ms, MOVED_AT_ONCE):
        now, closed = rules.pass_time(_state(states, key), key.decode(), now_ms, margins)
        _put(states, key, now, margins)
        saves += closed
    return saves


def _times(states: States) -> tuple[tuple[int, int], ...]:
    """(offset, time) of the latest ticks before the fact, ascending in both."""
    stands = states.get(_CLOCK)
    return tuple(one for one in _clock.decode(stands) if one[0] < states.offset) if stands else ()


def _state(states: States, key: bytes) -> MarkState:
    stands = states.get(key)
    return _states.decode(stands) if stands else MarkState()


def _put(states: States, key: bytes, state: MarkState, margins: Margins) -> None:
    """Keep a state, marked with the time that closes the first of its open episodes."""
    states.put(key, _encoder.encode(state), rules.due_ms(state, margins))
