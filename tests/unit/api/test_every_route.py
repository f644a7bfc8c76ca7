"""Every route that OpenAPI tells of, asked by nobody, by a stranger and by people who may one thing each.

Routes come from the description, rights from docs/ref/http.md: a new route is tried as soon as it is there, and fails
here until it says what it needs. The admin asks, too, so that no refusal here is one for another reason.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import httpx
import pytest

from tests.route_world import SEEN, people, secret_of, seeded, with_doors
from tests.routes import MISSING_NAME, Route, documented, routes
from tests.unit.api.client import TOKEN, World

OPEN = frozenset({"open", "signed"})
ELSEWHERE = frozenset({
    "POST /sql", "PUT /me/password", "POST /media/{media}/smtp/test", "GET /auth/oidc/start", "GET /auth/oidc/callback",
})  # fmt: skip
"""What answers these well is an engine, a password, a listener, a provider. Refusals are tried all the same."""


@cache
def described() -> tuple[Route, ...]:
    return tuple(routes(with_doors().openapi()))


TRIED = [pytest.param(one, id=one.name) for one in described()]
GUARDED = [pytest.param(one, id=one.name) for one in described() if one.right not in OPEN]
ABOUT_A_CAMERA = [
    pytest.param(one, id=one.name) for one in described() if one.is_about_a_camera and not one.is_list
]  # fmt: skip


@pytest.fixture(autouse=True)
def nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.routes.expirations.ANSWERED_S", 0.0)


@pytest.fixture
def world() -> Iterator[World]:
    with seeded() as made:
        yield made


def ask(world: World, token: str | None, request: dict[str, Any], method: str) -> httpx.Response:
    """A stream ends at once: nobody waits for what comes later."""
    world.app.state.feed.close()
    return world.ask(method, request["url"], token, **{name: told for name, told in request.items() if name != "url"})


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


def tells(answer: httpx.Response) -> bool:
    """True when something of the camera is in an answer."""
    return answer.is_success and (SEEN in answer.text or len(answer.content) > 5000)


def plain(answer: httpx.Response, *names: object) -> tuple[int, str, str]:
    """An answer but for the names in it, which are those of the request."""
    text = answer.text
    for name in names:
        text = text.replace(str(name), "NAME")
    return answer.status_code, answer.headers["content-type"], text


def test_every_route_says_what_right_it_needs_and_nothing_else_does() -> None:
    assert {one.name for one in described()} == documented().keys()


@pytest.mark.parametrize("route", TRIED)
def test_the_admin_is_answered(world: World, route: Route) -> None:
    if route.right == "signed" or route.name in ELSEWHERE:
        pytest.skip("what it takes is made elsewhere")
    token = secret_of("boss") if route.right == "own" else TOKEN
    answer = ask(world, token, route.request(), route.method)
    assert answer.is_success, answer.text


@pytest.mark.parametrize("route", GUARDED)
def test_nobody_is_answered_without_a_token_or_with_a_wrong_one(world: World, route: Route) -> None:
    for token in (None, "wrong", "sl_wrong", "sls_wrong"):
        answer = ask(world, token, route.request(), route.method)
        assert problem(answer) == (401, "unauthorized")
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("login", ["stranger", "neighbour"])
@pytest.mark.parametrize("route", ABOUT_A_CAMERA)
def test_a_foreign_camera_answers_exactly_like_one_that_does_not_exist(world: World, route: Route, login: str) -> None:
    there, missing = route.request(), route.request(MISSING_NAME, is_there=False)
    before = len(world.log.records)
    answers = [ask(world, secret_of(login), one, route.method) for one in (there, missing)]
    names = [named for one in (there, missing) for named in (*one["url"].split("/"), SEEN, MISSING_NAME) if named]
    ids = [named for named in names if named.isdigit()]
    assert answers[0].status_code == 404, answers[0].text
    assert plain(answers[0], SEEN, MISSING_NAME, *ids) == plain(answers[1], SEEN, MISSING_NAME, *ids)
    assert len(world.log.records) == before


@pytest.mark.parametrize("login", people())
@pytest.mark.parametrize("route", GUARDED)
def test_who_has_the_right_is_answered_and_nobody_else_is(world: World, route: Route, login: str) -> None:
    rights = frozenset(people()[login])
    answer = ask(world, secret_of(login), route.request(), route.method)
    if route.right == "own":
        assert not tells(answer) or route.name.startswith(("GET /me", "GET /tokens"))
    elif route.right == "admin":
        assert problem(answer) == (403, "not-allowed")
    elif any(one <= rights for one in route.needs) and (rights or not route.needs):
        assert answer.is_success, answer.text
        with seeded() as other:
            assert tells(answer) == tells(ask(other, TOKEN, route.request(), route.method))
    elif route.is_list:
        assert answer.status_code == 200
        assert not tells(answer)
    else:
        assert problem(answer)[0] in (403, 404)
        assert not tells(answer)
        if rights and "{media}" in route.path:
            assert problem(answer) == (403, "not-allowed")
