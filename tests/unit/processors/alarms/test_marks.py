"""Rules 2.3 to 2.7, case by case."""

from itertools import pairwise
from typing import Any

import pytest

from processors.alarms import rules
from processors.alarms.rules import Margins
from tests.mark_facts import MARGINS, NOW_MS, QUIET_MS, Partition, Shown, alarm, marks, stop, tick


def told(*events: Any, margins: Margins = MARGINS) -> list[Shown]:
    partition = Partition(margins)
    partition.tell(*events)
    return marks(partition.saves)


def test_rule_2_4_a_start_marks_10_s_before_its_mail_and_30_s_after_at_once() -> None:
    (save,) = Partition().tell(alarm(0, subject="Motion", event="Line crossing", channel="4", preview_key="previews/a"))
    assert (save.opened_at, save.updated_at, save.started_at, save.closed_at) == (NOW_MS - 10_000, NOW_MS, None, None)
    assert (save.title, save.preview, save.preview_timestamp) == ("Line crossing", "previews/a", NOW_MS)
    assert save.payload == {
        "mails": 1, "until_ms": NOW_MS + 30_000, "first_ms": NOW_MS, "last_ms": NOW_MS, "subject": "Motion",
        "matched": "motion", "event": "Line crossing", "device": "", "channel": "4", "vendor": "",
    }  # fmt: skip
    assert save.originator is not None
    assert save.originator.source == "alarm"


@pytest.mark.parametrize(
    ("claimed_s", "spans"),
    [
        pytest.param(None, [(-10, 30)], id="none"),
        pytest.param(-60, [(-10, 30)], id="off by a minute"),
        pytest.param(-60.001, [(-70.001, 30)], id="off by more, near enough to join"),
        pytest.param(-3600, [(-3610, -3570), (-10, 30)], id="an hour slow"),
        pytest.param(7200, [(-10, 30), (7190, 7230)], id="two hours fast"),
        pytest.param(-86_400, [(-86_410, -86_370), (-10, 30)], id="a day slow"),
        pytest.param(-86_400.001, [(-10, 30)], id="slower than a day"),
    ],
)
def test_rule_2_4_a_time_of_its_own_that_disagrees_is_marked_as_well(claimed_s: float | None, spans: object) -> None:
    claimed_ms = None if claimed_s is None else NOW_MS + round(claimed_s * 1000)
    found = told(alarm(0, claimed_ms=claimed_ms))
    assert [(one.start_s, one.end_s) for one in found] == spans
    assert {one.mails for one in found} == {1}


@pytest.mark.parametrize(
    ("second_s", "expected"),
    [
        pytest.param(70, [Shown(-10, 100, 2, None)], id="30 s apart"),
        pytest.param(70.001, [Shown(-10, 30, 1, "quiet"), Shown(60.001, 100.001, 1, None)], id="further apart"),
    ],
)
def test_rule_2_5_marks_no_further_than_30_s_apart_join(second_s: float, expected: list[Shown]) -> None:
    assert told(alarm(0), alarm(second_s)) == expected


def test_rule_2_5_a_thousand_mails_are_one_growing_episode_and_few_versions() -> None:
    partition = Partition()
    partition.tell(*(alarm(n / 200, number=n) for n in range(1000)), tick(200))
    assert marks(partition.saves) == [Shown(-10, 34.995, 1000, "quiet")]
    assert len(partition.saves) <= 7
    ends = [save.payload["until_ms"] for save in partition.saves if save.payload]
    assert all(later - sooner <= rules.STEP_MS for sooner, later in pairwise(ends))


def test_rule_2_3_a_stop_closes_and_never_opens() -> None:
    assert told(stop(0)) == []
    assert told(alarm(0), stop(5), stop(6)) == [Shown(-10, 30, 1, "stop")]


def test_rule_2_3_a_stop_extends_the_mark_but_never_shrinks_it() -> None:
    assert told(alarm(0), stop(45)) == [Shown(-10, 45, 1, "stop")]


def test_rule_2_3_a_stop_that_comes_late_leaves_what_began_after_it() -> None:
    assert told(alarm(100), stop(50)) == [Shown(90, 130, 1, None)]


def test_rule_2_3_a_stop_told_again_does_not_close_the_next_one() -> None:
    assert told(alarm(0), stop(5), alarm(20), stop(5)) == [Shown(-10, 30, 1, "stop"), Shown(10, 50, 1, None)]


def test_rule_2_3_a_start_after_a_stop_opens_another_though_it_is_near() -> None:
    assert told(alarm(0), stop(5), alarm(8)) == [Shown(-10, 30, 1, "stop"), Shown(-2, 38, 1, None)]


