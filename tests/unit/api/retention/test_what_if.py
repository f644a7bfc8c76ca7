"""Another policy asked over HTTP: what is asked, what is answered, and how far it is."""

import json
from typing import Any

import pytest

from projections.footage.reads import LAST_MS
from projections.storage.reads import StoredLevel
from schemas.fact import LAST_MS as TIME_MS
from schemas.fact import MOST
from schemas.facts import MediaConfigured
from schemas.protection import ProtectConfig
from schemas.retention import UNKNOWN_BYTES
from schemas.what_if import HOUR_MS
from tests.unit.api.client import World

NOW_MS = 1_767_225_600_000
"""2026-01-01T00:00:00Z."""
GB = 10**9


@pytest.fixture
def world() -> World:
    """Two cameras that recorded a gigabyte an hour for ten hours and have a depth of four."""
    world = World()
    for name, label in (("gate", "outdoor"), ("yard", "indoor")):
        world.archive.show(MediaConfigured(media=name, observed_ms=1, depth_ms=4 * HOUR_MS, labels=(label,)))
        for hour in range(10, 0, -1):
            world.footage.record(name, NOW_MS - hour * HOUR_MS, GB, stored=float(hour <= 4))
    return world


def asked(world: World, **body: Any) -> dict[str, Any]:
    response = world.ask("POST", "/api/v1/retention/what-if", json={"to_ms": NOW_MS} | body)
    assert response.status_code == 200, response.text
    told: dict[str, Any] = response.json()
    return told


def test_the_policy_in_force_keeps_what_is_stored_and_saves_what_is_gone(world: World) -> None:
    told = asked(world)
    assert told["total"] | {"oldest_ms": 0} == {
        "cameras": 2, "stored_bytes": 8 * GB, "kept_bytes": pytest.approx(8 * GB, rel=0.001), "saving": 0.0,
        "continuous_bytes": pytest.approx(8 * GB, rel=0.001), "protected_bytes": 0, "locked_bytes": 0,
        "plain_bytes": pytest.approx(8 * GB, rel=0.001), "continuous_ms": 4 * HOUR_MS, "oldest_ms": 0,
        "oldest_protected_ms": None,
    }  # fmt: skip
    assert told["going_bytes"] == 0
    assert told["room"] == {"source": "unlimited", "capacity_bytes": None, "other_bytes": 0}
    assert [one["media"] for one in told["media"]] == ["gate", "yard"]


def test_a_longer_depth_is_told_from_footage_that_is_gone(world: World) -> None:
    told = asked(world, depth_ms=8 * HOUR_MS, media=["gate"])
    assert [one["kept_bytes"] for one in told["media"]] == [pytest.approx(8 * GB, rel=0.001)]
    assert (told["media"][0]["depth_ms"], told["media"][0]["keep_ms"]) == (8 * HOUR_MS, None)


def test_a_shorter_depth_says_what_would_go_first_and_how_much_in_all(world: World) -> None:
    told = asked(world, depth_ms=HOUR_MS, limit=1)
    assert told["going"] == [
        {
            "media": "gate", "start_ms": NOW_MS - 4 * HOUR_MS, "end_ms": NOW_MS - HOUR_MS, "reason": "depth",
            "size_bytes": pytest.approx(3 * GB, rel=0.001), "goes_ms": NOW_MS,
        }
    ]  # fmt: skip
    assert told["going_bytes"] == pytest.approx(6 * GB, rel=0.001)


def test_what_is_protected_stays_until_keep_and_saves_the_rest(world: World) -> None:
    world.footage.marks["gate"] = [(NOW_MS - 9 * HOUR_MS, NOW_MS - 8 * HOUR_MS, 0)]
    kept, short = asked(world, media=["gate"]), asked(world, media=["gate"], keep_ms=2 * HOUR_MS)
    assert kept["total"]["protected_bytes"] == pytest.approx(GB, rel=0.01)
    assert kept["media"][0]["oldest_protected_ms"] == pytest.approx(NOW_MS - 9 * HOUR_MS, abs=3001)
    assert kept["total"]["saving"] == pytest.approx(1 - 5 / 9, abs=0.01)
    assert short["total"]["protected_bytes"] == 0


def test_room_as_asked_is_filled_to_its_low_mark(world: World) -> None:
    told = asked(world, depth_ms=10 * HOUR_MS, capacity_bytes=10 * GB)
    assert told["total"]["kept_bytes"] == pytest.approx(8.5 * GB, rel=0.001)
    assert told["room"]["source"] == "asked"


def test_the_room_measured_last_counts_for_all_cameras_without_what_is_no_footage(world: World) -> None:
    level = StoredLevel(store="s3", observed_ms=NOW_MS, used_bytes=11 * GB, capacity_bytes=20 * GB)
    world.levels.levels = [level]
    told = asked(world, depth_ms=10 * HOUR_MS)
    assert told["room"] == {"source": "measured", "capacity_bytes": 20 * GB, "other_bytes": 3 * GB}
    assert told["total"]["kept_bytes"] == pytest.approx((20 * 0.85 - 3) * GB, rel=0.001)
    assert asked(world, depth_ms=10 * HOUR_MS, media=["gate"])["room"]["source"] == "unlimited"


