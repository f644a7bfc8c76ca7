"""What retention achieved, and when the store fills up."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api.retention.forecast import DAY_MS, FURTHEST_MS, Flow, forecast
from projections.footage.reads import Waiting
from projections.storage.reads import StoredLevel
from schemas.facts import MediaConfigured
from schemas.intervals import Span
from schemas.retention import UNKNOWN_BYTES
from schemas.what_if import HOUR_MS
from tests.unit.api.client import World

NOW_MS = 1_767_225_600_000
GB = 10**9


@pytest.fixture
def world() -> World:
    """A camera that recorded a gigabyte an hour for ten hours: of six, half an hour in each is left; four are whole."""
    world = World()
    world.archive.show(MediaConfigured(media="gate", observed_ms=1, depth_ms=4 * HOUR_MS))
    for hour in range(10, 0, -1):
        world.footage.record("gate", NOW_MS - hour * HOUR_MS, GB, stored=1.0 if hour <= 4 else 0.5)
        if hour > 4:
            at_ms = NOW_MS - hour * HOUR_MS
            world.footage.marks.setdefault("gate", []).append((at_ms + HOUR_MS // 2, at_ms + HOUR_MS, int(hour == 10)))
    return world


def reported(world: World, **query: Any) -> dict[str, Any]:
    response = world.get("retention/report", **({"to_ms": NOW_MS} | query))
    assert response.status_code == 200, response.text
    told: dict[str, Any] = response.json()
    return told


def test_a_camera_says_what_is_stored_how_far_back_and_what_is_saved(world: World) -> None:
    world.footage.waits["gate"] = Waiting(2, 77)
    (gate,) = reported(world)["media"]
    assert gate == {
        "media": "gate", "continuous_ms": 4 * HOUR_MS + HOUR_MS // 2, "oldest_ms": NOW_MS - 10 * HOUR_MS + HOUR_MS // 2,
        "oldest_protected_ms": NOW_MS - 10 * HOUR_MS + HOUR_MS // 2, "newest_ms": NOW_MS, "stored_bytes": 7 * GB,
        "recorded_bytes": 10 * GB, "plain_bytes": 9_500_000_000, "saving": round(1 - 7 / 9.5, 4),
        "locked_bytes": GB // 2, "waiting_expirations": 2, "waiting_bytes": 77,
    }  # fmt: skip


def test_all_cameras_are_summed_and_the_shortest_depth_counts(world: World) -> None:
    world.footage.record("yard", NOW_MS - HOUR_MS, GB)
    told = reported(world)
    assert told["total"]["cameras"] == 2
    assert (told["total"]["stored_bytes"], told["total"]["continuous_ms"]) == (8 * GB, HOUR_MS)
    assert [one["media"] for one in reported(world, media="yard")["media"]] == ["yard"]


def test_a_camera_without_footage_has_nothing(world: World) -> None:
    world.archive.show(MediaConfigured(media="new", observed_ms=1))
    (new,) = reported(world, media="new")["media"]
    assert (new["stored_bytes"], new["saving"], new["oldest_ms"], new["continuous_ms"]) == (0, None, None, 0)


def test_a_camera_of_which_all_is_deleted_reaches_nowhere_back(world: World) -> None:
    world.footage.record("old", NOW_MS - 240 * HOUR_MS, GB, stored=0)
    (old,) = reported(world, media="old")["media"]
    assert (old["recorded_bytes"], old["stored_bytes"], old["oldest_ms"], old["continuous_ms"]) == (GB, 0, None, 0)


def test_the_window_begins_where_it_is_asked_to(world: World) -> None:
    (gate,) = reported(world, from_ms=NOW_MS - 2 * HOUR_MS)["media"]
    assert gate["stored_bytes"] == gate["plain_bytes"] == 2 * GB


@pytest.mark.parametrize(("query", "status"), [({"media": "nobody"}, 404), ({"from_ms": NOW_MS}, 400)], ids=str)
def test_what_cannot_be_reported_is_refused(world: World, query: dict[str, Any], status: int) -> None:
    assert world.get("retention/report", **({"to_ms": NOW_MS} | query)).status_code == status


def test_the_forecast_counts_what_came_and_went_in_the_last_day(world: World) -> None:
    world.footage.deleted["gate"] = 3 * GB
    world.levels.levels = [StoredLevel(store="s3", observed_ms=NOW_MS, used_bytes=20 * GB, capacity_bytes=40 * GB)]
    (told,) = reported(world)["forecast"]
    assert (told["stored_bytes"], told["freed_bytes"], told["over_ms"]) == (10 * GB, 3 * GB, 10 * HOUR_MS)
    assert (told["state"], told["bytes_per_day"]) == ("filling", round(7 * GB * 2.4))
    assert told["high_ms"] == NOW_MS + round(16 / 0.7 * HOUR_MS)
    assert world.footage.asked[-1] == Span(NOW_MS - DAY_MS, NOW_MS)
    assert reported(world, media="gate")["forecast"] == []


def level(used_bytes: int, capacity_bytes: int = 100) -> StoredLevel:
    return StoredLevel(store="s3", observed_ms=NOW_MS, used_bytes=used_bytes, capacity_bytes=capacity_bytes)


@pytest.mark.parametrize(
    ("used_bytes", "flow", "is_young", "state", "because"),
    [
        (50, Flow(10, 10, DAY_MS), False, "steady", "as much was deleted"),
        (50, Flow(30, 10, DAY_MS), False, "filling", "more was stored"),
        (50, Flow(30, 0, DAY_MS), True, "filling", "have not reached their depth"),
        (95, Flow(30, 10, DAY_MS), False, "over", "past the high mark"),
        (50, Flow(30, 0, HOUR_MS - 1), False, "unknown", "too little to know"),
    ],
)
def test_a_forecast_says_what_it_rests_on(
    used_bytes: int, flow: Flow, is_young: bool, state: str, because: str
) -> None:
    found = forecast(level(used_bytes), flow, 0.9, is_young)
    assert (found.state, because in found.because) == (state, True)


def test_a_store_fills_at_the_rate_of_its_last_day() -> None:
    found = forecast(level(50), Flow(30, 10, DAY_MS), 0.9, False)
    assert (found.high_ms, found.full_ms) == (NOW_MS + 2 * DAY_MS, NOW_MS + round(2.5 * DAY_MS))


def test_a_store_of_which_nobody_knows_the_size_is_never_full() -> None:
    found = forecast(level(0, UNKNOWN_BYTES), Flow(30 * GB, 0, DAY_MS), 0.9, False)
    assert (found.state, found.high_ms, found.full_ms) == ("unknown", None, None)
    assert "SIGHTLOG_STORAGE_BYTES" in found.because


@given(st.integers(0, 10**16), st.integers(1, 10**16), st.integers(0, 10**13), st.integers(0, 10**13))
@example(used=10**12, capacity=10**15, stored=1000, freed=999)
def test_no_forecast_names_a_time_beyond_a_century(used: int, capacity: int, stored: int, freed: int) -> None:
    found = forecast(level(used, capacity), Flow(stored, freed, DAY_MS), 0.9, False)
    for at_ms in (found.high_ms, found.full_ms):
        assert at_ms is None or NOW_MS <= at_ms <= NOW_MS + FURTHEST_MS
    assert found.state != "filling" or found.high_ms is not None


def test_less_than_an_hour_promises_nothing() -> None:
    found = forecast(level(50), Flow(30, 10, HOUR_MS - 1), 0.9, False)
    assert (found.bytes_per_day, found.high_ms, found.full_ms) == (None, None, None)
