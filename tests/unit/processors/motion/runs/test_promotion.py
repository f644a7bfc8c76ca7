"""Promotions of runs over random footage, beside the model of tests/motion_model.py, and what they replace."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from msgspec import structs

from processors.episodes import rules as lifecycle
from processors.motion.runs.promotion import SUPERSEDED, change, is_motion
from schemas.episode import EpisodeRecord
from schemas.facts import EpisodeAccepted, EpisodeSaved, SegmentScanned
from schemas.motion import ReprocessPromoted
from tests import motion_model
from tests.motion_facts import Moved, Recorded, at, footage, last, mark, scan, shown, tick, told, unreadable, verdicts
from tests.motion_model import Expected

PROMOTED = ReprocessPromoted(run="again", observed_ms=at(100_000))


def of_run(*scans: SegmentScanned) -> list[SegmentScanned]:
    return [structs.replace(one, run="again") for one in scans]


def accepted(record: EpisodeRecord, **fields: Any) -> EpisodeAccepted:
    assert isinstance(record.episode_id, int)
    return EpisodeAccepted(
        media=record.media, observed_ms=record.updated_at, episode_id=record.episode_id, rev=3, save_id=9,
        record=structs.replace(record, preview=None), preview_key=record.preview, **fields,
    )  # fmt: skip


def standing(*live: SegmentScanned) -> list[EpisodeAccepted]:
    return [accepted(one) for one in told(*live, tick(1000))]


MOVING = (scan(0, 10, (4, 10)), scan(10, 20, (10, 12)), scan(20, 30))
"""One live episode, 4 to 12 s."""


@settings(max_examples=150, deadline=None)
@given(footage())
def test_a_run_makes_the_episodes_that_the_rules_say(seen: tuple[list[Moved], list[Recorded]]) -> None:
    scans = verdicts(*seen)
    made = change(PROMOTED, of_run(*scans), ()).made
    assert [Expected(*mark(one), one.labels or (), one.score or 0) for one in last(made)] == motion_model.episodes(
        scans
    )
    assert all(one.closed_at and one.updated_at == PROMOTED.observed_ms for one in made)
    assert all((one.payload or {})["run"] == "again" and is_motion(one) for one in made)


@settings(max_examples=50, deadline=None)
@given(footage())
def test_the_same_verdicts_in_any_order_and_told_twice_make_the_same(seen: tuple[list[Moved], list[Recorded]]) -> None:
    scans = of_run(*verdicts(*seen))
    assert change(PROMOTED, [*reversed(scans), *scans], ()) == change(PROMOTED, scans, ())


def test_motion_at_the_very_beginning_of_a_run_is_joined_with_what_follows_it() -> None:
    scans = of_run(scan(0, 4.5, (0.1, 0.2), (0.5, 4.5)), scan(4.5, 6.5), scan(6.5, 8.5, (7, 7.5)), scan(8.5, 20))
    assert shown(change(PROMOTED, scans, ()).made) == [(0.1, 7.5, "quiet")]


def test_what_the_run_found_stands_and_what_stood_there_is_superseded() -> None:
    stands = standing(*MOVING)
    found = change(PROMOTED, of_run(scan(0, 10, (6, 10)), scan(10, 20, (10, 12)), scan(20, 30)), stands)
    assert shown(found.made) == [(6, 12, "quiet")]
    (was,) = found.replaced
    assert (was.episode_id, was.opened_at, was.closed_at) == (
        stands[0].episode_id, stands[0].record.opened_at, stands[0].record.closed_at,
    )  # fmt: skip
    assert was.labels == (SUPERSEDED,)
    assert (was.payload or {})["superseded_by"] == "again"
    assert was.updated_at == PROMOTED.observed_ms


def test_the_lifecycle_takes_every_save_of_a_promotion() -> None:
    stands = standing(*MOVING)
    found = change(PROMOTED, of_run(*MOVING), stands)
    for record in (*found.made, *found.replaced):
        state: lifecycle.EpisodeState | None = None
        before = [one.record for one in stands if one.episode_id == record.episode_id]
        for number, save in enumerate([*before, record]):
            saved = EpisodeSaved(
                media="gate",
                observed_ms=save.updated_at,
                save_id=number,
                record=save,
                src_partition=0,
                src_offset=number,
            )
            state, facts = lifecycle.step(state, saved)
            assert [type(fact) for fact in facts] == [EpisodeAccepted]


def test_a_picture_that_stood_goes_on_to_stand() -> None:
    (stands,) = standing(scan(0, 10, (4, 6), preview_key="previews/a.jpg", preview_ms=at(4)), scan(10, 20))
    (was,) = change(PROMOTED, of_run(scan(0, 10), scan(10, 20)), [stands]).replaced
    assert was.preview == "previews/a.jpg"


def unseen(*scans: SegmentScanned) -> Sequence[EpisodeRecord]:
    return change(PROMOTED, of_run(*scans), standing(*MOVING)).replaced


@pytest.mark.parametrize(
    "scans",
    [
        pytest.param((scan(0, 10),), id="the run ends in the middle of it"),
        pytest.param((scan(10, 20), scan(20, 30)), id="the run begins in the middle of it"),
        pytest.param((scan(0, 10), unreadable(10, 20), scan(20, 30)), id="the run could not read it all"),
        pytest.param((scan(0, 10), scan(10, 20, level="none"), scan(20, 30)), id="nobody wanted to know"),
        pytest.param((), id="the run saw nothing of the camera"),
    ],
)
def test_an_episode_stays_where_the_run_did_not_look_at_all_of_it(scans: tuple[SegmentScanned, ...]) -> None:
    assert list(unseen(*scans)) == []


def test_an_episode_over_a_hole_in_the_footage_is_replaced_all_the_same() -> None:
    holed = (scan(0, 10, (4, 10)), scan(11, 20, (11, 12)), scan(20, 30))
    stands = standing(*holed)
    assert len(stands) == 1
    assert len(change(PROMOTED, of_run(*holed), stands).replaced) == 1


def test_nothing_unreadable_is_made_an_episode_by_a_run() -> None:
    assert change(PROMOTED, of_run(scan(0, 10, (4, 6)), unreadable(10, 20)), ()).made == change(
        PROMOTED, of_run(scan(0, 10, (4, 6))), ()
    ).made  # fmt: skip


def test_what_others_marked_is_left_alone() -> None:
    (stands,) = standing(*MOVING)
    for record in (
        structs.replace(stands.record, closed_at=None, close_reason=None),
        structs.replace(stands.record, episode_id=7),
        structs.replace(stands.record, payload=None),
        structs.replace(stands.record, labels=(SUPERSEDED,)),
    ):
        other = structs.replace(stands, record=record, episode_id=record.episode_id)
        assert change(PROMOTED, of_run(*MOVING), [other]).replaced == ()


def test_a_promotion_done_twice_replaces_nothing_of_its_own() -> None:
    first = change(PROMOTED, of_run(*MOVING), standing(*MOVING))
    again = change(PROMOTED, of_run(*MOVING), [accepted(one) for one in (*first.made, *first.replaced)])
    assert again == first._replace(replaced=())


def test_a_later_run_replaces_what_an_earlier_one_made() -> None:
    first = change(PROMOTED, of_run(*MOVING), ())
    later = ReprocessPromoted(run="third", observed_ms=at(200_000))
    scans = [structs.replace(one, run="third") for one in MOVING]
    found = change(later, scans, [accepted(one) for one in first.made])
    assert [(one.payload or {})["superseded_by"] for one in found.replaced] == ["third"]