def test_a_store_of_which_nobody_knows_the_size_has_room_for_everything(world: World) -> None:
    world.levels.levels = [StoredLevel(store="s3", observed_ms=NOW_MS, used_bytes=0, capacity_bytes=UNKNOWN_BYTES)]
    assert asked(world)["room"] == {"source": "unlimited", "capacity_bytes": None, "other_bytes": 0}


def test_a_camera_of_which_nothing_would_be_kept_reaches_nowhere_back(world: World) -> None:
    world.footage.record("old", NOW_MS - 240 * HOUR_MS, GB)
    told = asked(world)
    (old,) = [one for one in told["media"] if one["media"] == "old"]
    assert (old["kept_bytes"], old["oldest_ms"], old["continuous_ms"]) == (0, None, 0)
    assert told["total"]["continuous_ms"] == 4 * HOUR_MS


def test_other_settings_of_protection_are_asked_of_the_episodes(world: World) -> None:
    world.footage.by_protect["gate"] = [(NOW_MS - 9 * HOUR_MS, NOW_MS - 7 * HOUR_MS, 0)]
    told = asked(world, protect={"types": ["face"], "before_ms": 0}, media=["gate"])
    assert told["total"]["protected_bytes"] == pytest.approx(2 * GB, rel=0.01)
    assert world.footage.asked == [ProtectConfig(types=("face",), before_ms=0)]


def test_cameras_are_chosen_by_name_or_label(world: World) -> None:
    assert [one["media"] for one in asked(world, labels=["indoor"])["media"]] == ["yard"]
    assert [one["media"] for one in asked(world, labels=["indoor"], media=["gate"])["media"]] == ["gate", "yard"]
    assert asked(world, labels=["nobody"])["media"] == []


def test_a_camera_that_is_not_configured_any_more_is_kept_by_default(world: World) -> None:
    world.footage.record("old", NOW_MS - HOUR_MS, GB)
    assert [one["depth_ms"] for one in asked(world, media=["old"])["media"]] == [21_600_000]


@pytest.mark.parametrize(
    ("body", "field", "rule"),
    [
        ({"depth_ms": -1}, "depth_ms", ">= 0"),
        ({"depth": 1}, "depth", "known: depth_ms"),
        ({"protect": {"before_ms": "x"}}, "protect.before_ms", "`int`"),
        ({"protect": {"margin": 1}}, "protect.margin", "known: enabled"),
        ({"media": []}, "media", "length >= 1"),
        ({"media": ["/"]}, "media", "name"),
        ({"from_ms": "yesterday"}, "from_ms", "milliseconds"),
        ({"from_ms": NOW_MS}, "from_ms", "before to_ms"),
        ({"capacity_bytes": 0}, "capacity_bytes", ">= 1"),
        ({"capacity_bytes": 10**400}, "capacity_bytes", "<= 9223372036854775807"),
        ({"depth_ms": 10**30}, "depth_ms", "<= 253402300799999"),
        ({"keep_ms": 1 << 63}, "keep_ms", "<= 253402300799999"),
        ({"quota_bytes": 1 << 63}, "quota_bytes", "<= 9223372036854775807"),
        ({"limit": 1001}, "limit", "<= 1000"),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_question_is_named(world: World, body: dict[str, Any], field: str, rule: str) -> None:
    response = world.ask("POST", "/api/v1/retention/what-if", json={"to_ms": NOW_MS} | body)
    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert error["field"] == field
    assert rule in error["rule"]


def test_the_longest_and_the_largest_that_may_be_asked_are_answered(world: World) -> None:
    told = asked(world, depth_ms=TIME_MS, keep_ms=TIME_MS, quota_bytes=MOST, capacity_bytes=MOST)
    assert (told["going_bytes"], told["media"][0]["depth_ms"]) == (0, TIME_MS)


def test_cameras_that_nobody_knows_are_named(world: World) -> None:
    response = world.ask("POST", "/api/v1/retention/what-if", json={"media": ["gate", "nobody"]})
    assert (response.status_code, response.json()["detail"]) == (404, "no camera is called 'nobody'")


def test_progress_comes_line_by_line_before_the_answer(world: World) -> None:
    for number in range(250):
        world.archive.show(MediaConfigured(media=f"more{number:03}", observed_ms=1))
    headers = {"Accept": "application/x-ndjson"}
    response = world.ask("POST", "/api/v1/retention/what-if", json={"to_ms": NOW_MS}, headers=headers)
    *progress, last = map(json.loads, response.text.splitlines())
    assert [one["progress"] for one in progress] == [{"done": done, "cameras": 252} for done in (250, 252)]
    assert last == {"answer": asked(world)}


def test_a_moment_beyond_what_tables_hold_is_the_last_that_they_do(world: World) -> None:
    assert asked(world, to_ms=LAST_MS + 10)["to_ms"] == LAST_MS + 10
