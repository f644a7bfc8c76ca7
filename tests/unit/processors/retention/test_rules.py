"""The rules of retention, each as a small history of one or two cameras."""

from typing import Any

import pytest

from infra.settings import load
from processors.retention.agent import processor
from schemas.facts import DeletionOrdered, LevelNoted, RangeExpired, StorageExhausted
from tests.folded import Folded
from tests.retention_desk import DEPTH_MS, HOUR_MS, RULES, Desk, expired, of
from tests.retention_facts import CAPACITY, SEGMENT_MS, START_MS, Archive
from tests.retention_words import Rules

DAY_MS = 86_400_000
YEAR_MS = 365 * DAY_MS


def test_rule_5_1_younger_than_depth_is_kept_and_5_2_older_and_unprotected_expires() -> None:
    desk = Desk()
    desk.store(count=3)
    assert desk.wait(DEPTH_MS - 1) == []
    (one,) = desk.wait(1)
    assert expired([one]) == [("depth", 0, 3)]
    assert (one.segments, one.size_bytes, one.detail) == (3, 30, "older than depth 6 h")
    assert one.delete_after_ms == one.observed_ms + RULES.grace_ms


def test_rule_5_3_protected_is_kept_rounded_outward_until_keep_passes() -> None:
    desk = Desk()
    desk.tell(desk.archive.policy("gate", DEPTH_MS, keep_ms=DAY_MS))
    desk.store(count=5)
    desk.protect(2, "episode")
    assert expired(desk.wait(DEPTH_MS)) == [("depth", 0, 2), ("depth", 3, 5)]
    assert expired(desk.wait(DAY_MS)) == [("keep", 2, 3)]


def test_rule_5_4_the_oldest_protected_goes_first_when_room_is_needed_and_a_lock_stays() -> None:
    desk = Desk()
    for number in range(4):
        desk.store(first=number)
        desk.protect(number, "lock" if number == 0 else "episode")
        desk.tell(desk.archive.level(after_ms=1000))
    desk.wait(DEPTH_MS)
    told = desk.wait(0, used=int(0.9 * CAPACITY) + 1)
    assert expired(told) == [("room", 1, 4)]
    assert of(told, StorageExhausted)[0].locked_bytes == 10


def test_rule_5_4_room_is_made_down_to_the_low_mark_and_what_is_going_counts_as_gone() -> None:
    desk = Desk()
    desk.store(count=20)
    desk.protect(0, "episode")
    desk.tell(desk.archive.noted("gate", START_MS, START_MS + 20 * SEGMENT_MS, "episode"))
    desk.wait(DEPTH_MS)
    assert expired(desk.wait(0, used=910)) == [("room", 0, 6)]
    assert desk.wait(0, used=910) == []


def test_rule_5_4_a_camera_above_its_share_gives_its_own_past_before_anothers() -> None:
    desk = Desk()
    desk.tell(desk.archive.noted("calm", START_MS, START_MS + HOUR_MS, "episode"))
    desk.tell(desk.archive.noted("loud", START_MS, START_MS + HOUR_MS, "episode"))
    desk.store("calm", count=2, size=20)
    desk.tell(desk.archive.level(after_ms=1000))
    desk.store("loud", count=40, size=20)
    desk.wait(DEPTH_MS)
    told = desk.wait(0, used=910)
    assert {one.media for one in of(told, RangeExpired)} == {"loud"}


def test_rule_5_4_the_share_of_a_camera_counts_what_was_stored_just_now() -> None:
    desk = Desk()
    for media in ("calm", "loud"):
        desk.tell(desk.archive.noted(media, START_MS, START_MS + HOUR_MS, "episode"))
        desk.store(media, count=15, size=20)
        desk.tell(desk.archive.level(after_ms=1000))
    desk.wait(DEPTH_MS)
    desk.store("loud", first=15, count=20, size=20)
    told = desk.wait(0, used=910)
    assert [(one.media, one.segments) for one in of(told, RangeExpired)] == [("loud", 3)]


def test_rule_5_5_continuous_footage_goes_at_last_oldest_first_and_people_are_told_once() -> None:
    desk = Desk()
    desk.store(count=4, size=50)
    desk.protect(0, "episode")
    desk.wait(HOUR_MS)
    told = desk.wait(0, used=910)
    assert expired(told) == [("room", 1, 3)]
    assert [one.is_over for one in of(told, StorageExhausted)] == [False]
    assert of(desk.wait(0, used=1000), StorageExhausted) == []
    assert [one.is_over for one in of(desk.wait(0, used=500), StorageExhausted)] == [True]


