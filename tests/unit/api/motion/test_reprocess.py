"""Runs over HTTP: asked for, watched, promoted, dropped, and what each refuses."""

from typing import Any

import httpx
import pytest

from api.auth import require
from schemas import codec
from schemas.facts import MediaConfigured, ReprocessRequested
from schemas.motion import Stretch
from tests.footage_facts import START_MS
from tests.scan_facts import asked, dropped, looked, promoted, started
from tests.scopes import only
from tests.unit.api.client import World

DAY: dict[str, Any] = {"run": "night", "from_ms": START_MS, "to_ms": START_MS + 86_400_000}


@pytest.fixture
def known(world: World) -> World:
    for name in ("gate", "tył"):
        world.archive.show(MediaConfigured(media=name, observed_ms=1))
    return world


def post(world: World, path: str = "", body: object = None) -> httpx.Response:
    return world.ask("POST", f"/api/v1/reprocess{path}", **({"json": body} if body is not None else {}))


def told(world: World) -> list[Any]:
    return [codec.decode("reprocess", one.value) for one in world.log.records if one.topic == "reprocess"]


def test_a_run_is_asked_for_and_shown(known: World) -> None:
    body = DAY | {
        "media": ["ty\u0142", "gate"], "to_ms": "2026-01-02T01:00:00+01:00", "detector": "mog2@1",
        "settings": {"sensitivity": 70, "zones": [{"name": "door", "polygon": [[0, 0], [1, 0], [1, 1]]}]},
    }  # fmt: skip
    reply = post(known, body=body)
    (fact,) = told(known)
    assert isinstance(fact, ReprocessRequested)
    assert (fact.run, fact.media, fact.by) == ("night", ("gate", "tył"), "admin-token")
    assert fact.to_ms == START_MS + 86_400_000
    assert reply.status_code == 201
    assert reply.json() == {
        "run": "night", "state": "requested", "media": ["gate", "tył"], "from_ms": START_MS,
        "to_ms": START_MS + 86_400_000, "detector": "mog2@1", "evidence": "footage", "settings": body["settings"],
        "requested_ms": fact.observed_ms, "requested_by": "admin-token", "begun_ms": None, "looked_ms": None,
        "promoted_ms": None, "promoted_by": "", "applied_ms": None, "dropped_ms": None, "dropped_by": "",
        "progress": {"records": 0, "done": 0, "share": 0.0},
    }  # fmt: skip
    assert known.get("reprocess/night").json() == reply.json()


def test_a_name_is_never_used_again(known: World) -> None:
    known.runs.show(asked("night"))
    known.runs.show(dropped("night"))
    reply = post(known, body=DAY)
    assert (reply.status_code, reply.json()["type"]) == (409, "urn:sightlog:problem:run-exists")
    assert told(known) == []


def test_of_two_who_ask_at_once_one_is_told_that_he_was_not_the_first(known: World) -> None:
    class Meanwhile(type(known.log)):  # type: ignore[misc]
        def append(self, fact: Any, headers: Any = ()) -> Any:
            known.runs.show(asked("night", observed_ms=5))
            return super().append(fact, headers)

    known.log.__class__ = Meanwhile
    assert post(known, body=DAY).status_code == 409


def test_how_far_a_run_is(known: World) -> None:
    known.runs.show(asked("night"))
    known.runs.show(started("night"))
    known.runs.done["night"] = 2
    assert known.get("reprocess/night").json()["progress"] == {"records": 6, "done": 2, "share": 0.3333}
    known.runs.show(looked("night"))
    shown = known.get("reprocess/night").json()
    assert (shown["state"], shown["progress"]) == ("done", {"records": 6, "done": 6, "share": 1.0})


def test_a_run_about_nothing_is_done_when_it_has_begun(known: World) -> None:
    known.runs.show(asked("night"))
    known.runs.show(started("night", Stretch(partition=0, begin=4, end=4)))
    assert known.get("reprocess/night").json()["progress"] == {"records": 0, "done": 0, "share": 1.0}