@pytest.mark.parametrize("kind", ["test", "other"])
def test_rule_2_3_tests_and_operator_events_mark_nothing(kind: str) -> None:
    assert told(alarm(0, kind=kind), alarm(10, number=10_000), alarm(20, kind=kind)) == [Shown(0, 40, 1, None)]


def test_rule_2_7_the_first_picture_is_the_preview_from_then_on() -> None:
    first, second, third, fourth = Partition().tell(
        alarm(0), alarm(0.1, preview_key="previews/a"), alarm(0.2, preview_key="previews/b"), alarm(5), tick(500)
    )
    assert [save.preview for save in (first, second, third, fourth)] == [None, *["previews/a"] * 3]
    assert second.preview_timestamp == NOW_MS + 100


def test_silence_closes_where_the_mark_ends_and_not_sooner() -> None:
    partition = Partition()
    assert partition.tell(alarm(0), tick(QUIET_MS / 1000 - 0.001))[1:] == []
    (closed,) = partition.tell(tick(QUIET_MS / 1000))
    assert (closed.closed_at, closed.updated_at, closed.close_reason) == (NOW_MS + 30_000, NOW_MS + QUIET_MS, "quiet")


def test_a_mail_told_again_extends_the_mark_but_is_not_counted_and_opens_none() -> None:
    assert told(alarm(0, number=1), alarm(20, number=1)) == [Shown(-10, 50, 1, None)]
    assert told(alarm(0, number=1), tick(90), alarm(100, number=1)) == [Shown(-10, 30, 1, "quiet")]


def test_an_old_mail_that_begins_earlier_moves_the_start_and_not_the_opening() -> None:
    first, second = Partition().tell(alarm(0), alarm(-20))
    assert (second.opened_at, second.started_at) == (first.opened_at, NOW_MS - 30_000)


def test_old_mails_and_new_ones_between_each_other_are_two_episodes() -> None:
    both = [event for n in range(50) for event in (alarm(n), alarm(n - 9000))]
    assert [one[:3] for one in told(*both)] == [(-9010, -8921, 50), (-10, 79, 50)]


def test_old_mails_are_not_closed_while_they_keep_coming() -> None:
    """Their marks lie long behind the time that is told; what counts is when they come."""
    live = [event for n in range(6) for event in (tick(n * 10), alarm(n * 10 + 1 - 9000), tick(n * 10 + 5))]
    assert told(*live, tick(150)) == [Shown(-9009, -8919, 6, "quiet")]


def test_news_of_an_old_mail_is_as_late_as_the_time_told_before_it() -> None:
    """Who asks for what was updated after the latest that he has seen must find it."""
    partition = Partition()
    partition.tell(tick(5))
    (save,) = partition.tell(alarm(-9000))
    assert (save.opened_at, save.updated_at) == (NOW_MS - 9_010_000, NOW_MS + 5000)


def test_what_comes_for_a_closed_episode_opens_another_with_a_name_of_its_own() -> None:
    found = Partition()
    found.tell(alarm(0, number=1), stop(1), alarm(0, number=2), stop(1.5), alarm(0, number=3))
    assert len({save.episode_id for save in found.saves}) == 3
    assert [one[:3] for one in marks(found.saves)] == [(-10, 30, 1)] * 3


def test_too_many_at_once_close_the_one_that_would_be_closed_first() -> None:
    partition = Partition()
    late = [alarm(-1000 * n) for n in range(rules.MOST_OPEN + 2)]
    partition.tell(*late)
    shown = marks(partition.saves)
    assert len(shown) == rules.MOST_OPEN + 2
    assert [one.reason for one in shown if one.reason] == ["quiet", "quiet"]


def test_a_record_that_was_taken_changes_nothing_and_an_old_offset_of_a_new_topic_does() -> None:
    partition = Partition()
    partition.tell(*(alarm(n / 1000, number=n) for n in range(2 * rules.MOST_KNOWN)))
    before = list(partition.saves)
    partition.offset = 0
    partition.take(alarm(0, number=0))
    assert partition.saves == before
    partition.take(alarm(5000, number=-1))
    assert len(partition.saves) == len(before) + 2


def test_cameras_do_not_meet() -> None:
    partition = Partition()
    partition.tell(alarm(0, media="gate"), alarm(0, media="tył"), stop(1, media="tył"))
    assert {save.media: save.close_reason for save in partition.saves} == {"gate": None, "tył": "stop"}


def test_other_margins_mark_otherwise() -> None:
    assert told(alarm(0), alarm(9), tick(100), margins=Margins(0, 1000, 0)) == [
        Shown(0, 1, 1, "quiet"), Shown(9, 10, 1, "quiet"),
    ]  # fmt: skip
