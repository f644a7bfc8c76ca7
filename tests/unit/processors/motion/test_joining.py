"""Rules 1.2, 2.6, 3.3, 3.4 and 3.6, case by case."""

import pytest
from msgspec import structs

from processors.motion import agent, joining
from processors.motion.joining import JoinState
from schemas import ids
from schemas.facts import Look, MotionSpan, SegmentScanned
from schemas.intervals import Span, union
from tests import mark_facts
from tests.motion_facts import (
    END,
    NOW_MS,
    WAIT_MS,
    Partition,
    at,
    last,
    mark,
    scan,
    shown,
    tick,
    told,
    unreadable,
)


def before(*, media: str = "gate", join_ms: int = 3000) -> SegmentScanned:
    """Ten still seconds before everything, so that what follows need not wait."""
    return scan(-10, 0, media=media, parameters={"join_ms": join_ms})


def test_motion_is_an_episode_at_once_and_says_what_is_known_of_it() -> None:
    partition = Partition()
    partition.tell(before())
    span = MotionSpan(start_ms=at(2), end_ms=at(4), score=0.8, peak_ms=at(3), zones=("yard", "door"))
    (save,) = partition.tell(scan(0, 10, spans=(span,), verdict="motion", preview_key="previews/a", preview_ms=at(3.2)))
    assert (save.opened_at, save.closed_at, save.updated_at) == (at(2), at(4), at(11))
    assert (save.labels, save.score, save.title) == (("door", "yard"), 0.8, "Motion: door, yard")
    assert (save.preview, save.preview_timestamp) == ("previews/a", at(3.2))
    assert save.payload == {"until_ms": at(4), "segments": 1, "detector": "cascade@1", "peak_ms": at(3)}
    assert save.originator is not None
    assert save.originator.source == "motion_detector"


def test_rule_1_2_ids_are_made_from_camera_opening_source_and_detector() -> None:
    (save,) = told(before(), scan(0, 10, (2, 4)))
    assert save.episode_id == ids.derived_episode("gate", at(2), "motion_detector", "cascade@1")


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        pytest.param((7, 8), [(2, 8, "quiet")], id="3 s apart"),
        pytest.param((7.001, 8), [(2, 4, "quiet"), (7.001, 8, "quiet")], id="further apart"),
    ],
)
def test_rule_3_3_motion_no_further_apart_than_the_join_gap_is_one(
    second: tuple[float, float], expected: object
) -> None:
    assert shown(told(before(), scan(0, 10, (2, 4), second), scan(10, 20))) == expected


def test_rule_3_3_shorter_motion_than_asked_for_is_no_episode_until_it_has_grown() -> None:
    asked = {"min_ms": 2000, "join_ms": 1000}
    short = scan(0, 10, (2, 3.9), (8.5, 10), parameters=asked)
    partition = Partition()
    assert partition.tell(before(), short) == []
    (save,) = partition.tell(scan(10, 20, (10, 10.5), parameters=asked))
    assert (save.opened_at, save.closed_at) == (at(8.5), at(10.5))


def test_rule_3_3_each_camera_is_joined_as_its_owner_wants() -> None:
    spans = ((1.0, 2.0), (5.0, 6.0))
    near, far = (
        scan(0, 10, *spans, media=one, parameters={"join_ms": gap}) for one, gap in (("gate", 0), ("yard", 5000))
    )
    found = told(before(join_ms=0), before(media="yard", join_ms=5000), near, far, END)
    assert [(one.media, one.opened_at) for one in found] == [("gate", at(1)), ("yard", at(1)), ("gate", at(5))]


def test_parameters_that_are_none_of_ours_leave_the_defaults() -> None:
    odd = {"join_ms": "long", "min_ms": 0}
    assert shown(told(before(), scan(0, 10, (1, 2), (5, 6), parameters=odd), scan(10, 20))) == [(1, 6, "quiet")]


def test_rule_3_4_spans_join_across_the_border_and_close_after_the_join_gap() -> None:
    partition = Partition()
    partition.tell(before(), scan(0, 10, (4, 10)), scan(10, 20, (10, 11), (13.5, 15)))
    assert shown(partition.saves) == [(4, 15, "quiet")]
    assert [save.closed_at for save in partition.saves] == [None, at(15)]


