"""Who may ask."""

import base64

import pytest
from fastapi import APIRouter

from api.app import create
from infra.settings import BadSettings, Settings
from tests.unit.api.client import TOKEN, World


def routes() -> list[tuple[str, str]]:
    world = World()
    paths = world.ask("GET", "/openapi.json").json()["paths"]
    return [(method.upper(), path) for path, methods in paths.items() for method in methods]


ROUTES = routes()


def test_the_routes_of_the_contract_are_described() -> None:
    assert ("GET", "/api/v1/media/{media}/archive.m3u8") in ROUTES
    assert len(ROUTES) >= 12


@pytest.mark.parametrize("token", [None, "", "wrong", "unit-token ", "UNIT-TOKEN", "tokén"])
def test_nobody_is_answered_without_the_token(token: str | None, world: World) -> None:
    """Of every route that says so: tests/unit/api/test_every_route.py."""
    headers = {} if token is None else {"Authorization": f"Bearer {token}x".encode()}
    answer = world.ask("GET", "/api/v1/media", token=None, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:sightlog:problem:unauthorized"


def test_another_scheme_is_no_token(world: World) -> None:
    answer = world.ask("GET", "/api/v1/media", token=None, headers={"Authorization": "Basic unit-token"})
    assert answer.status_code == 401


def basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


@pytest.mark.parametrize(("user", "password"), [("anybody", TOKEN), ("", TOKEN), (TOKEN, "")])
def test_the_token_in_the_address_lets_a_plain_curl_in(user: str, password: str, world: World) -> None:
    assert world.ask("GET", "/api/v1/media", token=None, headers=basic(user, password)).status_code == 200


@pytest.mark.parametrize(("user", "password"), [("", ""), (TOKEN, "x"), ("x", "y"), (f"{TOKEN}:", "")])
def test_basic_with_anything_else_is_refused_without_a_browser_dialogue(user: str, password: str, world: World) -> None:
    answer = world.ask("GET", "/api/v1/media", token=None, headers=basic(user, password))
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("value", ["Basic", "Basic ", "Basic %%%", "Basic w7w", "Basic /w==", "Basic " + "A" * 5000])
def test_a_basic_header_that_cannot_be_read_is_no_token(value: str, world: World) -> None:
    assert world.ask("GET", "/api/v1/media", token=None, headers={"Authorization": value}).status_code == 401


def test_a_door_stands_behind_the_token_and_reads_its_parameters_strictly(world: World) -> None:
    door = APIRouter()

    @door.post("/central/api/v3/here")
    def taken() -> dict[str, str]:
        return {"taken": "yes"}

    world.app = create(world.settings, world.app.state.deps, [door])
    assert world.ask("POST", "/central/api/v3/here", token=None).status_code == 401
    assert world.ask("POST", "/central/api/v3/here?x=1").json()["type"].endswith(":bad-parameter")
    assert world.ask("POST", "/central/api/v3/here").json() == {"taken": "yes"}


def test_an_api_without_a_token_refuses_to_start(world: World, tmp_path: object) -> None:
    with pytest.raises(BadSettings, match="SIGHTLOG_API_KEY"):
        create(Settings(api_key="", data=tmp_path), world.app.state.deps)


def test_a_cut_needs_the_signature_we_made(world: World) -> None:
    query = {"start_ms": "1", "end_ms": "2", "expires_ms": "9999999999999", "signature": "0" * 64}
    answer = world.ask("GET", "/api/v1/media/cam/cut.m4s", token=None, params=query)
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:sightlog:problem:bad-signature")


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/v1/media", "/nowhere"])
def test_every_answer_carries_the_security_headers(path: str, world: World) -> None:
    headers = world.ask("GET", path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"]
    assert "access-control-allow-origin" not in headers
