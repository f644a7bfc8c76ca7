"""The life of one part, without a process and without a clock."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.embedded.supervision import Action, Phase, Policy, Seen, State, decide

POLICY = Policy(stall_s=30, backoff_s=0.5, backoff_most_s=30, settled_s=60)
START_S = 60.0
WELL = Seen(alive=True, healthy=True, may_start=True)
SILENT = replace(WELL, healthy=False)
GONE = Seen(alive=False, healthy=False, may_start=True)


def after(state: State, *looks: tuple[float, Seen]) -> tuple[State, Action]:
    action = Action.NOTHING
    for now_s, seen in looks:
        state, action = decide(state, seen, now_s, START_S, POLICY)
    return state, action


def test_a_part_waits_for_what_it_needs() -> None:
    state, action = after(State(), (0.0, replace(GONE, may_start=False)))
    assert (state.phase, action) == (Phase.DOWN, Action.NOTHING)


def test_a_part_starts_once_what_it_needs_is_ready() -> None:
    state, action = after(State(), (0.0, GONE))
    assert (state.phase, action) == (Phase.STARTING, Action.START)


def test_a_started_part_is_ready_when_it_answers() -> None:
    state, action = after(State(), (0.0, GONE), (1.0, SILENT), (2.0, WELL))
    assert (state.phase, state.since_s, action) == (Phase.READY, 2.0, Action.NOTHING)


def test_a_part_that_never_answers_is_killed_after_its_start_time() -> None:
    starting, _ = after(State(), (0.0, GONE))
    assert after(starting, (59.9, SILENT))[1] is Action.NOTHING
    state, action = after(starting, (60.0, SILENT))
    assert (state.phase, state.reason, action) == (Phase.DOWN, "not ready after 60 s", Action.KILL)


def test_a_crashed_part_starts_again_after_the_backoff() -> None:
    crashed, action = after(State(), (0.0, GONE), (1.0, WELL), (10.0, GONE))
    assert (crashed.phase, crashed.resume_s, action) == (Phase.DOWN, 10.5, Action.NOTHING)
    assert after(crashed, (10.4, GONE))[1] is Action.NOTHING
    assert after(crashed, (10.5, GONE))[1] is Action.START


def test_a_silent_part_is_killed_after_the_stall_time() -> None:
    ready, _ = after(State(), (0.0, GONE), (1.0, WELL))
    assert after(ready, (10.0, SILENT), (39.9, SILENT))[1] is Action.NOTHING
    state, action = after(ready, (10.0, SILENT), (40.0, SILENT))
    assert (state.phase, state.reason, action) == (Phase.DOWN, "no answer for 30 s", Action.KILL)


def test_one_answer_ends_a_silence() -> None:
    ready, _ = after(State(), (0.0, GONE), (1.0, WELL))
    assert after(ready, (10.0, SILENT), (30.0, WELL), (41.0, SILENT))[1] is Action.NOTHING


def test_a_supervisor_that_was_frozen_itself_does_not_blame_its_parts() -> None:
    ready, _ = after(State(), (0.0, GONE), (1.0, WELL))
    assert after(ready, (1000.0, SILENT))[1] is Action.NOTHING


def test_long_health_forgives_earlier_failures() -> None:
    failed = State(Phase.DOWN, failures=5)
    assert after(failed, (0.0, GONE), (1.0, WELL), (60.9, WELL))[0].failures == 5
    assert after(failed, (0.0, GONE), (1.0, WELL), (61.0, WELL))[0].failures == 0


@pytest.mark.parametrize(("failures", "wait_s"), [(1, 0.5), (2, 1), (3, 2), (7, 30), (5000, 30)])
def test_the_backoff_doubles_up_to_its_limit(failures: int, wait_s: float) -> None:
    assert POLICY.backoff(failures) == wait_s


@given(st.lists(st.builds(Seen, alive=st.booleans(), healthy=st.booleans(), may_start=st.booleans()), max_size=200))
def test_a_part_is_started_only_when_it_is_down_and_killed_only_when_it_is_not(looks: list[Seen]) -> None:
    state = State()
    for now_s, seen in enumerate(looks):
        before = state.phase
        state, action = decide(state, seen, float(now_s), START_S, POLICY)
        if action is Action.START:
            assert (before, state.phase) == (Phase.DOWN, Phase.STARTING)
        if action is Action.KILL:
            assert before is not Phase.DOWN
            assert state.phase is Phase.DOWN