def test_rule_3_4_an_episode_grows_with_every_segment_and_keeps_its_strongest_moment() -> None:
    weak, strong = (
        scan(start, start + 10, verdict="motion", preview_key=f"previews/{start}", preview_ms=at(start + 5),
             spans=(MotionSpan(start_ms=at(start), end_ms=at(start + 10), score=score, zones=zones),))
        for start, score, zones in ((0, 0.3, ("yard",)), (10, 0.7, ("door",)))
    )  # fmt: skip
    partition = Partition()
    first, second, third = partition.tell(before(), weak, strong, tick(30), tick(2000))
    assert first.payload is None or first.payload["until_ms"] == at(10)
    assert (second.labels, second.score, second.preview) == (("door", "yard"), 0.7, "previews/10")
    assert second.payload == {"until_ms": at(20), "segments": 2, "detector": "cascade@1", "peak_ms": at(10)}
    assert (third.closed_at, third.close_reason, third.updated_at) == (at(20), "quiet", at(2000))


def test_rule_3_4_motion_at_the_start_of_a_recording_waits_for_what_may_come_before_it() -> None:
    partition = Partition()
    assert partition.tell(scan(0, 10, (1, 4)), tick(11 + WAIT_MS / 1000 - 0.001)) == []
    assert shown(partition.tell(tick(11 + WAIT_MS / 1000))) == [(1, 4, "quiet")]
    other = Partition()
    other.tell(scan(0, 10, (1, 4)), scan(-10, -1, (-5, -1), observed_ms=at(12)), tick(13))
    assert shown(other.saves) == [(-5, -1, None)]
    other.tell(END)
    assert shown(other.saves) == [(-5, 4, "quiet")]


def test_motion_far_from_the_start_of_a_recording_waits_for_nothing() -> None:
    assert shown(Partition().tell(scan(0, 10, (4, 6)))) == [(4, 6, "quiet")]


def test_motion_waits_for_what_ends_just_a_join_gap_before_it() -> None:
    """The segment between is still and known; the one before that waits for what may have been before it."""
    assert shown(told(scan(0, 4, (1, 4)), scan(4, 6), scan(6, 12, (7, 8)), END)) == [(1, 8, "quiet")]


def test_waiting_once_for_what_never_comes_is_enough() -> None:
    """With a join gap of minutes, not every segment after the start of a recording waits."""
    long = {"join_ms": 60_000}
    partition = Partition()
    partition.tell(scan(0, 10, (1, 4), parameters=long), tick(50))
    assert len(partition.saves) == 1
    assert len(partition.tell(scan(10, 20, (15, 20), parameters=long))) == 1


def test_a_segment_that_is_missing_ends_the_waiting_of_the_next_by_time() -> None:
    partition = Partition()
    partition.tell(before(), scan(0, 10, (8, 10)), scan(20, 30, (20, 25)), tick(40))
    assert shown(partition.saves) == [(8, 10, None)]
    partition.tell(tick(31 + WAIT_MS / 1000))
    assert shown(partition.saves) == [(8, 10, "quiet"), (20, 25, "quiet")]


def test_a_segment_that_comes_in_time_after_the_next_joins_both() -> None:
    partition = Partition()
    partition.tell(before(), scan(0, 10, (8, 10)), scan(20, 30, (20, 25)), scan(10, 20, (10, 20)))
    assert shown(partition.saves) == [(8, 25, "quiet")]


def test_a_segment_that_comes_too_late_is_an_episode_beside() -> None:
    partition = Partition()
    partition.tell(before(), scan(0, 10, (8, 10)), scan(20, 30, (20, 25)), tick(200))
    partition.tell(scan(10, 20, (10, 20), observed_ms=at(210)), END)
    assert shown(partition.saves) == [(8, 10, "quiet"), (10, 20, "quiet"), (20, 25, "quiet")]
    assert len({save.episode_id for save in partition.saves}) == 3


def test_an_episode_whose_name_is_taken_gets_the_next() -> None:
    partition = Partition()
    partition.tell(before(), scan(0, 10, (2, 4)), scan(1, 9, (2, 6), observed_ms=at(20)), END)
    first, second = last(partition.saves)
    assert (first.opened_at, second.opened_at, second.started_at) == (at(2), at(2) + 1, at(2))
    assert mark(second) == Span(at(2), at(6))


def guessing(
    start_s: float, end_s: float, *seen: tuple[float, float], last_s: float, from_s: float | None = None
) -> SegmentScanned:
    """A verdict whose last look was at ``last_s``, and which may speak of the segment before, from ``from_s`` on."""
    first_s = start_s if from_s is None else from_s
    looks = (Look(at_ms=at(first_s), score=0.0), Look(at_ms=at(last_s), score=0.0))
    return structs.replace(scan(start_s, end_s, *seen), looks=looks)


