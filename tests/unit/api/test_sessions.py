"""Signing in and out, and what a cookie is good for."""

from typing import Any

import httpx
import pytest

from api.access import cookies, sign_in
from api.access.known import digest_of
from api.routes import sessions as routes
from infra import clock
from infra.settings import Settings
from schemas.access import SessionOpened, TokenIssued, TokenRevoked, UserConfigured
from tests.people import PASSWORD, group, user
from tests.unit.api.client import TOKEN, World

SECRET = "sl_of-anna"


def sign(world: World, body: Any, **headers: str) -> httpx.Response:
    return world.ask("POST", "/api/v1/sessions", token=None, json=body, headers=headers)


def cookie(answer: httpx.Response) -> dict[str, str]:
    return {"Cookie": answer.headers["set-cookie"].partition(";")[0]}


def entered(world: World, login: str = "anna", password: str = PASSWORD) -> dict[str, str]:
    answer = sign(world, {"login": login, "password": password})
    assert answer.status_code == 201
    return cookie(answer)


def me(world: World, headers: dict[str, str]) -> httpx.Response:
    return world.ask("GET", "/api/v1/me", token=None, headers=headers)


def token(**more: Any) -> TokenIssued:
    told = {"token_id": 5, "user": "anna", "digest": digest_of(SECRET), "scopes": ("live",), "observed_ms": 1}
    return TokenIssued(**told | more)


@pytest.fixture
def world(world: World) -> World:
    world.tell(group("yard", export=True), user("anna", groups=("yard",), title="Anna", language="pl"))
    return world


def test_whoever_signs_in_gets_a_cookie_that_no_script_reads_and_learns_who_they_are(world: World) -> None:
    answer = sign(world, {"login": " Anna ", "password": PASSWORD})
    assert answer.status_code == 201
    told = answer.json()
    assert (told["user"], told["title"], told["language"], told["groups"]) == ("anna", "Anna", "pl", ["yard"])
    assert (told["admin"], told["via"]) == (False, "session")
    flags = answer.headers["set-cookie"].lower().split("; ")
    assert {"httponly", "samesite=strict", "path=/", f"max-age={14 * 86400}"} <= set(flags)
    assert "secure" not in flags
    assert me(world, cookie(answer)).json() == told


def test_over_https_the_cookie_is_never_sent_in_the_clear(world: World) -> None:
    answer = world.ask("POST", "https://test/api/v1/sessions", token=None, json={"login": "anna", "password": PASSWORD})
    assert "secure" in answer.headers["set-cookie"].lower()


