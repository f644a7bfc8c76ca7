"""Times as cameras write them; the manifest of the corpora checks the common ones, these the odd ones."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.alarms.reading import calendar, stamps


def wall(iso: str) -> int:
    return round(datetime.fromisoformat(iso).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-05-22,14:52:18", "2026-05-22T14:52:18"),
        ("2026/5/2 4:5:6", "2026-05-02T04:05:06"),
        ("2026.05.22 14:52", "2026-05-22T14:52:00"),
        ("2026_05_22 14:52:18", "2026-05-22T14:52:18"),
        ("22.05.2026 14:52:18", "2026-05-22T14:52:18"),
        ("05.06.2026 14:52:18", "2026-06-05T14:52:18"),
        ("22/05/26 14:52:18", "2026-05-22T14:52:18"),
        ("5/22/2026 2:52:18 PM", "2026-05-22T14:52:18"),
        ("12:00:01 AM 5/22/2026", "2026-05-22T00:00:01"),
        ("3/4/2026 2:52:18 p.m.", "2026-03-04T14:52:18"),
        ("22-May-2026 14:52:18", "2026-05-22T14:52:18"),
        ("May 22nd, 2026 at 14:52:18", "2026-05-22T14:52:18"),
        ("22 maja 2026 14:52:18", "2026-05-22T14:52:18"),
        ("22. März 2026 um 14:52:18", "2026-03-22T14:52:18"),
        ("22 de mayo de 2026 14:52:18", "2026-05-22T14:52:18"),
        ("2026年5月22日 14时52分18秒", "2026-05-22T14:52:18"),
        ("2026年5月22日 下午2:52:18", "2026-05-22T14:52:18"),
        ("01/08/2026(SAT) 20:15:15", "2026-08-01T20:15:15"),
        ("20260522145218", "2026-05-22T14:52:18"),
        ("20260522_145218", "2026-05-22T14:52:18"),
        ("20260522145218123", "2026-05-22T14:52:18.123"),
        ("2026-05-22T14:52:18.25", "2026-05-22T14:52:18.250"),
        ("at 14:52:18 on 22/05/2026.", "2026-05-22T14:52:18"),
        ("Fri May 22 14:52:18 2026", "2026-05-22T14:52:18"),
        ("Fri May  1 14:52:18 CEST 2026", "2026-05-01T14:52:18"),
        ("At 03:2:10 On 27-July-2026.", "2026-07-27T03:02:10"),
        ("triggered 3/14/2026 5:09:26 PM", "2026-03-14T17:09:26"),
        ("firmware 5.4.21 build 170120 2026-05-22 14:52:18", "2026-05-22T14:52:18"),
        ("29/02/2028 00:00:00", "2028-02-29T00:00:00"),
    ],
)
def test_a_time_is_read_as_it_is_written(text: str, iso: str) -> None:
    stamp = next(stamps.find(text))
    assert stamp.wall_ms == wall(iso)


@pytest.mark.parametrize(
    "text",
    ["2026-02-30 10:00:00", "2026-05-22", "1999-05-22 10:00:00", "2100-01-01 10:00:00", "25:00:00 2026-05-22",
     "192.168.10.26 10:00:00", "20261322145218", "motion", "10.10.10.26 14:52:18"],
)  # fmt: skip
def test_what_no_calendar_and_no_clock_shows_is_no_time(text: str) -> None:
    assert list(stamps.find(text)) == []


@pytest.mark.parametrize(
    ("label", "iso"),
    [("Alarm Start Time(D/M/Y H:M:S)", "2026-11-12T16:03:57"), ("Time (MM/DD/YYYY)", "2026-12-11T16:03:57"),
     ("Alarm Time (M-D-Y)", "2026-12-11T16:03:57")],
)  # fmt: skip
def test_the_label_decides_between_day_and_month(label: str, iso: str) -> None:
    (stamp,) = stamps.find("12/11/2026 16:03:57", stamps.order_of(label))
    assert stamp == (wall(iso), None, None)


def test_without_a_label_both_readings_are_kept() -> None:
    (stamp,) = stamps.find("12/11/2026 16:03:57")
    assert {stamp.wall_ms, stamp.other_ms} == {wall("2026-11-12T16:03:57"), wall("2026-12-11T16:03:57")}


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("2026-05-22T14:52:18Z", 0), ("2026-05-22 14:52:18 UTC", 0), ("2026-05-22 14:52:18 GMT+8", 480),
     ("2026-1-1 12:00:00 GMT+9:00", 540), ("2026-05-22T14:52:18-03:30", -210), ("2026-05-22 14:52:18 +0530", 330),
     ("2026-05-22 14:52:18 -0000", None), ("2026-05-22 14:52:18", None), ("2026-05-22 14:52:18 Zone 3", None)],
)  # fmt: skip
def test_a_zone_beside_a_time_is_its_zone(text: str, minutes: int | None) -> None:
    assert next(stamps.find(text)).offset_min == minutes


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2099, 12, 31, 23, 59, 59)))
def test_the_calendar_agrees_with_the_worlds(at: datetime) -> None:
    of_day = calendar.of_day_ms(at.hour, at.minute, at.second)
    assert of_day is not None
    expected = round(at.replace(microsecond=0, tzinfo=UTC).timestamp() * 1000)
    assert calendar.wall_ms(at.year, at.month, at.day, of_day) == expected
    assert next(stamps.find(f"{at:%Y%m%d%H%M%S}")).wall_ms == expected