def test_what_the_next_verdict_says_of_the_end_of_a_segment_counts() -> None:
    supposes = guessing(0, 10, (5, 10), last_s=8)
    knows = guessing(10, 20, (8, 8.4), last_s=18, from_s=8)
    assert shown(told(before(), supposes, knows, END)) == [(5, 8.4, "quiet")]
    assert shown(told(before(), knows, supposes, END)) == [(5, 8.4, "quiet")]


def test_the_end_of_a_segment_counts_as_it_was_supposed_when_no_other_follows() -> None:
    assert shown(told(before(), guessing(0, 10, (5, 10), last_s=8), END)) == [(5, 10, "quiet")]


def test_motion_found_late_in_the_end_of_a_still_segment_joins_what_was_before() -> None:
    still_at_8 = guessing(0, 10, (5, 6.5), last_s=8)
    knows = guessing(10, 20, (9, 12), last_s=18, from_s=8)
    assert shown(told(before(), still_at_8, knows, END)) == [(5, 12, "quiet")]


def test_a_verdict_told_again_after_the_next_is_corrected_again() -> None:
    supposes, knows = guessing(0, 10, (5, 10), last_s=8), guessing(10, 20, (8, 8.4), last_s=18, from_s=8)
    partition = Partition()
    partition.tell(before(), supposes, knows, scan(20, 30))
    stood = list(partition.saves)
    assert partition.tell(structs.replace(supposes, observed_ms=at(31)), END) == []
    assert shown(stood) == [(5, 8.4, "quiet")]


def test_a_verdict_told_again_does_not_keep_its_episode_open() -> None:
    partition = Partition()
    moving = scan(0, 10, (5, 10))
    partition.tell(before(), moving, tick(20), *(structs.replace(moving, observed_ms=at(20 + n)) for n in range(30)))
    (closed,) = partition.tell(tick(11 + 3 + 10 + WAIT_MS / 1000))
    assert (closed.closed_at, closed.payload and closed.payload["segments"]) == (at(10), 1)


def test_a_verdict_that_waits_and_is_told_again_waits_once() -> None:
    state, moving = JoinState(), scan(0, 10, (0, 4))
    for offset in range(3):
        again = structs.replace(moving, observed_ms=at(11 + offset))
        state, saves = joining.step(state, again, offset, 0, WAIT_MS)
        assert (len(state.waiting), saves) == (1, [])


def test_a_segment_that_could_be_read_at_last_is_marked_as_both() -> None:
    found = told(unreadable(0, 10), scan(0, 10, (1, 3), observed_ms=at(12)), END)
    assert [(one.title, mark(one)) for one in found] == [
        ("Footage could not be read: no header", Span(at(0), at(10))), ("Motion", Span(at(1), at(3))),
    ]  # fmt: skip


def test_rule_3_6_what_cannot_be_read_is_an_episode_of_its_own_kind() -> None:
    partition = Partition()
    *_, save = partition.tell(before(), unreadable(0, 10), scan(10, 20))
    assert (save.opened_at, save.closed_at, save.labels, save.score) == (NOW_MS, at(10), ("unreadable",), None)
    assert save.title == "Footage could not be read: no header"
    assert save.payload == {"until_ms": at(10), "segments": 1, "detector": "cascade@1", "reason": "no header"}


def test_rule_3_6_unreadable_segments_join_each_other_and_never_motion() -> None:
    found = told(before(), scan(0, 10, (8, 10)), unreadable(10, 20), unreadable(20, 30), scan(30, 40, (30, 31)), END)
    assert shown(found) == [(8, 10, "quiet"), (10, 30, "quiet"), (30, 31, "quiet")]
    assert [one.labels for one in found] == [None, ("unreadable",), None]


def test_rule_3_6_a_camera_that_wants_long_motion_only_is_told_of_what_cannot_be_read() -> None:
    asked = {"min_ms": 60_000, "join_ms": 3000}
    assert shown(told(before(), unreadable(0, 10, parameters=asked), END)) == [(0, 10, "quiet")]


