"""``live.m3u8``: how a player gets in, and when it must begin anew."""

import pytest

from api import signing
from infra import clock
from schemas.facts import MediaConfigured
from tests.footage import Footage, Shape, record
from tests.unit.api.client import World


@pytest.fixture
def recent() -> list[Footage]:
    return record(Shape(start_ms=clock.now_ms() - 40_000, seconds=30))


def entered(world: World) -> str:
    text = world.get("media/cam/live.m3u8").text
    return text.splitlines()[-1]


def test_the_entrance_leads_to_a_window_counted_from_its_first_segment(world: World, recent: list[Footage]) -> None:
    world.keep(recent)
    address = entered(world)
    assert address.startswith(f"live.m3u8?from_ms={recent[7].fact.start_ms}&signature=")
    text = world.ask("GET", f"/api/v1/media/cam/{address}").text
    assert "#EXT-X-MEDIA-SEQUENCE:0" in text
    assert text.count("#EXTINF") == 8


def test_the_window_moves_on_with_the_footage(world: World, recent: list[Footage]) -> None:
    world.keep(recent[:10])
    address = entered(world)
    world.keep(recent[10:])
    text = world.ask("GET", f"/api/v1/media/cam/{address}").text
    assert "#EXT-X-MEDIA-SEQUENCE:5" in text


def test_when_retention_took_what_was_counted_from_the_player_begins_anew(world: World, recent: list[Footage]) -> None:
    world.keep(recent)
    address = entered(world)
    del world.archive.facts[:9]
    answer = world.ask("GET", f"/api/v1/media/cam/{address}")
    assert (answer.status_code, answer.json()["type"]) == (410, "urn:sightlog:problem:live-expired")


def test_nobody_counts_from_where_they_did_not_join(world: World, recent: list[Footage]) -> None:
    """Numbers that are counted from any time would tell what was recorded since."""
    world.keep(recent)
    before = f"live.m3u8?from_ms={recent[0].fact.start_ms}"
    signature = entered(world).partition("&")[2]
    foreign = signing.live_address(b"another key", "cam", "admin-token", recent[0].fact.start_ms)
    theirs = signing.live_address(world.app.state.token_digest, "cam", "anna", recent[0].fact.start_ms)
    for address in (before, f"{before}&{signature}", f"{before}&signature=é", foreign, theirs):
        answer = world.ask("GET", f"/api/v1/media/cam/{address}")
        assert (answer.status_code, answer.json()["type"]) == (410, "urn:sightlog:problem:live-expired")


def test_a_camera_that_is_silent_or_new_is_not_live(world: World) -> None:
    assert world.get("media/cam/live.m3u8").json()["type"] == "urn:sightlog:problem:no-such-media"
    world.archive.configs["cam"] = MediaConfigured(media="cam", observed_ms=1)
    assert world.get("media/cam/live.m3u8").json()["type"] == "urn:sightlog:problem:not-live"
    world.keep(record(Shape(seconds=2)))
    told = world.get("media/cam/live.m3u8").json()
    assert told["detail"] == "nothing has been recorded since 2026-09-21T14:13:22.000Z"
