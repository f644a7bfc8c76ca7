import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.motion.runs.rules import Runs, config, told, wants
from schemas.facts import MotionConfig
from schemas.motion import (
    ReprocessCompleted,
    ReprocessDropped,
    ReprocessPromoted,
    ReprocessRequested,
    ReprocessStarted,
    RunFact,
    Zone,
)

ASKED = ReprocessRequested(run="again", observed_ms=9000, media=("gate",), from_ms=1000, to_ms=2000)
STARTED = ReprocessStarted(run="again", observed_ms=9001, topic="segments", stretches=())
LOOKED = ReprocessCompleted(run="again", observed_ms=9002, step="looked")
WANTED = ReprocessPromoted(run="again", observed_ms=9003)
APPLIED = ReprocessCompleted(run="again", observed_ms=9004, step="promoted")
DROPPED = ReprocessDropped(run="again", observed_ms=9005)


def after(*facts: RunFact) -> Runs:
    runs: Runs = {}
    for fact in facts:
        runs = told(runs, fact)
    return runs


@pytest.mark.parametrize(
    ("facts", "to_look", "to_promote"),
    [
        pytest.param((ASKED,), True, False, id="asked"),
        pytest.param((ASKED, STARTED), True, False, id="started"),
        pytest.param((ASKED, WANTED), True, False, id="wanted before it is done"),
        pytest.param((ASKED, STARTED, LOOKED), False, False, id="looked"),
        pytest.param((ASKED, STARTED, LOOKED, WANTED), False, True, id="wanted"),
        pytest.param((ASKED, STARTED, LOOKED, WANTED, APPLIED), False, False, id="promoted"),
        pytest.param((ASKED, STARTED, DROPPED), False, False, id="dropped in the middle"),
        pytest.param((ASKED, LOOKED, DROPPED, WANTED), False, False, id="dropped, then wanted"),
        pytest.param((ASKED, LOOKED, WANTED, DROPPED), False, True, id="wanted, then dropped"),
    ],
)
def test_what_is_left_to_do_follows_from_what_was_told(
    facts: tuple[RunFact, ...], to_look: bool, to_promote: bool
) -> None:
    run = after(*facts)["again"]
    assert (run.is_to_look, run.is_to_promote) == (to_look, to_promote)


def test_the_first_request_of_a_name_counts_and_so_does_the_first_start() -> None:
    other = ReprocessRequested(run="again", observed_ms=9999, from_ms=0, to_ms=1)
    later = ReprocessStarted(run="again", observed_ms=9998, topic="motion", stretches=())
    run = after(ASKED, other, STARTED, later)["again"]
    assert (run.asked, run.started) == (ASKED, STARTED)


def test_what_is_told_of_a_run_that_nobody_asked_for_is_passed_over() -> None:
    assert after(STARTED, LOOKED, WANTED, DROPPED) == {}


@given(st.lists(st.sampled_from([ASKED, STARTED, LOOKED, WANTED, APPLIED, DROPPED]), max_size=8))
def test_facts_told_twice_in_a_row_change_nothing(facts: list[RunFact]) -> None:
    assert after(*(fact for one in facts for fact in (one, one))) == after(*facts)


@pytest.mark.parametrize(
    ("media", "start_ms", "end_ms", "wanted"),
    [("gate", 0, 1000, False), ("gate", 0, 1001, True), ("gate", 1999, 3000, True), ("gate", 2000, 3000, False),
     ("yard", 1000, 2000, False)],
)  # fmt: skip
def test_a_segment_is_wanted_where_any_of_it_lies_in_the_run(
    media: str, start_ms: int, end_ms: int, wanted: bool
) -> None:
    assert wants(ASKED, media, start_ms, end_ms) is wanted


def test_a_run_that_names_no_camera_is_about_every_camera() -> None:
    assert wants(ReprocessRequested(run="again", observed_ms=1, from_ms=0, to_ms=9), "yard", 0, 6)


def test_a_run_differs_from_the_camera_in_what_it_sets() -> None:
    camera = MotionConfig(
        enabled=False, sensitivity=20, join_ms=9000, zones=(Zone(name="a", polygon=((0, 0), (1, 0), (1, 1))),)
    )
    asked = ReprocessRequested(
        run="again", observed_ms=1, from_ms=0, to_ms=9, detector="mog2@1", settings={"sensitivity": 70, "zones": []}
    )
    assert config(asked, camera) == MotionConfig(sensitivity=70, join_ms=9000, detector="mog2@1")


@pytest.mark.parametrize(
    ("settings", "named"),
    [({"sensitivity": 101}, "sensitivity"), ({"sensitivty": 7}, "sensitivty"), ({"detector": "mog2@1"}, "detector"),
     ({"enabled": False}, "enabled"),
     ({"zones": [{"name": "a"}]}, "polygon")],
)  # fmt: skip
def test_settings_that_no_camera_can_have_are_refused_by_name(settings: dict[str, object], named: str) -> None:
    asked = ReprocessRequested(run="again", observed_ms=1, from_ms=0, to_ms=9, settings=settings)
    with pytest.raises(ValueError, match=named):
        config(asked, MotionConfig())
