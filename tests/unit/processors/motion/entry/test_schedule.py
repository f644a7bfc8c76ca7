"""Hours of the week by a camera's own clock."""

from functools import partial

import pytest

from infra import zones
from processors.motion.entry.schedule import is_sought
from schemas.intervals import Span
from schemas.motion import Hours

MONDAY_MS = 1_790_553_600_000
"""28 September 2026, 00:00 UTC."""
HOUR_MS = 3_600_000
NIGHT = Hours(days=("mon",), starts="22:00", ends="06:00")
OFFICE = Hours(days=("mon", "tue", "wed", "thu", "fri"), starts="08:00", ends="18:00")


def sought(hours: tuple[Hours, ...], hour: float, zone: str = "UTC") -> bool:
    start_ms = MONDAY_MS + round(hour * HOUR_MS)
    return is_sought(hours, Span(start_ms, start_ms + 6000), partial(zones.utc_ms, zone))


def test_without_hours_it_is_always() -> None:
    assert sought((), 3)


@pytest.mark.parametrize(
    ("hours", "hour", "expected"),
    [
        pytest.param(OFFICE, 8, True, id="its first moment"),
        pytest.param(OFFICE, 7.999, True, id="the segment reaches into it"),
        pytest.param(OFFICE, 7.99, False, id="before"),
        pytest.param(OFFICE, 18, False, id="its end is no part of it"),
        pytest.param(OFFICE, 5 * 24 + 12, False, id="Saturday"),
        pytest.param(NIGHT, 23, True, id="Monday night"),
        pytest.param(NIGHT, 24 + 5.9, True, id="the night that began on Monday"),
        pytest.param(NIGHT, 24 + 6, False, id="Tuesday morning"),
        pytest.param(NIGHT, 5, False, id="the night before"),
        pytest.param(Hours(days=("mon",)), 23.99, True, id="a whole day"),
        pytest.param(Hours(days=("mon",)), 24, False, id="the next day"),
    ],
)
def test_hours_of_the_days_on_which_they_begin(hours: Hours, hour: float, expected: bool) -> None:
    assert sought((hours,), hour) is expected


def test_the_clock_is_the_camera_s() -> None:
    assert sought((OFFICE,), 6.5, "Europe/Warsaw")
    assert not sought((OFFICE,), 16.5, "Europe/Warsaw")
    assert sought((OFFICE,), -2, "Pacific/Auckland")


def test_any_of_several_will_do() -> None:
    assert sought((OFFICE, NIGHT), 23)
    assert sought((OFFICE, NIGHT), 12)
    assert not sought((OFFICE, NIGHT), 20)
