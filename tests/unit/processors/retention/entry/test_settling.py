"""One round of settling: what is asked, what is given up, what is said."""

from typing import Any

from processors.retention.entry.settling import Hop, Noted, Round, Seen, Stage, groups_of, patience_after

FOOTAGE, MAILS, MOTION = Hop("segments", "eye"), Hop("mails", "reader", is_common=True), Hop("motion", "joiner")
STAGES = (Stage((FOOTAGE, MAILS), rest_s=5), Stage((MOTION,)))


def begun(segments: tuple[int, ...] = (3, 2), mails: tuple[int, ...] = (1,), patience_s: float = 10) -> Round:
    one = Round(STAGES, "segments", patience_s, 0)
    assert one.to_note(0) == {"segments", "mails"}
    one.note({"segments": noted(*segments), "mails": noted(*mails)}, 0)
    return one


def noted(*ends: int, begins: tuple[int, ...] = ()) -> Noted:
    return Noted(dict(enumerate(begins or (0,) * len(ends))), dict(enumerate(ends)))


def seen(*committed: int | None, members: int = 1, ends: tuple[int, ...] = (9, 9)) -> Seen:
    return Seen(members, {p: at for p, at in enumerate(committed) if at is not None}, dict(enumerate(ends)))


def finish(one: Round, now_s: float, *ends: int) -> None:
    assert one.to_note(now_s) == {"motion"}
    one.note({"motion": noted(*ends)}, now_s)


def test_all_that_was_noted_must_be_read_before_the_next_stage_is_noted() -> None:
    one = begun()
    one.see({FOOTAGE: seen(3, 1), MAILS: seen(1)}, 1)
    assert one.to_see() == {FOOTAGE}
    assert not one.to_note(100)
    one.see({FOOTAGE: seen(3, 2)}, 2)
    assert not one.to_note(6.9), "marks may come late"
    finish(one, 7, 4, 0)
    assert one.given is None
    one.see({MOTION: seen(4)}, 8)
    assert one.given is not None
    assert (one.given.segment_ends, one.given.unsettled) == ((3, 2), 0)


def test_a_partition_that_is_not_done_in_time_is_left_out_and_holds_up_no_other() -> None:
    one = begun()
    one.see({FOOTAGE: seen(3, 1), MAILS: seen(1)}, 10)
    finish(one, 15, 1, 7)
    assert one.to_see() == {MOTION}
    one.see({MOTION: seen(1, None)}, 16)
    assert one.given is not None
    assert one.given.segment_ends == (3, -1)
    assert one.given.unsettled == 1


def test_what_is_common_to_all_cameras_ends_the_round_when_it_is_not_done_in_time() -> None:
    one = begun()
    one.see({FOOTAGE: seen(3, 2), MAILS: seen(0)}, 10)
    assert one.given is not None
    assert (one.given.segment_ends, one.given.why) == ((), "reader has not read 1 partitions of mails")


def test_a_round_in_which_no_partition_is_done_says_nothing() -> None:
    one = begun()
    one.see({FOOTAGE: seen(None, None, members=0), MAILS: seen(1)}, 10)
    assert one.given is not None
    assert (one.given.segment_ends, one.given.why) == ((), "nobody works for eye")


def test_a_group_that_never_ran_or_that_nobody_works_for_has_read_nothing() -> None:
    for never in (seen(), seen(3, 2, members=0)):
        one = begun()
        one.see({FOOTAGE: never, MAILS: seen(1)}, 1)
        assert one.to_see() == {FOOTAGE}


def test_a_commit_beyond_the_end_is_of_an_earlier_topic_of_the_same_name() -> None:
    one = begun()
    one.see({FOOTAGE: seen(5000, 2, ends=(3, 2)), MAILS: seen(1)}, 1)
    assert one.to_see() == {FOOTAGE}


def test_topics_with_nothing_on_them_are_done_though_nobody_reads_them() -> None:
    one = begun(segments=(0, 0), mails=(0,))
    finish(one, 5, 0, 0)
    assert one.given is not None
    assert one.given.segment_ends == (0, 0)


def test_what_retention_took_before_it_was_read_is_not_waited_for() -> None:
    one = Round(STAGES, "segments", 10, 0)
    one.note({"segments": noted(3, 2, begins=(3, 2)), "mails": noted(8, begins=(8,))}, 0)
    finish(one, 5, 0, 0)
    assert one.given is not None
    assert one.given.segment_ends == (3, 2)


def test_a_topic_that_is_partitioned_otherwise_ends_the_round() -> None:
    one = begun(segments=(0, 0), mails=(0,))
    finish(one, 5, 1, 1, 1)
    assert one.given is not None
    assert one.given.why == "topic motion is partitioned otherwise than segments"


def test_more_patience_helps_where_somebody_comes_on_and_not_where_nobody_does() -> None:
    for first, is_moving in ((1, True), (2, False)):
        one = begun()
        one.see({FOOTAGE: seen(first, 2), MAILS: seen(1)}, 1)
        one.see({FOOTAGE: seen(2, 2)}, 10)
        assert one.was_moving is is_moving
    assert [patience_after(60, True, 60, 200), patience_after(120, True, 60, 200)] == [120, 200]
    assert patience_after(200, False, 60, 200) == 60


def test_a_partition_that_was_given_up_is_not_waited_for_again() -> None:
    one = begun()
    one.see({FOOTAGE: seen(3, 1), MAILS: seen(1)}, 10)
    finish(one, 15, 0, 7)
    assert one.given is not None, "the only verdicts are of the partition that was given up"
    assert one.given.segment_ends == (3, -1)


def test_the_groups_to_ask_about_are_those_that_read_and_those_that_work() -> None:
    hops: Any = (Hop("a", "x", workers="seat"), Hop("b", "x"), Hop("c", ""))
    assert groups_of(hops) == {"x", "seat"}
