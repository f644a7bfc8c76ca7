"""What-if over hours says what the rules say of every segment, to within a segment for each border of a mark."""

import random

import numpy as np
import pytest

from processors.retention.rules.room import fair_share
from processors.retention.what_if.question import make
from schemas.what_if import HELD, HOUR, HOUR_MS, KeepPolicy, Kept, Marks
from tests.what_if_histories import NOW_MS, Life, as_held, as_hours, kept_one_by_one, life

DAY_MS = 24 * HOUR_MS


def asked(lives: list[Life], marks: Marks | None = None, stored: list | None = None, at_once: int = 100) -> Kept:
    question = make(NOW_MS)
    for first in range(0, len(lives), at_once):
        some, left = lives[first : first + at_once], stored and stored[first : first + at_once]
        names = [f"cam{first + at:03}" for at in range(len(some))]
        question.take(names, [one.policy for one in some], as_hours(some, left), as_held(some))
    return question.answer(marks, 10)


def lives_of(seed: int) -> tuple[list[Life], Marks | None]:
    """Some cameras with policies of all kinds, in a store with or without room for them."""
    chance = random.Random(seed)
    lives = []
    for _ in range(chance.randrange(1, 6)):
        keep_ms = chance.choice([None, None, 4 * HOUR_MS, 10 * HOUR_MS])
        quota_bytes = chance.choice([None, None, None, 200_000_000, 2_000_000_000])
        policy = KeepPolicy(chance.choice([1, 3, 6]) * HOUR_MS + chance.randrange(HOUR_MS), keep_ms, quota_bytes)
        lives.append(life(chance, chance.randrange(2, 20), policy))
    plain = sum(int(one.rows["size_bytes"].sum()) for one in lives)
    high = chance.choice([None, 0.3, 0.15])
    return lives, high and Marks(high_bytes=int(plain * high), low_bytes=int(plain * high * 0.8))


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("is_applied", [False, True], ids=["of-all-footage", "of-what-the-policy-left"])
def test_hours_give_what_the_rules_give_segment_by_segment(seed: int, is_applied: bool) -> None:
    lives, marks = lives_of(seed)
    real = kept_one_by_one(lives, marks)
    found = asked(lives, marks, real if is_applied else None, at_once=2)
    for one, rows, told in zip(lives, real, found.cameras, strict=True):
        segment_bytes = one.rows["size_bytes"].mean()
        assert abs(told.kept_bytes - rows["size_bytes"].sum()) <= segment_bytes * (2 * len(one.ranges) + 4)
        if marks is None and one.policy.quota_bytes is None:
            assert told.oldest_ms == pytest.approx(int(rows["start_ms"].min()), abs=12_000)
    borders = sum(2 * len(one.ranges) + 2 for one in lives)
    doubt = sum(one.rows["size_bytes"].mean() for one in lives) / len(lives) * 4 * borders**0.5
    total = sum(one.kept_bytes for one in found.cameras)
    assert abs(total - sum(int(rows["size_bytes"].sum()) for rows in real)) <= doubt


@pytest.mark.parametrize("seed", range(4))
def test_what_the_policy_left_would_not_go_again(seed: int) -> None:
    lives, _ = lives_of(seed)
    found = asked(lives, stored=kept_one_by_one(lives, None))
    assert found.going_bytes == 0
    assert all(one.start_ms > NOW_MS - DAY_MS and one.goes_ms >= NOW_MS for one in found.going)


def plain_life(hours: int, policy: KeepPolicy, rate: int = 100) -> Life:
    """Six-second segments of one size from a full hour on, nothing protected."""
    told = life(random.Random(1), 1, policy)
    starts = np.arange(NOW_MS - hours * HOUR_MS, NOW_MS, 6000)
    rows = np.zeros(len(starts), told.rows.dtype)
    rows["start_ms"], rows["end_ms"], rows["stored_ms"] = starts, starts + 6000, starts + 6000
    rows["size_bytes"] = 6000 * rate
    return Life(rows, told.ranges[:0], policy)


def test_what_is_beyond_depth_would_go_first_and_then_what_comes_to_be_older() -> None:
    told = asked([plain_life(10, KeepPolicy(4 * HOUR_MS))])
    now, later = told.going
    assert (now.media, now.start_ms, now.end_ms, now.reason) == (
        "cam000", NOW_MS - 10 * HOUR_MS, NOW_MS - 4 * HOUR_MS, "depth",
    )  # fmt: skip
    assert now.size_bytes == pytest.approx(6 * HOUR_MS * 100, rel=0.001)
    assert (later.start_ms, later.goes_ms) == (NOW_MS - 4 * HOUR_MS - 3000, NOW_MS + 1)


