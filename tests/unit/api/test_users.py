"""Users and what people change of themselves."""

from typing import Any

import httpx
import pytest

from api.access import user_csv
from api.access.known import digest_of
from schemas.access import SessionOpened, ShareIssued, TokenIssued, UserConfigured
from tests.people import PASSWORD, group, user
from tests.unit.api.client import World
from tests.unit.api.test_sessions import entered, me, sign

CSV = """user,title,groups,admin,password
ben,Ben,yard | hall,no,a long password
 Cara ,Cara,,yes,
"""


def put(world: World, login: str, body: Any, headers: dict[str, str] | None = None) -> httpx.Response:
    path = f"/api/v1/users/{login}"
    return (
        world.ask("PUT", path, json=body)
        if headers is None
        else world.ask("PUT", path, None, json=body, headers=headers)
    )


def imported(world: World, text: str, headers: dict[str, str] | None = None) -> httpx.Response:
    told = {"Content-Type": "text/csv"}
    if headers is None:
        return world.ask("POST", "/api/v1/users/import", content=text.encode(), headers=told)
    return world.ask("POST", "/api/v1/users/import", None, content=text.encode(), headers=told | headers)


@pytest.fixture
def world(world: World) -> World:
    world.tell(group("yard"), group("hall"), user("boss", admin=True), user("anna", groups=("yard",)))
    return world


def test_a_user_is_set_answered_without_secrets_and_signs_in(world: World) -> None:
    answer = put(world, "ben", {"title": "Ben", "groups": ["yard"], "password": PASSWORD})
    assert answer.status_code == 200
    told = answer.json()
    assert (told["user"], told["groups"], told["admin"], told["enabled"]) == ("ben", ["yard"], False, True)
    assert told["changed_by"] == "admin-token"
    assert PASSWORD not in answer.text
    assert "argon2" not in world.get("users").text
    assert world.get("users/ben").json() == told
    assert sign(world, {"login": "ben", "password": PASSWORD}).status_code == 201


def test_fields_left_out_go_back_to_their_defaults_and_the_password_stays(world: World) -> None:
    put(world, "anna", {"title": "Anna"})
    found = world.get("users/anna").json()
    assert (found["title"], found["groups"]) == ("Anna", [])
    entered(world)


def test_another_password_ends_the_sessions_that_are_open(world: World) -> None:
    told = entered(world)
    put(world, "anna", {"password": "another password"})
    assert me(world, told).status_code == 401
    entered(world, password="another password")


@pytest.mark.parametrize(
    ("login", "body", "field"),
    [
        ("ben", {"groups": ["nowhere"]}, "groups"),
        ("ben", {"groups": "yard"}, "groups"),
        ("ben", {"groups": [["yard"]]}, "groups"),
        ("ben", {"admin": "yes"}, "admin"),
        ("ben", {"title": "x" * 257}, "title"),
        ("ben", {"password": "short"}, "password"),
        ("ben", {"password": None}, "password"),
        ("ben.benson", {"password": "Ben.Benson"}, "password"),
        ("ben", {"password_hash": "x"}, "password_hash"),
        ("Ben", {}, "user"),
        ("ben smith", {}, "user"),
        ("anna%0A", {}, "user"),
    ],
)
def test_every_wrong_field_is_named(login: str, body: Any, field: str, world: World) -> None:
    answer = put(world, login, body)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert world.access.entries.user("ben") is None


def test_a_user_may_stay_in_a_group_that_is_gone(world: World) -> None:
    world.tell(user("ben", groups=("gone",)))
    assert put(world, "ben", {"groups": ["gone", "yard"]}).status_code == 200


