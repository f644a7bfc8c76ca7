"""When a part is started, given up on or killed: a pure state machine, one per part."""

from dataclasses import dataclass, replace
from enum import Enum


class Phase(Enum):
    """Where a part is in its life."""

    DOWN = "down"
    STARTING = "starting"
    READY = "ready"


class Action(Enum):
    """What the shell does next."""

    NOTHING = "nothing"
    START = "start"
    KILL = "kill"


@dataclass(frozen=True)
class Policy:
    """Patience, in seconds. ``settled_s`` of readiness forgives earlier failures."""

    stall_s: float = 30.0
    backoff_s: float = 0.5
    backoff_most_s: float = 30.0
    settled_s: float = 60.0

    def backoff(self, failures: int) -> float:
        """Seconds to wait after this many failures in a row (1 or more): doubling, capped."""
        return float(min(self.backoff_s * 2 ** min(failures - 1, 30), self.backoff_most_s))


@dataclass(frozen=True)
class State:
    """What is remembered about one part between looks. Times are monotonic seconds."""

    phase: Phase = Phase.DOWN
    since_s: float = 0.0
    resume_s: float = 0.0
    ill_since_s: float | None = None
    failures: int = 0
    reason: str = ""
    was_killed: bool = False


@dataclass(frozen=True)
class Seen:
    """One look at a part: does its process live, does its probe answer, may it start as far as others go."""

    alive: bool
    healthy: bool
    may_start: bool


def decide(state: State, seen: Seen, now_s: float, start_s: float, policy: Policy) -> tuple[State, Action]:
    """The next state and the one thing to do, from the last state and one look at the part."""
    if state.phase is Phase.DOWN:
        return _when_down(state, seen, now_s)
    if not seen.alive:
        return _failed(state, now_s, policy, "exited"), Action.NOTHING
    if state.phase is Phase.STARTING:
        return _when_starting(state, seen, now_s, start_s, policy)
    return _when_ready(state, seen, now_s, policy)


def _when_down(state: State, seen: Seen, now_s: float) -> tuple[State, Action]:
    if not seen.may_start or now_s < state.resume_s:
        return state, Action.NOTHING
    return replace(state, phase=Phase.STARTING, since_s=now_s, ill_since_s=None), Action.START


def _when_starting(state: State, seen: Seen, now_s: float, start_s: float, policy: Policy) -> tuple[State, Action]:
    if seen.healthy:
        return replace(state, phase=Phase.READY, since_s=now_s, reason=""), Action.NOTHING
    if now_s - state.since_s >= start_s:
        return _failed(state, now_s, policy, f"not ready after {start_s:.0f} s", was_killed=True), Action.KILL
    return state, Action.NOTHING


def _when_ready(state: State, seen: Seen, now_s: float, policy: Policy) -> tuple[State, Action]:
    if seen.healthy:
        settled = now_s - state.since_s >= policy.settled_s
        return replace(state, ill_since_s=None, failures=0 if settled else state.failures), Action.NOTHING
    ill_since_s = now_s if state.ill_since_s is None else state.ill_since_s
    if now_s - ill_since_s >= policy.stall_s:
        return _failed(state, now_s, policy, f"no answer for {policy.stall_s:.0f} s", was_killed=True), Action.KILL
    return replace(state, ill_since_s=ill_since_s), Action.NOTHING


def _failed(state: State, now_s: float, policy: Policy, reason: str, was_killed: bool = False) -> State:
    failures = state.failures + 1
    return State(Phase.DOWN, now_s, now_s + policy.backoff(failures), None, failures, reason, was_killed)
