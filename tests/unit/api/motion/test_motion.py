"""Motion of a camera over HTTP: verdicts page by page, what a region saw, and whose verdict counts."""

from base64 import b64encode
from typing import Any

import pytest

from schemas.facts import MediaConfigured
from schemas.intervals import Span
from tests.footage_facts import START_MS
from tests.scan_facts import asked, dropped, grid, look, looked, promoted, scan, started
from tests.unit.api.client import World

WINDOW: dict[str, Any] = {"from_ms": START_MS, "to_ms": START_MS + 60_000}
LEFT_GRID, RIGHT_GRID = (b64encode(grid(**one)).decode() for one in ({"c16": 40}, {"c31": 200}))
LEFT, RIGHT = "0,0,0.5,0,0.5,1,0,1", "0.5,0 1,0 1,1 0.5,1"


@pytest.fixture
def seen(world: World) -> World:
    """Ten segments of a camera; in the third something goes from left to right, the fourth cannot be read."""
    world.archive.show(MediaConfigured(media="gate", observed_ms=1))
    for number in range(10):
        world.motion.all.append(scan(start_ms=START_MS + number * 6000))
    at = START_MS + 2 * 6000
    looks = (look(at, 0.1), look(at + 2000, 0.4, level="borders", c16=40), look(at + 4000, 0.9, c31=200))
    world.motion.all[2] = scan(
        start_ms=at, moved=[(1500, 5000)], looks=looks, parameters={"sensitivity": 50}, baseline_from_ms=START_MS - 1,
        preview_key="previews/a.jpg", preview_ms=at + 4000,
    )  # fmt: skip
    world.motion.all[3] = scan(start_ms=at + 6000, verdict="unreadable", reason="no header", level="none", looks=())
    return world


def test_a_verdict_says_what_was_found_and_what_it_rests_on(seen: World) -> None:
    at = START_MS + 12_000
    reply = seen.get("media/gate/motion", from_ms=at, to_ms=at + 1, looks=1).json()
    assert reply == {
        "verdicts": [
            {
                "start_ms": at, "end_ms": at + 6000, "from_ms": at, "verdict": "motion", "reason": "",
                "level": "borders", "run": "", "score": 0.9, "motion_ms": 3500, "begins_run": False,
                "baseline_from_ms": START_MS - 1, "preview_ms": at + 4000, "observed_ms": at + 7500,
                "detector": "cascade@1", "preview_key": "previews/a.jpg", "parameters": {"sensitivity": 50},
                "spans": [{"start_ms": at + 1500, "end_ms": at + 5000, "score": 0.5, "peak_ms": None, "zones": []}],
                "looks": [
                    {"at_ms": at, "score": 0.1, "level": "keyframes", "grid": ""},
                    {"at_ms": at + 2000, "score": 0.4, "level": "borders", "grid": LEFT_GRID},
                    {"at_ms": at + 4000, "score": 0.9, "level": "keyframes", "grid": RIGHT_GRID},
                ],
            }
        ],
        "counts": {"motion": 1, "still": 0, "unreadable": 0, "off": 0, "unscanned": 0},
        "next": None,
    }  # fmt: skip


@pytest.mark.parametrize("limit", [1, 3, 10, 5000])
def test_pages_hold_every_verdict_once_and_only_the_first_counts_them(seen: World, limit: int) -> None:
    seen.motion.unscanned = 4
    found, cursor, counts = list[int](), "", list[Any]()
    while True:
        page = seen.get("media/gate/motion", limit=limit, cursor=cursor, **WINDOW).json()
        found += [one["start_ms"] for one in page["verdicts"]]
        counts += [page["counts"]] if "counts" in page else []
        cursor = page["next"]
        if cursor is None:
            break
    assert found == [START_MS + number * 6000 for number in range(10)]
    assert counts == [{"motion": 1, "still": 8, "unreadable": 1, "off": 0, "unscanned": 4}]


