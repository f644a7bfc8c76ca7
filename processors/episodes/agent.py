"""The lifecycle as a processor: saves and ticks in, accepted versions and refusals out, one state per episode."""

from collections.abc import Sequence

import msgspec

from infra.settings import Settings
from processors.episodes import rules
from processors.episodes.rules import EpisodeState
from processors.spec import Processor, States
from schemas import topics
from schemas.facts import ClockTicked, EpisodeAccepted, EpisodeRefused, EpisodeSaved

CLOSED_AT_ONCE = 10_000
"""Episodes that one tick closes at most; the next tick goes on."""

Outputs = Sequence[EpisodeAccepted | EpisodeRefused]
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(EpisodeState)


def processor(settings: Settings, version: int = 1) -> Processor:
    """The lifecycle with these settings."""
    timeout_ms = settings.episode_timeout_ms

    def fold(fact: EpisodeSaved | ClockTicked, states: States) -> Outputs:
        if isinstance(fact, ClockTicked):
            return close_silent(fact, states, timeout_ms)
        return save(fact, states, timeout_ms)

    return Processor(name="episodes", version=version, source=topics.EPISODE_SAVES, fold=fold)


def save(saved: EpisodeSaved, states: States, timeout_ms: int) -> Outputs:
    """What becomes of one save."""
    key = rules.key(saved.media, int(saved.record.episode_id))
    stands = states.get(key)
    was = _decoder.decode(stands) if stands else None
    now, told = rules.step(was, saved)
    if now is not was:
        _put(states, key, now, timeout_ms)
    return told


def close_silent(tick: ClockTicked, states: States, timeout_ms: int) -> Outputs:
    """Episodes of our own that are open and have had no news for ``timeout_ms``, closed (rule 1.11)."""
    told: list[EpisodeAccepted] = []
    for _, key in states.marked(tick.observed_ms - timeout_ms, CLOSED_AT_ONCE):
        stands = states.get(key)
        assert stands is not None, "what is marked is there"
        was = _decoder.decode(stands)
        now, closed = rules.close_silent(was, tick.observed_ms, timeout_ms)
        if now is not was:
            _put(states, key, now, timeout_ms)
            told += closed
    return told


def _put(states: States, key: bytes, state: EpisodeState, timeout_ms: int) -> None:
    """Keep a state, marked so that ``close_silent`` finds it once silence can close it."""
    mark_ms = None if state.open_save is None else rules.silent_ms(state, timeout_ms) - timeout_ms
    states.put(key, _encoder.encode(state), mark_ms)
