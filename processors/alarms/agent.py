"""Marks as a processor: alarms and ticks in, versions of episodes out; a state per media, the time per partition."""

from collections.abc import Sequence

import msgspec

from infra.settings import Settings
from processors import ticked
from processors.alarms import rules
from processors.alarms.rules import Margins, MarkState
from processors.spec import Processor, States
from schemas import topics
from schemas.episode import EpisodeRecord
from schemas.facts import AlarmReceived, AlarmsTicked

MOVED_AT_ONCE = 10_000
"""Media whose episodes one tick closes at most; the next tick goes on."""

Outputs = Sequence[EpisodeRecord]
_encoder = msgspec.msgpack.Encoder()
_states = msgspec.msgpack.Decoder(MarkState)


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
    now, saves = rules.step(was, alarm, states.offset, ticked.told_ms(states), margins)
    if now is not was:
        _put(states, key, now, margins)
    return saves


def pass_time(tick: AlarmsTicked, states: States, margins: Margins) -> Outputs:
    """Episodes of the partition that nothing joins any more, closed."""
    now_ms = ticked.tick(states, tick.observed_ms)
    saves: list[EpisodeRecord] = []
    for _, key in states.marked(now_ms, MOVED_AT_ONCE):
        now, closed = rules.pass_time(_state(states, key), key.decode(), now_ms, margins)
        _put(states, key, now, margins)
        saves += closed
    return saves


def _state(states: States, key: bytes) -> MarkState:
    stands = states.get(key)
    return _states.decode(stands) if stands else MarkState()


def _put(states: States, key: bytes, state: MarkState, margins: Margins) -> None:
    """Keep a state, marked with the time that closes the first of its open episodes."""
    states.put(key, _encoder.encode(state), rules.due_ms(state, margins))