@pytest.mark.parametrize(
    ("asked_for", "numbers"),
    [
        ({"verdict": "motion,unreadable"}, [2, 3]),
        ({"region": LEFT}, [2]),
        ({"region": RIGHT, "min_energy": 200}, [2]),
        ({"region": RIGHT, "min_energy": 201}, []),
        ({"region": "0,0 0.01,0 0.01,0.01"}, []),
        ({"region": LEFT, "verdict": "still"}, []),
    ],
    ids=str,
)
def test_filters_hold_together(seen: World, asked_for: dict[str, Any], numbers: list[int]) -> None:
    reply = seen.get("media/gate/motion", **asked_for, **WINDOW).json()
    assert [one["start_ms"] for one in reply["verdicts"]] == [START_MS + number * 6000 for number in numbers]
    assert sum(reply["counts"].values()) == 10


def test_a_search_of_a_region_says_when_and_how_much(seen: World) -> None:
    (one,) = seen.get("media/gate/motion", region=LEFT, **WINDOW).json()["verdicts"]
    assert one["seen"] == [{"at_ms": START_MS + 14_000, "energy": 40}]
    assert "looks" not in one


def test_the_verdicts_of_a_promoted_run_count_where_it_looked(seen: World) -> None:
    seen.motion.all += [scan(start_ms=START_MS + 6000 * number, run="night", moved=[(0, 9)]) for number in (4, 5)]
    for fact in (asked("night"), started("night"), looked("night")):
        seen.runs.show(fact)

    def runs(**more: Any) -> list[str]:
        return [one["run"] for one in seen.get("media/gate/motion", **more, **WINDOW).json()["verdicts"]]

    assert runs() == [""] * 10
    assert runs(run="night") == ["night"] * 2
    seen.runs.show(promoted("night"))
    assert runs() == [""] * 4 + ["night"] * 2 + [""] * 4
    assert runs(run="live") == [""] * 10


def test_what_a_dropped_run_said_does_not_count(seen: World) -> None:
    for fact in (asked("night"), promoted("night"), dropped("night")):
        seen.runs.show(fact)
    assert seen.runs.promoted("gate") == []


def test_a_camera_without_a_verdict_has_none_and_one_that_nobody_knows_is_not_found(world: World) -> None:
    world.archive.show(MediaConfigured(media="new", observed_ms=1))
    assert world.get("media/new/motion", **WINDOW).json()["verdicts"] == []
    assert world.get("media/nobody/motion", **WINDOW).json()["type"] == "urn:sightlog:problem:no-such-media"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("region", "0,0,1,1"), ("region", "0,0,1,0,1"), ("region", "0,0,1,0,1,2"), ("region", "0,0,1,0,nan,1"),
        ("region", "a,b,c,d,e,f"), ("region", "0,0,0.5,0.5,1,1"), ("region", ""), ("region", "0," * 300),
        ("min_energy", 0), ("min_energy", 256), ("verdict", "moving"), ("limit", 0), ("limit", 5001), ("cursor", "zzz"),
        ("cursor", "eHg"), ("from_ms", START_MS + 60_000), ("looks", "perhaps"), ("energy", 1),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_by_name(seen: World, name: str, value: object) -> None:
    reply = seen.get("media/gate/motion", **(WINDOW | {name: value}))
    assert (reply.status_code, reply.json()["type"]) == (400, "urn:sightlog:problem:bad-parameter")
    assert name in reply.json()["detail"]


def test_a_verdict_that_speaks_of_the_time_before_is_found_there(seen: World) -> None:
    at = START_MS + 54_000
    seen.motion.all[9] = scan(start_ms=at, looks=(look(at - 300, 0.5, c1=9), look(at)))
    reply = seen.get("media/gate/motion", from_ms=at - 200, to_ms=at - 100).json()
    spoken = [Span(one["from_ms"], one["end_ms"]) for one in reply["verdicts"]]
    assert spoken == [Span(at - 6000, at), Span(at - 300, at + 6000)]
