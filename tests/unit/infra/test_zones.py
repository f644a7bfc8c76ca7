"""Local times of cameras, in every zone and on the odd nights of the year."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra import zones


def ms(text: str) -> int:
    """A time as if it were UTC."""
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("zone", "local", "utc"),
    [
        pytest.param("UTC", "2026-07-01T12:00", "2026-07-01T12:00", id="UTC"),
        pytest.param("Europe/Warsaw", "2026-07-01T12:00", "2026-07-01T10:00", id="summer"),
        pytest.param("Europe/Warsaw", "2026-01-01T12:00:00.250", "2026-01-01T11:00:00.250", id="winter"),
        pytest.param("Asia/Kathmandu", "2026-01-01T00:00", "2025-12-31T18:15", id="a quarter of an hour"),
        pytest.param("Europe/Warsaw", "2026-10-25T02:30", "2026-10-25T00:30", id="an hour shown twice: the first"),
        pytest.param("Europe/Warsaw", "2026-03-29T02:30", "2026-03-29T01:30", id="an hour that is skipped"),
        pytest.param("Mars/Olympus", "2026-07-01T12:00", "2026-07-01T12:00", id="no zone of ours"),
        pytest.param("../../etc/passwd", "2026-07-01T12:00", "2026-07-01T12:00", id="no zone at all"),
        pytest.param("", "2026-07-01T12:00", "2026-07-01T12:00", id="empty"),
    ],
)
def test_a_wall_clock_is_read_in_its_zone(zone: str, local: str, utc: str) -> None:
    assert zones.utc_ms(zone, ms(local)) == ms(utc)


@given(st.integers(-(1 << 70), 1 << 70), st.sampled_from(("Europe/Warsaw", "Pacific/Kiritimati", "America/New_York")))
def test_whatever_a_camera_says_its_zone_moves_it_by_less_than_a_day(local_ms: int, zone: str) -> None:
    assert abs(zones.utc_ms(zone, local_ms) - local_ms) < 86_400_000


@pytest.mark.parametrize(
    ("name", "is_known"), [("Europe/Warsaw", True), ("UTC", True), ("Europe", False), ("x\0", False)]
)
def test_a_name_of_a_zone_is_known_or_not(name: str, is_known: bool) -> None:
    assert zones.is_zone(name) is is_known
