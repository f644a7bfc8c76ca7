"""The page looks as the house wants it, also to people who have not signed in; a logo is a picture and nothing else."""

import base64

import pytest

from tests.unit.api.client import World

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
JPEG = b"\xff\xd8\xff\xe0" + bytes(100)


def data_url(content: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def put(world: World, **body: object) -> int:
    return world.put("branding", body).status_code


def test_without_a_word_of_the_house_it_is_ours(world: World) -> None:
    told = world.ask("GET", "/api/v1/branding", token=None)
    assert told.json() == {"title": "Sightlog", "colour": "", "logo_url": None, "oidc": None}
    assert world.ask("GET", "/api/v1/branding/logo", token=None).status_code == 404


@pytest.mark.parametrize(("content", "kind"), [(PNG, "image/png"), (JPEG, "image/jpeg")])
def test_the_logo_comes_back_as_the_picture_that_it_is_and_may_be_kept(world: World, content: bytes, kind: str) -> None:
    assert put(world, title="Kraków harbour", colour="#0a5c36", logo=data_url(content, kind)) == 200
    told = world.ask("GET", "/api/v1/branding", token=None).json()
    assert (told["title"], told["colour"]) == ("Kraków harbour", "#0a5c36")
    logo = world.ask("GET", told["logo_url"], token=None)
    assert logo.content == content
    assert logo.headers["content-type"] == kind
    assert logo.headers["x-content-type-options"] == "nosniff"
    assert "immutable" in logo.headers["cache-control"]
    assert "immutable" not in world.ask("GET", "/api/v1/branding/logo", token=None).headers["cache-control"]


def test_a_logo_that_is_left_out_stays_and_null_takes_it_away(world: World) -> None:
    put(world, logo=data_url(PNG, "image/png"))
    put(world, title="ours")
    assert world.get("branding").json()["logo_url"]
    put(world, title="ours", logo=None)
    assert world.get("branding").json()["logo_url"] is None


@pytest.mark.parametrize(
    "logo",
    [
        data_url(b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "image/svg+xml"),
        data_url(b"<html>", "image/png"),
        data_url(PNG, "image/jpeg"),
        data_url(PNG + bytes(256 << 10), "image/png"),
        "data:image/png;base64,%%%",
        "data:image/png;base64,é",
        "data:image/png,abc",
        "https://example.com/logo.png",
        7,
    ],
)
def test_what_is_no_small_png_or_jpeg_is_no_logo(world: World, logo: object) -> None:
    assert put(world, logo=logo) == 422
    assert world.get("branding").json()["logo_url"] is None
    assert world.store.objects == {}


@pytest.mark.parametrize(
    "body",
    [{"colour": "red"}, {"colour": "#FFF"}, {"colour": "#aabbcc\n"}, {"title": "x" * 65}, {"font": "Arial"}],
)
def test_a_title_and_a_colour_have_their_rules(world: World, body: dict[str, object]) -> None:
    assert put(world, **body) == 422


def test_only_admins_say_how_the_page_looks(world: World) -> None:
    assert world.ask("PUT", "/api/v1/branding", token=None, json={"title": "mine"}).status_code == 401
