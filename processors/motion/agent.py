"""Joining as a processor: verdicts and ticks in, versions of episodes out, and between them a state per camera."""

from collections.abc import Sequence

import msgspec

from infra.settings import Settings
from processors import ticked
from processors.motion import joining
from processors.motion.joining import JoinState
from processors.spec import Processor, States
from schemas import topics
from schemas.episode import FIRST_MS, LAST_MS, EpisodeRecord
from schemas.facts import MotionTicked, SegmentScanned

MOVED_AT_ONCE = 10_000
"""Cameras that one tick moves at most; the next tick goes on."""

Outputs = Sequence[EpisodeRecord]
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(JoinState)


def processor(settings: Settings, version: int = 1) -> Processor:
    """The episodes of live verdicts, with these settings."""
    wait_ms = settings.motion_wait_ms

    def fold(fact: SegmentScanned | MotionTicked, states: States) -> Outputs:
        return pass_time(fact, states, wait_ms) if isinstance(fact, MotionTicked) else place(fact, states, wait_ms)

    return Processor(name="motion", version=version, source=topics.MOTION, fold=fold)


def place(scan: SegmentScanned, states: States, wait_ms: int) -> Outputs:
    """What becomes of one verdict. Those of runs are no episodes, nor is what an episode has no times for."""
    if scan.run or not FIRST_MS <= scan.from_ms < scan.end_ms <= LAST_MS:
        return ()
    key = scan.media.encode()
    was = _state(states, key)
    now, saves = joining.step(was, scan, states.offset, ticked.told_ms(states), wait_ms)
    if now is not was:
        _put(states, key, now, wait_ms)
    return saves


def pass_time(tick: MotionTicked, states: States, wait_ms: int) -> Outputs:
    """Episodes of the partition as they are once time has come so far."""
    now_ms = ticked.tick(states, tick.observed_ms)
    saves: list[EpisodeRecord] = []
    for _, key in states.marked(now_ms, MOVED_AT_ONCE):
        was = _state(states, key)
        now, told = joining.pass_time(was, key.decode(), now_ms, wait_ms)
        if now is not was:
            _put(states, key, now, wait_ms)
        saves += told
    return saves


def _state(states: States, key: bytes) -> JoinState:
    stands = states.get(key)
    return _decoder.decode(stands) if stands else JoinState()


def _put(states: States, key: bytes, state: JoinState, wait_ms: int) -> None:
    """Keep a state, marked with the time that changes something in it."""
    states.put(key, _encoder.encode(state), joining.due_ms(state, wait_ms))