def test_rule_5_6_nothing_goes_whose_marks_are_not_settled() -> None:
    desk = Desk()
    desk.store()
    (one,) = desk.tell(desk.archive.level(990, after_ms=10 * DEPTH_MS))
    assert isinstance(one, StorageExhausted)  # full, and nothing may go
    start = desk.archive.started()
    assert desk.tell(start, desk.archive.settled(ends=(-1, -1)), desk.archive.level(990)) == []
    assert desk.tell(*desk.archive.settling(), desk.archive.level()) != []


def test_rule_5_6_a_stuck_partition_holds_up_its_own_cameras_only() -> None:
    desk = Desk()
    desk.store("cam0")
    desk.store("cam1")
    desk.tell(desk.archive.level(after_ms=DEPTH_MS), desk.archive.started())
    (one,) = desk.tell(desk.archive.settled(ends=(1, -1)), desk.archive.level())
    assert one.media == "cam0"


def test_rule_5_7_a_decision_is_final_only_when_a_round_that_began_after_the_grace_has_settled() -> None:
    desk = Desk()
    desk.store()
    (one,) = desk.wait(DEPTH_MS)
    early = desk.archive.started()
    assert desk.tell(early, desk.archive.level(after_ms=RULES.grace_ms), desk.archive.settled()) == []
    assert desk.tell(desk.archive.level()) == []
    (order,) = desk.wait(0)
    assert (order.expiration_id, order.segment_starts_ms) == (one.expiration_id, (START_MS,))
    assert desk.wait(DAY_MS) == []


def test_rule_5_7_a_hold_that_comes_in_time_takes_a_decision_back_and_the_rest_goes_anew() -> None:
    desk = Desk()
    desk.store(count=3)
    (one,) = desk.wait(DEPTH_MS)
    (back,) = desk.protect(1, "episode")
    assert (back.expiration_id, back.restored_by) == (one.expiration_id, "protection")
    assert expired(desk.wait(0)) == [("depth", 0, 1), ("depth", 2, 3)]


def test_a_hold_that_comes_after_the_order_changes_nothing() -> None:
    desk = Desk()
    desk.store()
    desk.wait(DEPTH_MS)
    assert len(of(desk.wait(RULES.grace_ms), DeletionOrdered)) == 1
    assert desk.protect(0, "lock") == []
    assert desk.wait(DAY_MS) == []


def test_an_episode_takes_nothing_back_that_goes_though_it_is_protected_but_a_lock_does() -> None:
    desk = Desk()
    desk.tell(desk.archive.policy("gate", DEPTH_MS, keep_ms=0))
    desk.store()
    desk.protect(0, "episode")
    assert expired(desk.wait(DEPTH_MS)) == [("keep", 0, 1)]
    assert desk.protect(0, "episode") == []
    assert [one.restored_by for one in desk.protect(0, "episode", "lock")] == ["protection"]


def test_what_a_person_takes_back_counts_as_stored_anew() -> None:
    desk = Desk()
    desk.store()
    (one,) = desk.wait(DEPTH_MS)
    (back,) = desk.tell(desk.archive.restore("gate", one.expiration_id, "anna"))
    assert back.restored_by == "anna"
    assert desk.tell(desk.archive.restore("gate", one.expiration_id, "anna")) == []
    assert desk.wait(DEPTH_MS - 1) == []
    assert expired(desk.wait(1)) == [("depth", 0, 1)]


def test_a_longer_depth_takes_back_what_it_keeps_and_a_shorter_one_lets_go() -> None:
    desk = Desk()
    desk.store()
    desk.wait(DEPTH_MS)
    assert [one.restored_by for one in desk.tell(desk.archive.policy("gate", DAY_MS))] == ["policy"]
    assert desk.wait(HOUR_MS) == []
    desk.tell(desk.archive.policy("gate", HOUR_MS))
    assert expired(desk.wait(0)) == [("depth", 0, 1)]


def test_a_quota_takes_from_its_own_camera_alone() -> None:
    desk = Desk()
    desk.tell(desk.archive.policy("gate", DEPTH_MS, quota=25))
    desk.store("gate", count=4)
    desk.store("yard", count=40)
    told = desk.wait(60_000)
    assert expired(told) == [("quota", 0, 2)]
    assert {one.media for one in told} == {"gate"}


def test_beyond_the_hard_cap_footage_goes_though_nothing_is_known_but_never_under_a_lock() -> None:
    desk = Desk(Rules(grace_ms=600_000, settle_ms=60_000, batch_ms=0, high=0.8, low=0.7, hard=0.95))
    desk.store(count=3, size=20)
    desk.protect(0, "lock")
    told = desk.tell(desk.archive.level(970, after_ms=1000))
    assert expired(told) == [("hard_cap", 1, 2)]
    assert [one.segment_starts_ms for one in of(told, DeletionOrdered)] == [(START_MS + SEGMENT_MS,)]