def test_pages_hold_every_run_once_newest_first(known: World) -> None:
    for number in range(7):
        known.runs.show(asked(f"r{number}", START_MS + number // 2))
    known.runs.show(dropped("r3"))
    found, cursor = list[str](), None
    while True:
        page = known.get("reprocess", limit=3, **({"cursor": cursor} if cursor else {})).json()
        found += [one["run"] for one in page["runs"]]
        if (cursor := page["next"]) is None:
            break
    assert found == [f"r{number}" for number in reversed(range(7))]
    assert [one["run"] for one in known.get("reprocess", state="dropped").json()["runs"]] == ["r3"]
    assert known.get("reprocess", state="late").status_code == 400
    assert known.get("reprocess", cursor="zz").status_code == 400


def test_a_run_that_is_done_is_promoted_once(known: World) -> None:
    for fact in (asked("night"), started("night"), looked("night")):
        known.runs.show(fact)
    assert post(known, "/night/promote").json()["state"] == "promoting"
    assert post(known, "/night/promote").json()["state"] == "promoting"
    assert [type(one).__name__ for one in told(known)] == ["ReprocessPromoted"]


def test_a_run_is_dropped_once(known: World) -> None:
    known.runs.show(asked("night"))
    assert known.ask("DELETE", "/api/v1/reprocess/night").status_code == 204
    assert known.ask("DELETE", "/api/v1/reprocess/night").status_code == 204
    assert [type(one).__name__ for one in told(known)] == ["ReprocessDropped"]
    assert known.get("reprocess/night").json()["state"] == "dropped"


@pytest.mark.parametrize(
    ("facts", "method", "path", "problem"),
    [
        ([asked()], "POST", "night/promote", "run-unfinished"),
        ([asked(), started()], "POST", "night/promote", "run-unfinished"),
        ([asked(), started(), looked(), dropped()], "POST", "night/promote", "run-dropped"),
        ([asked(), started(), looked(), promoted()], "DELETE", "night", "run-promoted"),
        ([asked(), looked(), promoted(), looked(step="promoted")], "DELETE", "night", "run-promoted"),
        ([], "POST", "night/promote", "no-such-run"),
        ([], "DELETE", "night", "no-such-run"),
        ([], "GET", "night", "no-such-run"),
    ],
)
def test_what_cannot_be_decided_of_a_run_is_refused(
    known: World, facts: list[Any], method: str, path: str, problem: str
) -> None:
    for fact in facts:
        known.runs.show(fact)
    reply = known.ask(method, f"/api/v1/reprocess/{path}")
    assert reply.json()["type"] == f"urn:sightlog:problem:{problem}"
    assert reply.status_code == (404 if problem == "no-such-run" else 409)
    assert told(known) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"run": None}, "run"), ({"run": "Night"}, "run"), ({"run": "-a"}, "run"), ({"run": "a" * 65}, "run"),
        ({"run": "live"}, "run"), ({"run": 7}, "run"), ({"from_ms": None}, "from_ms"), ({"to_ms": "tomorrow"}, "to_ms"),
        ({"to_ms": START_MS}, "from_ms"), ({"to_ms": True}, "to_ms"), ({"to_ms": 11_000_000_000_000}, "to_ms"),
        ({"media": "gate"}, "media"), ({"media": []}, "media"), ({"media": ["a/b"]}, "media"),
        ({"media": [1]}, "media"),
        ({"detector": "yolo@1"}, "detector"), ({"detector": {}}, "detector"), ({"evidence": "hope"}, "evidence"),
        ({"evidence": "looks", "detector": "cascade@1"}, "detector"), ({"settings": []}, "settings"),
        ({"settings": {"sensitivity": 101}}, "settings.sensitivity"), ({"settings": {"speed": 1}}, "settings.speed"),
        ({"settings": {"enabled": True}}, "settings.enabled"), ({"priority": 1}, "priority"),
        ({"settings": {"detector": "mog2@1"}}, "settings.detector"),
    ],
    ids=str,
)  # fmt: skip
def test_a_wrong_field_is_named(known: World, change: dict[str, Any], field: str) -> None:
    reply = post(known, body=DAY | change)
    assert (reply.status_code, reply.json()["type"]) == (422, "urn:sightlog:problem:bad-run")
    assert [error["field"] for error in reply.json()["errors"]] == [field]
    assert told(known) == []


@pytest.mark.parametrize("body", ["[]", "{", "7"])
def test_a_body_that_is_no_object_is_refused(known: World, body: str) -> None:
    assert known.ask("POST", "/api/v1/reprocess", content=body).json()["type"] == "urn:sightlog:problem:bad-json"


def test_a_run_over_a_camera_that_nobody_knows_is_refused(known: World) -> None:
    reply = post(known, body=DAY | {"media": ["gate", "nobody"]})
    assert (reply.status_code, reply.json()["type"]) == (404, "urn:sightlog:problem:no-such-media")
    assert "'nobody'" in reply.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("POST", ""), ("GET", "/night"), ("POST", "/night/promote"), ("DELETE", "/night")],
)
def test_who_may_see_some_cameras_only_is_refused(known: World, method: str, path: str) -> None:
    known.runs.show(asked("night"))
    known.app.dependency_overrides[require] = lambda: only({"gate"})
    assert known.ask(method, f"/api/v1/reprocess{path}", json=DAY).json()["type"] == "urn:sightlog:problem:not-allowed"
