"""Pictures of episodes: streamed from the store, known by their content, kept for good where the version is named."""

import httpx
import pytest

from tests.accepted_facts import BEGAN_MS, accepted
from tests.unit.api.client import World

KEY = f"previews/{'ab' * 32}.jpg"
ETAG = f'"{"ab" * 32}"'
JPEG = b"\xff\xd8" + bytes(300_000) + b"\xff\xd9"


@pytest.fixture
def pictured(world: World) -> World:
    world.store.put(KEY, JPEG, "image/jpeg")
    world.episodes.accept(accepted(1, pictures={"preview_key": KEY}))
    world.episodes.accept(accepted(2, updated_at=BEGAN_MS + 1, pictures={"preview_dropped": "no JPEG"}))
    return world


def asked(world: World, method: str = "GET", etag: str = "", **query: object) -> httpx.Response:
    headers = {"If-None-Match": etag} if etag else {}
    return world.ask(method, "/api/v1/episodes/7/preview.jpg", params=query, headers=headers)


def test_the_picture_of_a_version_comes_whole_and_may_be_kept_for_good(pictured: World) -> None:
    answer = asked(pictured, version=1)
    assert (answer.status_code, answer.headers["content-type"], answer.content) == (200, "image/jpeg", JPEG)
    assert answer.headers["content-length"] == str(len(JPEG))
    assert answer.headers["etag"] == ETAG
    assert "immutable" in answer.headers["cache-control"]


def test_the_picture_of_whatever_is_current_is_asked_for_again(world: World) -> None:
    world.store.put(KEY, JPEG, "image/jpeg")
    world.episodes.accept(accepted(1, pictures={"preview_key": KEY}))
    assert asked(world).headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize("etag", [ETAG, f"W/{ETAG}", f'"other", {ETAG}', "*"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_picture_that_is_known_is_not_sent_again(method: str, etag: str, pictured: World) -> None:
    pictured.store.down = True
    answer = asked(pictured, method, etag, version=1)
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", ETAG)


def test_another_picture_is_sent(pictured: World) -> None:
    assert asked(pictured, "GET", '"other"', version=1).status_code == 200


def test_head_says_what_get_would_say(pictured: World) -> None:
    answer, whole = asked(pictured, "HEAD", version=1), asked(pictured, version=1)
    assert (answer.status_code, answer.content) == (200, b"")
    assert dict(answer.headers) == dict(whole.headers)


MISSING = {
    "dropped at the door": ({}, "no-picture", "no JPEG"),
    "no whole frame": ({"version": 1, "picture": "frame"}, "no-picture", ""),
    "no such version": ({"version": 3}, "no-such-version", "is 2"),
    "of another camera": ({"media": "yard"}, "no-such-episode", "yard"),
}


@pytest.mark.parametrize(("query", "name", "words"), MISSING.values(), ids=MISSING.keys())
def test_a_picture_that_is_not_there_is_a_404_that_says_why(
    query: dict[str, object], name: str, words: str, pictured: World
) -> None:
    told = asked(pictured, **query)
    assert (told.status_code, told.json()["type"]) == (404, f"urn:sightlog:problem:{name}")
    assert words in told.json()["detail"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_picture_that_left_the_store_is_a_404(method: str, pictured: World) -> None:
    pictured.store.delete([KEY])
    told = asked(pictured, method, version=1)
    assert told.status_code == 404
    assert KEY not in told.text


def test_a_store_that_is_away_is_a_503(pictured: World) -> None:
    pictured.store.down = True
    assert asked(pictured, version=1).status_code == 503


def test_the_whole_frame_is_a_picture_of_its_own(world: World) -> None:
    world.store.put(KEY, JPEG, "image/jpeg")
    world.episodes.accept(accepted(1, pictures={"frame_preview_key": KEY}))
    url = world.get("episodes/7").json()["frame_preview_url"]
    assert world.ask("GET", url).content == JPEG