def test_rule_2_6_motion_that_touches_the_end_of_an_alarm_lies_with_it_in_one_range() -> None:
    """A camera mails once in five minutes: its episode ends 30 s after the mail, that of the motion when it does."""
    alarms = mark_facts.Partition()
    alarms.tell(mark_facts.alarm(0), mark_facts.tick(500))
    moving = [scan(n * 10, n * 10 + 10, (n * 10, n * 10 + 10)) for n in range(2, 12)]
    marks = [mark(save) for save in (*last(alarms.saves), *told(scan(0, 20), *moving, END))]
    assert marks == [Span(at(-10), at(30)), Span(at(20), at(120))]
    assert union(marks) == [Span(at(-10), at(120))]


def test_verdicts_of_runs_and_times_that_no_episode_has_are_passed_over() -> None:
    assert told(before(), scan(0, 10, (4, 6), run="other"), END) == []
    ancient = SegmentScanned(
        media="gate", observed_ms=NOW_MS, start_ms=1000, end_ms=9000, verdict="unreadable", level="none",
        detector="cascade", version="1",
    )  # fmt: skip
    assert told(ancient, END) == []


def test_another_detector_goes_on_with_the_episode_of_the_one_before() -> None:
    (save,) = told(before(), scan(0, 10, (8, 10)), scan(10, 20, (10, 12), detector="mog2"), END)
    assert (save.opened_at, save.closed_at, save.payload and save.payload["detector"]) == (at(8), at(12), "cascade@1")


def test_old_footage_that_is_brought_in_stands_beside_that_of_now() -> None:
    """Both know what came before, so that neither waits."""
    partition = Partition()
    partition.tell(before(), scan(-5000, -4990))
    for start in range(0, 400, 10):
        partition.tell(scan(start, start + 10, (start, start + 1)))
        partition.tell(scan(start - 4990, start - 4980, (start - 4990, start - 4989)))
    assert [reason for _, _, reason in shown(partition.saves)] == ["quiet"] * 80


def test_a_segment_that_comes_late_is_told_to_its_end_when_the_next_is_there_already() -> None:
    partition = Partition()
    partition.tell(scan(20, 30), guessing(10, 20, (15, 20), last_s=18))
    assert shown(partition.saves) == [(15, 20, "quiet")]


def test_holes_do_not_add_up_in_what_is_remembered() -> None:
    partition = Partition()
    for n in range(100):
        partition.tell(scan(n * 20, n * 20 + 10))
    assert len(partition.get(b"gate") or b"") < 12_000
    partition.tell(tick(3000), scan(5000, 5010, (5006, 5008)))
    assert len(partition.get(b"gate") or b"") < 1500


def test_too_many_open_at_once_close_the_one_that_was_silent_longest() -> None:
    partition = Partition()
    apart = [scan(n * 1000, n * 1000 + 10, (n * 1000 + 5, n * 1000 + 10)) for n in range(joining.MOST_OPEN + 2)]
    partition.tell(*apart)
    assert [reason for _, _, reason in shown(partition.saves)].count("quiet") == 2


def test_too_many_that_wait_are_taken_for_what_they_are() -> None:
    partition = Partition()
    scans = [
        scan(n * 20, n * 20 + 10, (n * 20, n * 20 + 10), observed_ms=at(1)) for n in range(joining.MOST_WAITING + 3)
    ]
    partition.tell(*scans)
    assert len(last(partition.saves)) == 3
    partition.tell(END)
    assert len(last(partition.saves)) == joining.MOST_WAITING + 3


@pytest.mark.parametrize(
    "verdict", [pytest.param(scan(0, 10, (0, 10)), id="motion"), pytest.param(unreadable(0, 10), id="unreadable")]
)
def test_all_that_a_verdict_opens_is_closed_a_segment_a_join_gap_and_the_wait_after_it_came(
    verdict: SegmentScanned,
) -> None:
    """So long, and a tick, time must be told behind a verdict; behind one that opens nothing it need not be."""
    partition = Partition()
    partition.tell(verdict, tick(11 + 10 + 3 + WAIT_MS / 1000))
    assert shown(partition.saves) == [(0, 10, "quiet")]
    assert partition.marked(at(1_000_000), agent.MOVED_AT_ONCE) == []
    still = Partition()
    still.tell(scan(0, 10, last_s=8))
    assert still.marked(at(1_000_000), agent.MOVED_AT_ONCE) == []


def test_motion_without_end_in_short_segments_is_few_versions() -> None:
    partition = Partition()
    partition.tell(before(), *(scan(n, n + 1, (n, n + 1)) for n in range(100)), END)
    assert shown(partition.saves) == [(0, 100, "quiet")]
    assert len(partition.saves) <= 100 / (joining.STEP_MS / 1000) + 2
