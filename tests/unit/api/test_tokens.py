"""Tokens of programs: within less than their user may."""

from typing import Any

import httpx
import pytest

from infra import clock
from schemas.access import SessionOpened
from schemas.facts import MediaConfigured
from tests.people import group, user
from tests.unit.api.client import World
from tests.unit.api.test_sessions import entered, me

LATER_MS = clock.now_ms() + 3_600_000
LINK = {"media": "gate", "from_ms": 1, "to_ms": 2}


def issue(world: World, headers: dict[str, str] | None = None, **body: Any) -> httpx.Response:
    told = {"title": "a program", "scopes": ["live"]} | body
    if headers is None:
        return world.ask("POST", "/api/v1/tokens", json=told)
    return world.ask("POST", "/api/v1/tokens", None, json=told, headers=headers)


def bearer(answer: httpx.Response) -> dict[str, str]:
    return {"Authorization": f"Bearer {answer.json()['token']}"}


@pytest.fixture
def world(world: World) -> World:
    world.tell(
        group("yard"), user("boss", admin=True), user("anna", groups=("yard",)), user("ben"),
        user("off", enabled=False),
    )  # fmt: skip
    world.log.append(MediaConfigured(media="gate", observed_ms=1, groups=("yard",)))
    world.log.append(MediaConfigured(media="roof", observed_ms=1))
    return world