def test_what_goes_at_once_comes_before_what_goes_later_whichever_cameras_were_taken_together() -> None:
    policy = KeepPolicy(4 * HOUR_MS)
    lives = [plain_life(3, policy), plain_life(5, policy), plain_life(9, policy)]
    told = [(one.media, one.goes_ms > NOW_MS) for one in asked(lives, at_once=1).going]
    assert told == [("cam002", False), ("cam001", False), ("cam001", True), ("cam002", True), ("cam000", True)]


def test_a_camera_says_how_far_back_it_keeps_everything_and_what_a_plain_recorder_would_hold() -> None:
    policy = KeepPolicy(4 * HOUR_MS)
    (short, long) = asked([plain_life(10, policy), plain_life(3, policy)]).cameras
    assert short.continuous_ms == 4 * HOUR_MS
    assert short.plain_bytes == short.kept_bytes == pytest.approx(4 * HOUR_MS * 100, rel=0.001)
    assert (long.continuous_ms, long.kept_bytes) == (3 * HOUR_MS, 3 * HOUR_MS * 100)
    assert long.oldest_protected_ms is None


def test_room_is_made_of_what_is_protected_before_anything_younger_than_depth() -> None:
    one = plain_life(10, KeepPolicy(4 * HOUR_MS))
    held = np.array([(0, NOW_MS - 9 * HOUR_MS, NOW_MS - 7 * HOUR_MS, 0)], HELD)
    marks = Marks(high_bytes=5 * HOUR_MS * 100, low_bytes=4 * HOUR_MS * 100 + 300_000)
    question = make(NOW_MS)
    question.take(["cam"], [one.policy], as_hours([one]), held)
    (kept,) = question.answer(marks, 0).cameras
    assert (kept.protected_bytes, kept.continuous_bytes) == (0, 4 * HOUR_MS * 100 + 300_000)


def test_a_lock_is_kept_whatever_the_room() -> None:
    one = plain_life(10, KeepPolicy(4 * HOUR_MS, keep_ms=0))
    held = np.array([(0, NOW_MS - 9 * HOUR_MS, NOW_MS - 8 * HOUR_MS, 1)], HELD)
    question = make(NOW_MS)
    question.take(["cam"], [one.policy], as_hours([one]), held)
    (kept,) = question.answer(Marks(high_bytes=1, low_bytes=0), 0).cameras
    assert kept.kept_bytes == kept.locked_bytes == HOUR_MS * 100 + 600_000
    assert kept.continuous_ms == 0


def test_cameras_that_never_recorded_keep_nothing() -> None:
    question = make(NOW_MS)
    question.take(["a", "b"], [KeepPolicy(DAY_MS)] * 2, np.empty(0, HOUR), np.empty(0, HELD))
    found = question.answer(Marks(high_bytes=1, low_bytes=1), 5)
    assert [(one.media, one.kept_bytes, one.oldest_ms, one.continuous_ms) for one in found.cameras] == [
        ("a", 0, None, 0), ("b", 0, None, 0),
    ]  # fmt: skip
    assert (list(found.going), found.going_bytes) == ([], 0)


def test_a_share_is_an_equal_part_of_what_footage_keeps_whatever_else_lies_in_the_store() -> None:
    assert fair_share([60, 350, 0], need_bytes=60) == 175
    assert fair_share([60, 350], need_bytes=500) == fair_share([], need_bytes=1) == 0


def test_a_camera_that_gave_all_to_its_quota_has_no_part_in_the_share_of_others() -> None:
    hour, policy = HOUR_MS * 100, KeepPolicy(HOUR_MS)
    lives = [plain_life(10, policy), plain_life(7, policy), plain_life(5, KeepPolicy(HOUR_MS, quota_bytes=0))]
    question = make(NOW_MS)
    held = np.array([(camera, NOW_MS - 20 * HOUR_MS, NOW_MS, 0) for camera in range(3)], HELD)
    question.take(["loud", "quiet", "bound"], [one.policy for one in lives], as_hours(lives), held)
    kept = question.answer(Marks(high_bytes=16 * hour, low_bytes=14 * hour), 0).cameras
    assert {one.media: one.kept_bytes // hour for one in kept} == {"bound": 0, "loud": 7, "quiet": 7}
