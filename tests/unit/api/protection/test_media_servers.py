"""Media servers that ask what to keep: they get all of it, or an error."""

from typing import Any

import httpx
import pytest

from api.access.scope import EVERYTHING, Grant, Scope
from api.auth import require
from api.routes import media_servers
from infra.clickhouse import DatabaseUnavailable
from schemas.facts import MediaConfigured
from tests.footage_facts import START_MS, segment
from tests.protection_facts import hold, protected
from tests.scopes import only
from tests.unit.api.client import World

MINUTE_MS = 60_000


@pytest.fixture
def known(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Two cameras, of which one has ranges; nobody waits."""
    monkeypatch.setattr(media_servers, "READ_S", 0.0)
    for number, name in enumerate(("gate", "tył")):
        world.archive.show(MediaConfigured(media=name, observed_ms=1))
        world.protection.places[name] = number
    for fact in (
        protected("gate", START_MS, MINUTE_MS, hold(1)),
        protected("gate", START_MS + MINUTE_MS, MINUTE_MS, hold(2, "lock")),
        protected("gate", START_MS + 10 * MINUTE_MS, MINUTE_MS, hold(3)),
    ):
        world.protection.show(fact)
    return world


def ask(world: World, **query: Any) -> httpx.Response:
    return world.ask("GET", "/central/api/v3/streamers/dvr1.example.com/episodes", params=query)


def spans(reply: httpx.Response) -> list[tuple[str, int, int]]:
    """Camera, and minutes from START_MS."""
    return [
        (one["media"], (one["opened_at"] - START_MS) // MINUTE_MS, (one["closed_at"] - START_MS) // MINUTE_MS)
        for one in reply.raise_for_status().json()["episodes"]
    ]


def test_ranges_are_told_as_closed_episodes_pieces_that_touch_as_one(known: World) -> None:
    reply = ask(known, media="gate", opened_at_lt=START_MS + 5 * MINUTE_MS, closed_at_gt=START_MS)
    (episode,) = reply.json()["episodes"]
    number = episode.pop("episode_id")
    assert episode == {
        "media": "gate", "opened_at": START_MS, "closed_at": START_MS + 2 * MINUTE_MS,
        "updated_at": START_MS + 2 * MINUTE_MS,
    }  # fmt: skip
    assert 0 < number < 1 << 53
    assert (reply.json()["next"], reply.json()["prev"], reply.json()["estimated_count"]) == (None, None, 1)
    assert ask(known, media="gate", opened_at_lt=START_MS + 1).json()["episodes"][0]["episode_id"] == number


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, [("gate", 0, 2), ("gate", 10, 11)]),
        ({"media": "gate,tył"}, [("gate", 0, 2), ("gate", 10, 11)]),
        ({"media": "tył"}, []),
        ({"media": "gate", "closed_at_gt": START_MS + 2 * MINUTE_MS}, [("gate", 10, 11)]),
        ({"media": "gate", "opened_at_lt": "2026-01-01T00:10:00Z"}, [("gate", 0, 2)]),
    ],
)
def test_what_reaches_into_the_window_is_told(known: World, query: dict[str, Any], expected: list[Any]) -> None:
    assert spans(ask(known, **query)) == expected


def test_while_it_is_not_certain_what_is_protected_there_is_no_answer(known: World) -> None:
    known.certainty.unsettled = None
    for query in ({}, {"media": "gate"}, {"media": "tył"}):
        reply = ask(known, **query)
        assert (reply.status_code, reply.json()["type"]) == (503, "urn:sightlog:problem:protection-not-certain")
        assert "episodes" not in reply.json()
        assert reply.headers["Retry-After"]


def test_a_part_that_is_not_certain_concerns_the_cameras_in_it(known: World) -> None:
    known.certainty.unsettled = frozenset({1})
    assert spans(ask(known, media="gate")) == [("gate", 0, 2), ("gate", 10, 11)]
    assert ask(known, media="tył").status_code == 503
    assert ask(known).status_code == 503


def test_while_the_tables_are_behind_there_is_no_answer(known: World) -> None:
    known.protection.unread.add("protected_ranges")
    assert ask(known, media="gate").json()["type"] == "urn:sightlog:problem:protection-not-certain"


def test_while_the_database_is_away_there_is_no_answer(known: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: Any) -> Any:
        raise DatabaseUnavailable("away")

    monkeypatch.setattr(known.protection, "near", gone)
    assert ask(known, media="gate").status_code == 503


def test_a_camera_that_nobody_knows_is_an_error_and_not_an_empty_list(known: World) -> None:
    reply = ask(known, media="gate,other")
    assert (reply.status_code, reply.json()["type"]) == (404, "urn:sightlog:problem:no-such-media")
    assert "'other'" in reply.json()["detail"]


@pytest.mark.parametrize("what", ["footage", "range"])
def test_a_camera_that_was_removed_and_left_something_is_known_but_nobody_knows_where(known: World, what: str) -> None:
    if what == "footage":
        known.archive.facts.append(segment("old"))
    else:
        known.protection.show(protected("old"))
    assert len(spans(ask(known, media="old"))) == (what == "range")
    known.certainty.unsettled = frozenset({7})
    assert ask(known, media="old").status_code == 503


def test_too_much_for_one_answer_is_an_error(known: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media_servers, "MOST_RANGES", 2)
    assert ask(known).status_code == 400
    monkeypatch.setattr(media_servers, "MOST_CAMERAS", 1)
    assert ask(known, media="gate,tył").status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        {"opened_at_lt": START_MS, "closed_at_gt": START_MS}, {"opened_at_lt": "soon"}, {"limit": 5}, {"media": ""},
        {"media": "../x"},
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(known: World, query: dict[str, Any]) -> None:
    assert ask(known, **query).status_code == 400


def test_only_with_the_token_and_only_of_cameras_that_one_may_see(known: World) -> None:
    path = "/central/api/v3/streamers/dvr1/episodes"
    assert known.ask("GET", path, token=None).status_code == 401
    known.app.dependency_overrides[require] = lambda: only({"tył"})
    assert spans(ask(known, media="tył")) == []
    assert ask(known, media="gate").status_code == 404
    assert ask(known).status_code == 403


@pytest.mark.parametrize(
    ("grant", "status"),
    [
        (EVERYTHING, 200),
        (Grant(EVERYTHING.rights, 10_000), 403),
        (Grant(EVERYTHING.rights, 365 * 86_400_000), 403),
        (Grant(EVERYTHING.rights - {"archive"}), 403),
    ],
    ids=["all of it", "ten seconds", "a year", "no archive"],
)
def test_who_may_not_look_all_the_way_back_is_told_nothing_that_a_server_could_delete_by(
    known: World, grant: Grant, status: int
) -> None:
    grants = {"gate": grant, "tył": EVERYTHING}
    scope = Scope(who="dvr", user="dvr", via="token", admin=False, grants=grants)
    known.app.dependency_overrides[require] = lambda: scope
    assert ask(known, media="gate,tył").status_code == status
    assert ask(known, media="tył").status_code == 200