def test_a_segment_stored_again_counts_as_new_whether_its_first_is_pending_or_ordered() -> None:
    desk = Desk()
    desk.store(count=2)
    desk.wait(DEPTH_MS)
    assert [one.restored_by for one in desk.store(first=1)] == ["stored again"]
    assert expired(desk.wait(0)) == [("depth", 0, 1)]
    assert len(of(desk.wait(RULES.grace_ms), DeletionOrdered)) == 1
    assert desk.store(first=0) == []
    assert expired(desk.wait(DEPTH_MS)) == [("depth", 0, 2)]


def test_what_somebody_else_removed_is_not_decided_of_and_its_decision_is_over() -> None:
    desk = Desk()
    desk.store(count=2)
    desk.wait(DEPTH_MS)
    starts = (START_MS, START_MS + SEGMENT_MS)
    (back,) = desk.tell(desk.archive.removed("gate", starts))
    assert back.restored_by == "removed"
    assert desk.wait(DAY_MS) == []


def test_a_measurement_that_may_still_count_what_was_just_removed_asks_for_no_more() -> None:
    desk = Desk()
    desk.tell(desk.archive.noted("gate", START_MS, START_MS + HOUR_MS, "episode"))
    desk.store(count=20)
    desk.wait(DEPTH_MS)
    desk.wait(0, used=910)
    (order,) = desk.wait(RULES.grace_ms, used=910)
    desk.tell(desk.archive.removed("gate", order.segment_starts_ms))
    assert desk.tell(desk.archive.level(910)) == []
    assert expired(desk.tell(desk.archive.level(910))) != []


# rule 5.11 and clocks: ages are counted in uptime, whatever any clock says

JUMPS = {
    "an hour on": HOUR_MS, "an hour back": -HOUR_MS, "a day on": DAY_MS, "a day back": -DAY_MS,
    "ten years on": 10 * YEAR_MS, "ten years back": -10 * YEAR_MS, "to 1970": -START_MS,
    "summer time": HOUR_MS, "winter time": -HOUR_MS,
}  # fmt: skip


@pytest.mark.parametrize("jump_ms", JUMPS.values(), ids=JUMPS)
def test_a_clock_that_jumps_expires_nothing_early_and_nothing_late(jump_ms: int) -> None:
    desk = Desk()
    desk.store()
    desk.wait(DEPTH_MS // 2)
    desk.archive.wall_ms += jump_ms
    assert desk.wait(DEPTH_MS // 2 - 1) == []
    assert expired(desk.wait(1)) == [("depth", 0, 1)]
    assert desk.wait(RULES.grace_ms - 1) == []
    desk.archive.wall_ms -= jump_ms
    assert len(of(desk.wait(1), DeletionOrdered)) == 1


@pytest.mark.parametrize("start_ms", [0, 2_208_988_800_000], ids=["1970", "2040"])
def test_a_camera_with_a_clock_of_its_own_keeps_its_footage_as_long_as_others(start_ms: int) -> None:
    desk = Desk()
    desk.tell(desk.archive.stored("gate", start_ms))
    assert desk.wait(DEPTH_MS - 1) == []
    (one,) = desk.wait(1)
    assert one.start_ms == start_ms


def test_time_while_everything_was_off_does_not_count() -> None:
    desk = Desk()
    desk.store()
    desk.wait(DEPTH_MS - 1000)
    desk.archive.boot_id, desk.archive.uptime_ms = "boot-2", 5_000
    desk.archive.wall_ms += YEAR_MS
    assert desk.wait(0) == []
    assert desk.wait(999) == []
    assert expired(desk.wait(1)) == [("depth", 0, 1)]


def test_two_machines_that_measure_do_not_make_time_pass_twice() -> None:
    desk = Desk()
    other = Archive("another")
    desk.store()

    def both(passed_ms: int) -> list[Any]:
        level = other.level(after_ms=passed_ms)
        theirs = LevelNoted(**{name: getattr(level, name) for name in ("store", "observed_ms", "used_bytes",
            "capacity_bytes", "boot_id", "uptime_ms")}, **desk.archive.at("storage"))  # fmt: skip
        return desk.tell(theirs) + desk.wait(passed_ms)

    both(0)
    assert both(DEPTH_MS - 1) == []
    assert len(both(1)) == 1


def test_a_tick_without_a_known_start_of_its_machine_lets_no_time_pass() -> None:
    desk = Desk()
    desk.store()
    desk.archive.boot_id = ""
    assert desk.wait(YEAR_MS) == []


def test_another_version_folds_the_same_from_the_first_record() -> None:
    archive = Archive()
    facts = [archive.level(), archive.stored("gate", START_MS), archive.level(after_ms=DAY_MS), *archive.settling()]
    facts.append(archive.level())
    first, second = (Folded(processor(load(data="unused"), version).fold).tell(*facts) for version in (1, 2))
    assert first == second != []
    assert processor(load(data="unused"), 2).consumer == "processor-retention-v2"
