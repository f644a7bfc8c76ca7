"""A camera is silent when it is quiet for longer than it ever was in its habit, and not before."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.alarms.silence import DAY_MS, WEEK_MS, WEEKEND_MS, patience_ms, state

HOUR_MS = 3_600_000
WINDOW_MS = 14 * DAY_MS


def patience_of(came: list[int]) -> int | None:
    """The patience after the last of these mails, as the tables would give its habit."""
    last = came[-1]
    recent = [at for at in came if at > last - WINDOW_MS]
    gap = max((later - earlier for earlier, later in pairwise(recent)), default=0)
    return patience_ms(len(recent), len({at // DAY_MS for at in recent}), last - recent[0], gap)


CASES = {
    "too few mails": (9, 9, WEEK_MS, 1, None),
    "on too few days": (500, 2, WEEK_MS, 1, None),
    "busy day and night": (500, 14, 13 * DAY_MS, HOUR_MS, DAY_MS),
    "quiet at night": (100, 14, 13 * DAY_MS, 10 * HOUR_MS, 30 * HOUR_MS),
    "known since Monday": (30, 3, 3 * DAY_MS, 10 * HOUR_MS, WEEKEND_MS),
    "every other day": (10, 7, 13 * DAY_MS, 2 * DAY_MS, 6 * DAY_MS),
}


@pytest.mark.parametrize(("mails", "days", "known", "gap", "patience"), CASES.values(), ids=CASES)
def test_patience_follows_the_habit(mails: int, days: int, known: int, gap: int, patience: int | None) -> None:
    assert patience_ms(mails, days, known, gap) == patience


@given(st.integers(0, 6), st.integers(22, 60), st.integers(1, 6))
def test_an_office_camera_is_never_silent_at_a_weekend(first_day: int, days: int, every_h: int) -> None:
    """It mails from 8 to 18 on working days, beginning on any day of the week."""
    monday_ms = 1_767_571_200_000
    came = [
        monday_ms + day * DAY_MS + hour * HOUR_MS
        for day in range(first_day, first_day + days)
        if day % 7 < 5
        for hour in range(8, 18, every_h)
    ]
    for index in range(1, len(came)):
        assert state(came[index - 1], patience_of(came[:index]), came[index]) == "ok"


@given(st.lists(st.integers(1, 60 * HOUR_MS), min_size=30, max_size=80), st.integers(0, 100 * DAY_MS))
def test_a_silence_begins_once_and_lasts_until_the_next_mail(gaps: list[int], quiet_ms: int) -> None:
    came = [1_767_571_200_000]
    for gap in gaps:
        came.append(came[-1] + gap)
    patience = patience_of(came)
    if state(came[-1], patience, came[-1] + quiet_ms) == "silent":
        assert state(came[-1], patience, came[-1] + quiet_ms + DAY_MS) == "silent"
        assert state(came[-1] + quiet_ms, patience, came[-1] + quiet_ms) == "ok"
    else:
        assert patience is None or quiet_ms <= patience


@given(st.integers(0, 1000), st.integers(0, 14), st.integers(0, WINDOW_MS), st.integers(0, WINDOW_MS))
def test_nobody_is_silent_within_a_day_or_within_thrice_the_longest_gap(
    mails: int, days: int, known: int, gap: int
) -> None:
    patience = patience_ms(mails, days, known, gap)
    assert patience is None or patience >= max(DAY_MS, 3 * gap)
    assert state(0, patience, max(DAY_MS, 3 * gap)) == "ok"


def test_a_camera_that_never_mailed_is_not_silent() -> None:
    assert state(None, None, 1 << 40) == "never"