def test_a_token_is_shown_once_and_works(world: World) -> None:
    annas = entered(world)
    answer = issue(world, annas, media=["gate"], expires_ms=LATER_MS)
    assert answer.status_code == 201
    told = answer.json()
    secret = told.pop("token")
    assert secret.startswith("sl_")
    assert (told["user"], told["scopes"], told["media"], told["expires_ms"]) == ("anna", ["live"], ["gate"], LATER_MS)
    listed = world.ask("GET", "/api/v1/tokens", token=None, headers=annas)
    assert listed.json()["tokens"] == [told]
    assert secret not in listed.text + "".join(str(record.value) for record in world.log.records)
    who = me(world, bearer(answer)).json()
    assert (who["user"], who["via"], who["may"]["live"], who["may"]["archive"]) == ("anna", "token", True, False)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"scopes": ["admin"]}, "scopes"),
        ({"media": ["roof"]}, "media"),
        ({"media": ["nowhere"]}, "media"),
        ({"expires_ms": 5}, "expires_ms"),
        ({"user": "nobody"}, "user"),
        ({"user": "off"}, "user"),
        ({"token": "sl_mine"}, "token"),
    ],
)
def test_every_wrong_field_of_a_token_is_named(body: Any, field: str, world: World) -> None:
    answer = issue(world, **{"user": "anna"} | body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


def test_a_camera_that_the_user_may_not_see_is_refused_as_one_that_is_not_there(world: World) -> None:
    foreign, missing = (issue(world, user="anna", media=[name]).text for name in ("roof", "none"))
    assert foreign.replace("roof", "none") == missing


def test_the_admin_token_says_for_whom(world: World) -> None:
    assert issue(world).json()["errors"][0]["field"] == "user"
    answer = issue(world, user="boss", scopes=["admin"])
    assert me(world, bearer(answer)).json()["admin"] is True
    assert issue(world, user="boss", scopes=["admin"], media=["gate"]).status_code == 422


def test_nobody_but_admins_issues_tokens_for_others_and_none_who_is_barred(world: World) -> None:
    world.tell(user("barred", admin=True, watches=False))
    assert issue(world, entered(world), user="ben").status_code == 403
    assert issue(world, entered(world, "barred"), user="boss").status_code == 403
    assert issue(world, entered(world, "barred")).status_code == 201
    assert issue(world, entered(world, "boss"), user="ben").status_code == 201


@pytest.mark.parametrize(
    ("own", "asked", "status"),
    [
        ({"scopes": ["live", "archive"]}, {"scopes": ["live"]}, 201),
        ({"scopes": ["live"]}, {"scopes": ["archive"]}, 403),
        ({"media": ["gate"]}, {"media": ["gate"]}, 201),
        ({"media": ["gate"]}, {}, 403),
        ({"media": []}, {"media": ["gate"]}, 403),
        ({"expires_ms": LATER_MS}, {"expires_ms": LATER_MS}, 201),
        ({"expires_ms": LATER_MS}, {}, 403),
        ({"expires_ms": LATER_MS}, {"expires_ms": LATER_MS + 1}, 403),
    ],
)
def test_a_token_issues_none_that_may_more_than_itself(own: Any, asked: Any, status: int, world: World) -> None:
    first = issue(world, entered(world), **own)
    assert issue(world, bearer(first), **asked).status_code == status


def test_a_token_makes_no_link_that_outlives_it(world: World) -> None:
    told = bearer(issue(world, entered(world), scopes=["archive"], expires_ms=LATER_MS))
    for expires_ms, status in ((LATER_MS, 201), (LATER_MS + 1, 403)):
        answer = world.ask("POST", "/api/v1/shares", None, json=LINK | {"expires_ms": expires_ms}, headers=told)
        assert answer.status_code == status


def test_a_link_and_a_token_that_a_token_made_end_with_it(world: World) -> None:
    annas = entered(world)
    first = issue(world, annas, scopes=["archive", "live"])
    second = issue(world, bearer(first), scopes=["archive"])
    link = world.ask("POST", "/api/v1/shares", None, json=LINK, headers=bearer(second)).json()
    shown = {"Authorization": f"Bearer {link['secret']}"}
    world.ask("POST", "/api/v1/sessions", None, json={"token": second.json()["token"]}).raise_for_status()
    assert [me(world, one).status_code for one in (bearer(second), shown)] == [200, 200]
    path = f"/api/v1/tokens/{first.json()['token_id']}"
    assert world.ask("DELETE", path, token=None, headers=annas).status_code == 204
    assert [me(world, one).status_code for one in (bearer(second), shown)] == [401, 401]
    for name in ("tokens", "shares"):
        assert world.ask("GET", f"/api/v1/{name}", None, headers=annas).json()[name] == []
    assert [one.token_id for one in world.access.entries.every(SessionOpened)] == [None]


def test_a_token_is_told_of_itself_and_of_links_that_it_could_make(world: World) -> None:
    world.log.append(MediaConfigured(media="roof", observed_ms=2, groups=("yard",)))
    world.tell(group("yard", export=True))
    annas = entered(world)
    links = [
        world.ask("POST", "/api/v1/shares", None, json=LINK | more, headers=annas).json()["share_id"]
        for more in ({}, {"media": "roof"}, {"export": True})
    ]
    narrow = issue(world, annas, scopes=["archive"], media=["gate"])
    blind = issue(world, annas, scopes=["live"])
    for answer, seen in ((narrow, links[:1]), (blind, [])):
        told = world.ask("GET", "/api/v1/tokens", None, headers=bearer(answer)).json()["tokens"]
        assert [one["token_id"] for one in told] == [answer.json()["token_id"]]
        told = world.ask("GET", "/api/v1/shares", None, headers=bearer(answer)).json()["shares"]
        assert [one["share_id"] for one in told] == seen
    for share_id, status in zip(links, (204, 404, 404), strict=True):
        answer = world.ask("DELETE", f"/api/v1/shares/{share_id}", None, headers=bearer(narrow))
        assert answer.status_code == status
    told = world.ask("GET", "/api/v1/shares", None, headers=annas).json()["shares"]
    assert {one["share_id"] for one in told} == set(links[1:])


def test_a_token_of_an_admin_without_the_scope_is_no_admins(world: World) -> None:
    told = bearer(issue(world, entered(world, "boss"), scopes=["configure", "live"]))
    assert world.ask("GET", "/api/v1/users", token=None, headers=told).status_code == 403
    assert world.ask("PUT", "/api/v1/users/eve", token=None, headers=told, json={"admin": True}).status_code == 403
    assert issue(world, told, scopes=["admin"]).status_code == 403
    assert issue(world, told, user="ben").status_code == 403


def test_a_revoked_token_no_longer_works(world: World) -> None:
    annas = entered(world)
    answer = issue(world, annas)
    path = f"/api/v1/tokens/{answer.json()['token_id']}"
    assert world.ask("DELETE", path, token=None, headers=annas).status_code == 204
    assert me(world, bearer(answer)).status_code == 401
    assert world.ask("DELETE", path, token=None, headers=annas).status_code == 404


def test_a_token_revokes_itself_and_no_other(world: World) -> None:
    annas = entered(world)
    first, second = issue(world, annas), issue(world, annas)
    for answer, status in ((second, 404), (first, 204)):
        path = f"/api/v1/tokens/{answer.json()['token_id']}"
        assert world.ask("DELETE", path, token=None, headers=bearer(first)).status_code == status


def test_another_users_token_is_as_if_it_were_not_there_except_for_admins(world: World) -> None:
    annas, bens = entered(world), entered(world, "ben")
    token_id = issue(world, annas).json()["token_id"]
    foreign = world.ask("DELETE", f"/api/v1/tokens/{token_id}", token=None, headers=bens)
    missing = world.ask("DELETE", "/api/v1/tokens/12", token=None, headers=bens)
    assert foreign.status_code == 404
    assert foreign.text.replace(token_id, "12") == missing.text
    assert world.ask("GET", "/api/v1/tokens", token=None, headers=bens).json()["tokens"] == []
    assert [one["token_id"] for one in world.get("tokens").json()["tokens"]] == [token_id]
    assert world.get("tokens", user="ben").json()["tokens"] == []
    assert world.ask("GET", "/api/v1/tokens?user=anna", token=None, headers=bens).status_code == 403
    assert world.ask("DELETE", f"/api/v1/tokens/{token_id}").status_code == 204


def test_a_user_who_is_disabled_or_loses_a_group_takes_their_tokens_with_them(world: World) -> None:
    told = bearer(issue(world, entered(world)))
    world.tell(user("anna"))
    assert me(world, told).json()["may"]["live"] is False
    world.tell(user("anna", enabled=False))
    assert me(world, told).status_code == 401