@pytest.mark.parametrize(
    "facts",
    [
        [],
        [user("ben", enabled=False)],
        [user("ben", password="")],
        [user("ben", password="something else")],
    ],
    ids=["unknown", "disabled", "no password", "wrong password"],
)
def test_whatever_is_wrong_the_answer_is_the_same(facts: list[UserConfigured], world: World) -> None:
    world.tell(*facts)
    answer = sign(world, {"login": "ben", "password": PASSWORD})
    assert answer.status_code == 401
    assert answer.json()["type"].endswith(":bad-login")
    assert answer.json()["detail"] == "login or password is wrong"
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "login"),
        ({"login": "anna"}, "password"),
        ({"login": 1, "password": "x"}, "login"),
        ({"token": None}, "token"),
    ],
)
def test_what_is_missing_or_of_another_type_is_named(body: Any, field: str, world: World) -> None:
    answer = sign(world, body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_after_ten_wrong_passwords_the_login_waits_and_others_do_not(world: World) -> None:
    world.tell(user("ben"))
    for _ in range(sign_in.OF_A_LOGIN):
        assert sign(world, {"login": "anna", "password": "wrong"}).status_code == 401
    answer = sign(world, {"login": "anna", "password": PASSWORD})
    assert (answer.status_code, answer.json()["type"]) == (429, "urn:sightlog:problem:too-many-tries")
    assert 0 < int(answer.headers["retry-after"]) <= 15 * 60
    assert sign(world, {"login": "ben", "password": PASSWORD}).status_code == 201


def test_an_address_that_tries_many_logins_waits(world: World) -> None:
    for number in range(sign_in.OF_AN_ADDRESS):
        assert sign(world, {"login": f"user{number}", "password": "wrong"}).status_code == 401
    assert sign(world, {"login": "anna", "password": PASSWORD}).status_code == 429


def test_an_address_that_tries_many_tokens_waits_and_the_audit_has_an_end(world: World) -> None:
    for number in range(sign_in.OF_AN_ADDRESS):
        assert sign(world, {"token": f"sl_{number}"}).status_code == 401
    assert sign(world, {"token": "sl_another"}).status_code == 429
    assert sign(world, {"login": "anna", "password": PASSWORD}).status_code == 429
    assert len(world.audited.records) == sign_in.OF_AN_ADDRESS


def test_who_shows_a_token_that_works_is_not_counted(world: World) -> None:
    world.tell(token())
    for _ in range(sign_in.OF_AN_ADDRESS + 1):
        assert sign(world, {"token": SECRET}).status_code == 201


def test_a_login_that_nobody_can_have_costs_no_room_and_is_answered_alike(world: World) -> None:
    login = "a" * 100_000
    for _ in range(sign_in.OF_A_LOGIN):
        assert sign(world, {"login": login, "password": "wrong"}).json()["detail"] == "login or password is wrong"
    assert sign(world, {"login": login, "password": "wrong"}).status_code == 429
    assert sum(map(len, world.app.state.sign_in._by_login._at)) < 1000


def test_who_signs_in_rightly_is_not_counted(world: World) -> None:
    for _ in range(sign_in.OF_A_LOGIN + 1):
        assert sign(world, {"login": "anna", "password": PASSWORD}).status_code == 201


def test_a_hash_of_other_parameters_is_made_anew_at_the_next_sign_in(world: World) -> None:
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    world.tell(user("cara", password_hash=old))
    entered(world, "cara")
    now = world.access.entries.user("cara")
    assert now
    assert now.password_hash != old
    entered(world, "cara")
    assert world.access.entries.user("cara") == now


def test_a_token_opens_a_session_that_may_what_the_token_may_and_ends_with_it(world: World) -> None:
    world.tell(token())
    answer = sign(world, {"token": SECRET})
    assert answer.status_code == 201
    assert me(world, cookie(answer)).json()["user"] == "anna"
    world.tell(TokenRevoked(token_id=5, observed_ms=2))
    assert me(world, cookie(answer)).status_code == 401


def test_a_session_lives_no_longer_than_the_token_that_opened_it(world: World) -> None:
    expires_ms = clock.now_ms() + 60_000
    world.tell(token(expires_ms=expires_ms))
    sign(world, {"token": SECRET})
    assert world.access.entries.every(SessionOpened)[0].expires_ms == expires_ms


def test_the_admin_token_opens_a_session_that_another_admin_token_ends(world: World) -> None:
    told = cookie(sign(world, {"token": TOKEN}))
    assert me(world, told).json() | {"via": ""} == me(world, {"Authorization": f"Bearer {TOKEN}"}).json() | {"via": ""}
    renewed = Settings(api_key="another", s3="http://store.invalid:9000")
    from api.app import create

    world.app = create(renewed, world.app.state.deps)
    assert me(world, told).status_code == 401


@pytest.mark.parametrize("secret", ["sl_wrong", "", "sls_x", "x" * 5000])
def test_a_token_that_does_not_work_opens_nothing(secret: str, world: World) -> None:
    assert sign(world, {"token": secret}).status_code == 401


def test_a_cookie_of_nobody_says_to_sign_in_again(world: World) -> None:
    answer = me(world, {"Cookie": f"{cookies.NAME}=nonsense"})
    assert (answer.status_code, answer.json()["detail"]) == (401, "the session is over; sign in again")


def test_a_session_secret_is_no_token_and_a_token_is_no_cookie(world: World) -> None:
    world.tell(token())
    secret = entered(world)["Cookie"].partition("=")[2]
    assert me(world, {"Authorization": f"Bearer {secret}"}).status_code == 401
    assert me(world, {"Cookie": f"{cookies.NAME}={SECRET}"}).status_code == 401
    assert me(world, {"Authorization": f"Bearer {SECRET}"}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://test"}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://proxied"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://test:8080"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://["}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://test"}, 403),
    ],
)
def test_with_the_cookie_only_our_own_page_may_change_something(
    headers: dict[str, str], status: int, world: World
) -> None:
    told = entered(world)
    answer = world.ask("PUT", "/api/v1/me", token=None, json={"title": "A."}, headers=told | headers)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["type"].endswith(":cross-site")
        assert sign(world, {"login": "anna", "password": PASSWORD}, **headers).status_code == 403
    assert world.ask("GET", "/api/v1/me", token=None, headers=told | headers).status_code == 200