def test_one_identity_signs_in_as_one_user(world: World) -> None:
    put(world, "anna", {"subject": "https://id.example|1"})
    answer = put(world, "ben", {"subject": "https://id.example|1"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "subject")
    assert put(world, "anna", {"subject": "https://id.example|1"}).status_code == 200


def test_a_user_who_is_gone_leaves_nothing_to_a_namesake(world: World) -> None:
    told = entered(world)
    world.tell(
        TokenIssued(token_id=5, user="anna", digest=digest_of("sl_a"), scopes=("live",), observed_ms=1),
        ShareIssued(
            share_id=6, user="anna", digest=digest_of("sls_a"), media="gate", from_ms=1, to_ms=2, expires_ms=10**14,
            observed_ms=1,
        ),
    )  # fmt: skip
    assert world.ask("DELETE", "/api/v1/users/anna").status_code == 204
    assert world.get("users/anna").status_code == 404
    put(world, "anna", {"password": PASSWORD})
    assert me(world, told).status_code == 401
    for secret in ("sl_a", "sls_a"):
        assert me(world, {"Authorization": f"Bearer {secret}"}).status_code == 401
    assert not [one for kind in (TokenIssued, ShareIssued, SessionOpened) for one in world.access.entries.every(kind)]


def test_what_somebody_issued_for_a_user_who_was_just_removed_is_not_inherited(world: World) -> None:
    world.tell(TokenIssued(token_id=5, user="ben", digest=digest_of("sl_b"), scopes=("live",), observed_ms=1))
    put(world, "ben", {})
    assert me(world, {"Authorization": "Bearer sl_b"}).status_code == 401


@pytest.mark.parametrize("path", ["users", "users/anna", "groups", "groups/yard"])
def test_only_admins_see_and_set_users_and_groups(path: str, world: World) -> None:
    annas = entered(world)
    for method in ("GET", "PUT", "DELETE"):
        if method == "GET" or "/" in path:
            answer = world.ask(method, f"/api/v1/{path}", token=None, headers=annas, json={})
            assert (answer.status_code, answer.json()["type"]) == (403, "urn:sightlog:problem:not-allowed")
    assert imported(world, CSV, annas).status_code == 403
    assert put(world, "anna", {"admin": True}, annas).status_code == 403


@pytest.mark.parametrize("body", [{"admin": False}, {"admin": True, "enabled": False}, None])
def test_the_last_admin_cannot_be_taken_away_but_by_the_admin_token(body: Any, world: World) -> None:
    bosses = entered(world, "boss")
    if body is None:
        refused = world.ask("DELETE", "/api/v1/users/boss", token=None, headers=bosses)
        allowed = world.ask("DELETE", "/api/v1/users/boss")
    else:
        refused, allowed = put(world, "boss", body, bosses), put(world, "boss", body)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:sightlog:problem:last-admin")
    assert allowed.is_success


def test_an_admin_may_go_when_another_is_left(world: World) -> None:
    world.tell(user("vice", admin=True))
    bosses = entered(world, "boss")
    assert world.ask("DELETE", "/api/v1/users/boss", token=None, headers=bosses).status_code == 204


@pytest.mark.parametrize(
    ("login", "body", "status"),
    [
        ("barred", {"admin": True, "watches": True}, 403),
        ("new", {"admin": True}, 403),
        ("boss", {"admin": True, "watches": True, "password": "taken over!"}, 403),
        ("boss", {"admin": True, "watches": True, "subject": "https://id.example|me"}, 403),
        ("boss", {"admin": True, "watches": True, "title": "Boss"}, 200),
        ("new", {"admin": True, "watches": False}, 200),
        ("anna", {"groups": ["yard"], "password": "another password"}, 200),
    ],
)
def test_an_admin_who_is_barred_from_watching_makes_no_admin_watch(
    login: str, body: Any, status: int, world: World
) -> None:
    world.tell(user("barred", admin=True, watches=False))
    assert put(world, login, body, entered(world, "barred")).status_code == status


def test_users_come_from_csv_by_login_and_what_a_file_leaves_out_stays(world: World) -> None:
    world.tell(user("cara", title="C", groups=("yard",), language="pl"))
    answer = imported(world, CSV)
    assert (answer.status_code, answer.json()) == (200, {"created": 1, "updated": 1})
    ben, cara = world.get("users/ben").json(), world.get("users/cara").json()
    assert (ben["title"], ben["groups"], ben["admin"]) == ("Ben", ["yard", "hall"], False)
    assert (cara["groups"], cara["admin"], cara["language"]) == ([], True, "pl")
    entered(world, "ben", "a long password")
    entered(world, "cara")


def test_one_wrong_cell_and_nobody_is_changed(world: World) -> None:
    text = "login;title;groups;enabled;password\nben;Ben;nowhere;maybe;\n\nanna;A;yard;yes;short\nanna;;;;\n"
    answer = imported(world, text)
    assert answer.status_code == 422
    told = [(error["line"], error["field"], error["in"]) for error in answer.json()["errors"]]
    assert told == [(2, "enabled", "csv"), (4, "password", "csv"), (5, "user", "csv")]
    assert world.access.entries.user("ben") is None
    assert not [fact for fact in world.log.facts if isinstance(fact, UserConfigured) and fact.title == "A"]


def test_a_file_sets_so_many_passwords_at_most(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(user_csv, "MOST_PASSWORDS", 1)
    answer = imported(world, "user,password\na,long enough 1\nb,\nc,long enough 2\n")
    assert (answer.status_code, answer.json()["errors"][0]["line"]) == (422, 4)
    assert imported(world, "user,password\na,long enough 1\nb,\n").json() == {"created": 2, "updated": 0}


def test_a_file_that_takes_the_last_admin_away_changes_nobody(world: World) -> None:
    bosses = entered(world, "boss")
    assert imported(world, "user,admin\nanna,no\nboss,no\n", bosses).status_code == 409
    assert imported(world, "user,admin\nanna,yes\nboss,no\n", bosses).status_code == 200


def test_users_are_listed_page_by_page(world: World) -> None:
    first = world.get("users", limit=1).json()
    rest = world.get("users", cursor=first["next"]).json()
    assert [one["user"] for one in first["users"] + rest["users"]] == ["anna", "boss"]
    assert rest["next"] is None


def test_people_change_their_own_name_and_language_and_nothing_else(world: World) -> None:
    annas = entered(world)
    answer = world.ask("PUT", "/api/v1/me", token=None, headers=annas, json={"language": "pl"})
    assert (answer.status_code, answer.json()["language"]) == (200, "pl")
    found = world.access.entries.user("anna")
    assert found
    assert (found.groups, found.changed_by) == (("yard",), "anna")
    answer = world.ask("PUT", "/api/v1/me", token=None, headers=annas, json={"admin": True})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "admin")


def test_people_change_their_own_password_and_their_other_sessions_end(world: World) -> None:
    other, own = entered(world), entered(world)
    body = {"current": PASSWORD, "new": "another password"}
    answer = world.ask("PUT", "/api/v1/me/password", token=None, headers=own, json=body)
    assert answer.status_code == 204
    assert me(world, own).status_code == 200
    assert me(world, other).status_code == 401
    assert sign(world, {"login": "anna", "password": PASSWORD}).status_code == 401
    entered(world, password="another password")


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"current": "wrong", "new": "another password"}, 403, "current"),
        ({"current": PASSWORD, "new": "short"}, 422, "new"),
        ({"new": "another password"}, 422, "current"),
    ],
)
def test_a_password_is_changed_by_who_knows_it(body: Any, status: int, field: str, world: World) -> None:
    own = entered(world)
    answer = world.ask("PUT", "/api/v1/me/password", token=None, headers=own, json=body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (status, field)


def test_programs_do_not_change_whose_they_are(world: World) -> None:
    world.tell(TokenIssued(token_id=5, user="anna", digest=digest_of("sl_a"), scopes=("live",), observed_ms=1))
    told = {"Authorization": "Bearer sl_a"}
    for method, path in [("PUT", "me"), ("PUT", "me/password"), ("GET", "sessions")]:
        answer = world.ask(
            method, f"/api/v1/{path}", token=None, headers=told, json={"current": PASSWORD, "new": "x" * 10}
        )
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:sightlog:problem:not-allowed")
    assert world.put("me", {"title": "x"}).status_code == 403


def test_a_user_or_group_that_shall_be_new_takes_no_other_ones_place(world: World) -> None:
    before = len(world.log.facts)
    for path, field in (("users/anna", "user"), ("groups/yard", "group")):
        answer = world.ask("PUT", f"/api/v1/{path}", json={}, headers={"If-None-Match": "*"})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (412, field)
    assert len(world.log.facts) == before
    for path in ("users/dora", "groups/roof"):
        assert world.ask("PUT", f"/api/v1/{path}", json={}, headers={"If-None-Match": "*"}).status_code == 200
