"""Decisions to delete as the API shows them, and taking one back."""

from typing import Any

import pytest

from api import writes
from api.archive import Lag
from api.auth import require
from api.routes import expirations as routes
from infra.log import LogUnavailable
from schemas.facts import RangeExpired, RestoreRequested
from tests.expiration_facts import expired, ordered, requested, restored
from tests.footage_facts import START_MS
from tests.scopes import only
from tests.unit.api.client import World

HOUR_MS = 3_600_000
FIRST, SECOND = expired("gate"), expired("yard", START_MS + HOUR_MS, reason="room")
GONE, BACK = expired("gate", START_MS - HOUR_MS), expired("yard", START_MS - 2 * HOUR_MS)


@pytest.fixture(autouse=True)
def told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "ANSWERED_S", 0.0)
    world.retention.facts = [GONE, ordered(GONE), BACK, requested(BACK), restored(BACK), SECOND, FIRST]


def listed(world: World, **query: object) -> list[str]:
    answer = world.get("expirations", **query)
    assert answer.status_code == 200, answer.text
    return [one["expiration_id"] for one in answer.json()["expirations"]]


def of(*facts: RangeExpired) -> list[str]:
    return [str(one.expiration_id) for one in facts]


def answering(world: World, monkeypatch: pytest.MonkeyPatch, *answers: Any) -> None:
    """The rules answer whatever is asked with these facts."""

    def append(log: Any, facts: list[RestoreRequested]) -> None:
        world.retention.facts += [*facts, *answers]

    monkeypatch.setattr(writes, "append", append)


def test_what_waits_comes_first_the_next_to_go_before_others_then_the_latest_decided(world: World) -> None:
    assert listed(world) == of(FIRST, SECOND, GONE, BACK)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "expired"}, [FIRST, SECOND]),
        ({"state": "ordered"}, [GONE]),
        ({"media": "yard"}, [SECOND, BACK]),
        ({"media": "yard,gate", "state": "restored"}, [BACK]),
        ({"from_ms": START_MS, "to_ms": START_MS + HOUR_MS}, [FIRST]),
        ({"from_ms": START_MS + HOUR_MS}, [SECOND]),
    ],
    ids=str,
)
def test_decisions_are_found_by_camera_state_and_footage(
    world: World, query: dict[str, Any], found: list[RangeExpired]
) -> None:
    assert listed(world, **query) == of(*found)


def test_pages_follow_each_other_and_a_cursor_belongs_to_its_question(world: World) -> None:
    first = world.get("expirations", limit=3).json()
    assert listed(world, limit=3, cursor=first["next"]) == of(BACK)
    assert world.get("expirations", limit=3, media="gate", cursor=first["next"]).status_code == 400


def test_a_decision_says_all_that_is_known_of_it(world: World) -> None:
    told = world.get(f"expirations/{BACK.expiration_id}").json()
    assert told["expiration_id"] == str(BACK.expiration_id)
    assert (told["state"], told["restored_by"], told["requested_ms"]) == ("restored", "anna", BACK.observed_ms + 1000)
    assert (told["ordered_ms"], told["reason"], told["detail"]) == (None, "depth", "older than depth 6 h")


def test_a_decision_that_is_taken_back_in_time_stays(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(world, monkeypatch, restored(FIRST, by="api"))
    answer = world.ask("POST", f"/api/v1/expirations/{FIRST.expiration_id}/restore")
    assert (answer.status_code, answer.json()["state"]) == (200, "restored")
    asked = next(one for one in world.retention.facts if isinstance(one, RestoreRequested) and one.media == "gate")
    assert (asked.expiration_id, asked.requested_by) == (FIRST.expiration_id, "admin-token")


def test_a_decision_whose_deletion_is_ordered_meanwhile_is_too_late(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(world, monkeypatch, ordered(FIRST))
    answer = world.ask("POST", f"/api/v1/expirations/{FIRST.expiration_id}/restore")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:sightlog:problem:too-late")
    assert answer.json()["expiration"]["ordered_ms"] == FIRST.observed_ms + 600_000


def test_what_is_not_answered_in_time_is_asked_for_and_stands_on_the_log(world: World) -> None:
    answer = world.ask("POST", f"/api/v1/expirations/{FIRST.expiration_id}/restore")
    assert (answer.status_code, answer.json()["state"]) == (202, "requested")
    assert [type(one).__name__ for one in world.log.facts] == ["RestoreRequested"]


@pytest.mark.parametrize(("fact", "status"), [(BACK, 200), (GONE, 409)], ids=["restored", "ordered"])
def test_what_is_decided_is_not_asked_for_again(world: World, fact: RangeExpired, status: int) -> None:
    assert world.ask("POST", f"/api/v1/expirations/{fact.expiration_id}/restore").status_code == status
    assert world.log.facts == []


def test_a_log_that_is_away_is_told_and_nothing_is_promised(world: World) -> None:
    world.log.down = True
    assert world.ask("POST", f"/api/v1/expirations/{FIRST.expiration_id}/restore").status_code == 503


def test_decisions_about_cameras_of_others_are_as_if_there_were_none(world: World) -> None:
    world.app.dependency_overrides[require] = lambda: only({"yard"})
    assert listed(world) == of(SECOND, BACK)
    assert world.get(f"expirations/{FIRST.expiration_id}").status_code == 404
    assert world.ask("POST", f"/api/v1/expirations/{FIRST.expiration_id}/restore").status_code == 404
    assert world.log.facts == []


@pytest.mark.parametrize("wrong", ["x", "-1", "18446744073709551616"])
def test_an_id_that_is_none_is_named(world: World, wrong: str) -> None:
    assert world.get(f"expirations/{wrong}").json()["type"] == "urn:sightlog:problem:bad-expiration-id"


def test_how_fresh_an_answer_is_stands_in_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.routes.expirations.clock.now_ms", lambda: START_MS)
    assert world.get("expirations").json()["as_of_ms"] == START_MS
    world.archive.behind = [Lag("expirations", "expirations", 3, START_MS - 5000)]
    assert world.get("expirations").json()["as_of_ms"] == START_MS - 5000

    def away(*_: object) -> list[Lag]:
        raise LogUnavailable("no broker")

    monkeypatch.setattr(world.archive, "lags", away)
    assert world.get("expirations").json()["as_of_ms"] is None