def test_another_sites_page_may_use_a_token_it_was_given(world: World) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "Origin": "http://evil.example"}
    assert world.ask("PUT", "/api/v1/groups/hall", token=None, json={}, headers=headers).status_code == 200


def test_signing_out_ends_the_session_and_takes_the_cookie(world: World) -> None:
    told = entered(world)
    answer = world.ask("DELETE", "/api/v1/sessions/current", token=None, headers=told)
    assert answer.status_code == 204
    assert f'{cookies.NAME}=""' in answer.headers["set-cookie"]
    assert me(world, told).status_code == 401


def test_sessions_are_listed_and_one_ends_another(world: World) -> None:
    first, second = entered(world), entered(world)
    listed = world.ask("GET", "/api/v1/sessions", token=None, headers=second).json()["sessions"]
    assert [one["current"] for one in listed].count(True) == 1
    other = next(one["session_id"] for one in listed if not one["current"])
    assert world.ask("DELETE", f"/api/v1/sessions/{other}", token=None, headers=second).status_code == 204
    assert me(world, first).status_code == 401
    assert me(world, second).status_code == 200


def test_another_users_session_is_as_if_it_were_not_there_except_for_admins(world: World) -> None:
    world.tell(user("ben"))
    annas, bens = entered(world), entered(world, "ben")
    (anna,) = world.ask("GET", "/api/v1/sessions", params={"user": "anna"}).json()["sessions"]
    path = f"/api/v1/sessions/{anna['session_id']}"
    foreign = world.ask("DELETE", path, token=None, headers=bens)
    missing = world.ask("DELETE", "/api/v1/sessions/12", token=None, headers=bens)
    assert foreign.status_code == missing.status_code == 404
    assert foreign.text.replace(anna["session_id"], "12") == missing.text
    assert world.ask("GET", "/api/v1/sessions?user=anna", token=None, headers=bens).status_code == 403
    assert world.ask("DELETE", path).status_code == 204
    assert me(world, annas).status_code == 401


def test_expired_sessions_are_ended_by_the_next_sign_in(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "LIFE_MS", 0)
    assert sign(world, {"login": "anna", "password": PASSWORD}).status_code == 401
    monkeypatch.undo()
    entered(world)
    assert len(world.access.entries.every(SessionOpened)) == 1


def test_no_secret_is_in_an_answer_a_fact_or_the_journal(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    told = entered(world)
    sign(world, {"login": "anna", "password": "wrong-password-1"})
    world.ask(
        "PUT", "/api/v1/me/password", token=None, headers=told, json={"current": PASSWORD, "new": "another one 22"}
    )
    listed = world.ask("GET", "/api/v1/sessions", token=None, headers=told).text
    records = b"".join(record.value or b"" for record in [*world.log.records, *world.audited.records]).decode()
    printed = "".join(capsys.readouterr())
    secret = told["Cookie"].partition("=")[2]
    for text in (listed, records, printed):
        assert secret not in text
        for password in (PASSWORD, "wrong-password-1", "another one 22"):
            assert password not in text


def test_while_the_topic_cannot_be_read_only_the_admin_token_works(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.followed.READY_S", 0.05)
    world.access.close()
    world.access._followed._ready.clear()
    answer = me(world, {"Authorization": "Bearer sl_x"})
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:sightlog:problem:log-unavailable")
    assert me(world, {"Authorization": f"Bearer {TOKEN}"}).status_code == 200


def test_a_log_that_goes_away_later_stops_nobody_who_signed_in(world: World) -> None:
    told = entered(world)
    world.log.down = True
    assert me(world, told).status_code == 200
    assert sign(world, {"login": "anna", "password": PASSWORD}).status_code == 503
