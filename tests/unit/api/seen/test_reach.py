"""Who may watch live alone, who has a link, who may not watch: what they see of the same forty seconds."""

import io
from collections.abc import Iterator
from typing import Any

import av
import httpx
import pytest
from msgspec import structs

from api import signing
from api.access.scope import Grant, Scope
from api.auth import require
from api.seen.reach import NOW_MS as LIVE_MS
from schemas.facts import LockReleased, LockRequested
from schemas.intervals import Span
from tests.footage import Shape, record
from tests.footage_facts import segment
from tests.people import group
from tests.route_world import EPISODE, LOCK, NOW_MS, SEEN, START_MS, secret_of, seeded
from tests.unit.api.client import World

OLD_MS = START_MS - 86_400_000
WINDOW = Span(START_MS + 10_000, START_MS + 22_000)


@pytest.fixture
def world() -> Iterator[World]:
    """Footage of now, and four seconds of yesterday."""
    with seeded() as made:
        old = Shape(media=SEEN, start_ms=OLD_MS, seconds=4, segment_ms=4000, width=64, height=36, fps=5, gop=5)
        made.keep(record(old))
        yield made


def of(world: World, *rights: Any, depth_ms: int | None = None, window: Span | None = None) -> None:
    grants = {SEEN: Grant(frozenset(rights), depth_ms)}
    scope = Scope(who="anna", user="anna", via="session", admin=False, grants=grants, window=window)
    world.app.dependency_overrides[require] = lambda: scope


def shown_live(world: World, from_ms: int) -> list[int]:
    """When the segments began whose objects the playlist gives to somebody who joined at ``from_ms``, ascending."""
    address = signing.live_address(world.app.state.token_digest, SEEN, "anna", from_ms)
    answer = world.ask("GET", f"/api/v1/media/{SEEN}/{address}")
    assert answer.status_code == 200, answer.text
    given = sorted((one for one in world.archive.facts if one.object_key in answer.text), key=lambda one: one.start_ms)
    assert len({one.object_key for one in world.archive.facts}) == len(world.archive.facts)
    return [one.start_ms for one in given]


def picture_ms(world: World, at_ms: int) -> int:
    answer = world.get(f"media/{SEEN}/preview.jpg", at_ms=at_ms)
    assert answer.status_code == 200, answer.text
    return int(answer.headers["x-at-ms"])


def exported(answer: httpx.Response) -> float:
    """How long the file plays, seconds."""
    assert answer.status_code == 200, answer.text
    with av.open(io.BytesIO(answer.content), "r") as file:
        return float(file.duration or 0) / 1_000_000


def test_who_may_watch_live_alone_sees_pictures_of_now_only(world: World) -> None:
    of(world, "live")
    assert picture_ms(world, NOW_MS - 5000) > NOW_MS - LIVE_MS
    assert picture_ms(world, OLD_MS) >= START_MS
    of(world, "live", "archive")
    assert picture_ms(world, OLD_MS) == OLD_MS
    of(world, "archive", depth_ms=3_600_000)
    assert picture_ms(world, OLD_MS) == START_MS


def test_a_live_playlist_of_a_camera_that_stopped_shows_nothing_old_to_who_may_watch_live_alone(world: World) -> None:
    world.archive.facts = [one for one in world.archive.facts if one.start_ms < START_MS]
    of(world, "live", "archive")
    assert shown_live(world, OLD_MS) == [OLD_MS]
    of(world, "live")
    assert shown_live(world, OLD_MS) == []


@pytest.mark.parametrize(
    ("rights", "depth_ms", "reach_ms"),
    [(("live",), None, LIVE_MS), (("live", "archive"), 300_000, 300_000), (("live", "archive"), 1, LIVE_MS)],
)
def test_who_has_watched_for_long_is_given_no_object_of_before_their_reach(
    world: World, rights: tuple[Any, ...], depth_ms: int | None, reach_ms: int
) -> None:
    """The initialisation is in an object too, and its address opens all of it."""
    joined_ms = START_MS - 600_000
    world.archive.facts = [segment(SEEN, at_ms, 4000) for at_ms in range(joined_ms, NOW_MS - 4000, 4000)]
    of(world, *rights, depth_ms=depth_ms)
    assert joined_ms < NOW_MS - reach_ms <= min(shown_live(world, joined_ms))
    of(world, "live", "archive")
    assert min(shown_live(world, joined_ms)) == joined_ms


def test_who_joins_is_told_nothing_of_before_their_reach(world: World) -> None:
    world.archive.facts = [one for one in world.archive.facts if one.start_ms < START_MS or one.end_ms > NOW_MS - 9000]
    for rights, told in ((("live", "archive"), True), (("live",), False)):
        of(world, *rights)
        answer = world.get(f"media/{SEEN}/live.m3u8")
        assert (answer.status_code, str(OLD_MS) in answer.text) == (200, told)
    long = segment(SEEN, NOW_MS - LIVE_MS - 1000, 4000)
    world.archive.facts = [structs.replace(long, end_ms=NOW_MS - 1000)]
    assert world.get(f"media/{SEEN}/live.m3u8").json()["type"] == "urn:sightlog:problem:not-live"


def test_a_link_shows_its_window_and_nothing_else(world: World) -> None:
    of(world, "archive", "export", window=WINDOW)
    everything = {"from_ms": 0, "to_ms": NOW_MS}
    assert world.get(f"media/{SEEN}/ranges", **everything).json()["recorded"] == [WINDOW._asdict()]
    for at_ms in (0, NOW_MS):
        assert WINDOW.start_ms <= picture_ms(world, at_ms) < WINDOW.end_ms
    assert exported(world.get(f"media/{SEEN}/archive.mp4", **everything)) == pytest.approx(12, abs=0.3)
    playlist = world.get(f"media/{SEEN}/archive.m3u8", **everything).text
    shown = [one for one in world.archive.facts if one.object_key in playlist]
    assert all(one.start_ms < WINDOW.end_ms and one.end_ms > WINDOW.start_ms for one in shown)
    assert world.get(f"episodes/{EPISODE}").status_code == 404  # it begins before the window
    assert world.get("alarms/health").json()["cameras"] == []
    assert world.get(f"media/{SEEN}/live.m3u8").status_code == 403
    outside = world.get(f"media/{SEEN}/archive.mp4", from_ms=START_MS, to_ms=WINDOW.start_ms)
    assert (outside.status_code, outside.json()["type"]) == (404, "urn:sightlog:problem:nothing-recorded")
    assert all(WINDOW.start_ms <= one["start_ms"] < WINDOW.end_ms for one in outside.json()["nearest"])


def test_a_lock_covers_what_its_maker_may_look_at(world: World) -> None:
    of(world, "archive", "protect", depth_ms=3_600_000)
    body = {"from_ms": OLD_MS, "to_ms": NOW_MS, "reason": "theft"}
    answer = world.ask("POST", f"/api/v1/media/{SEEN}/locks", json=body)
    assert answer.status_code == 200, answer.text
    fact = next(one for one in world.log.facts if isinstance(one, LockRequested))
    assert (fact.start_ms > OLD_MS + 3_600_000, fact.end_ms, fact.requested_by) == (True, NOW_MS, "anna")
    before = world.ask("POST", f"/api/v1/media/{SEEN}/locks", json=body | {"to_ms": OLD_MS + 1000})
    assert before.status_code == 404


@pytest.mark.parametrize(
    ("began_ms", "more", "status"),
    [
        (NOW_MS - 60_000, {}, 200),
        (OLD_MS, {}, 403),
        (OLD_MS, {"closed_at": NOW_MS}, 403),
        (NOW_MS - 60_000, {"started_at": OLD_MS}, 403),
    ],
    ids=["inside", "before", "reaches in", "was begun before"],
)
def test_a_mark_is_saved_where_all_of_it_may_be_looked_at(
    world: World, began_ms: int, more: dict[str, int], status: int
) -> None:
    """What it keeps, or no longer keeps, is footage that the caller may see."""
    saver, record = secret_of("archive-protect"), {"media": SEEN, "opened_at": began_ms, "updated_at": began_ms + 1000}
    theirs = group("of-archive-protect", live=False, protect=True)
    world.tell(structs.replace(theirs, archive_depth_ms=3_600_000))
    before = len(world.log.records)
    for path in ("/api/v1/episodes/9", "/central/api/v3/episodes/9"):
        assert world.ask("PUT", path, saver, json=record | more).status_code == status
    assert len(world.log.records) == before + (2 if status == 200 else 0)
    world.tell(theirs)
    assert world.ask("PUT", "/api/v1/episodes/9", saver, json=record | more).status_code == 200


def test_a_lock_is_given_back_by_who_may_look_at_all_of_it(world: World) -> None:
    of(world, "archive", "protect", depth_ms=NOW_MS - START_MS - 4000)  # it begins in the middle of the lock
    assert world.get(f"locks/{LOCK}").status_code == 200
    answer = world.ask("DELETE", f"/api/v1/locks/{LOCK}")
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:sightlog:problem:not-allowed")
    assert not [one for one in world.log.facts if isinstance(one, LockReleased)]
    of(world, "archive", "protect", depth_ms=3_600_000)
    assert world.ask("DELETE", f"/api/v1/locks/{LOCK}").status_code == 204


def test_what_is_older_than_the_depth_was_never_recorded(world: World) -> None:
    of(world, "archive", depth_ms=3_600_000)
    answer = world.get(f"media/{SEEN}/explain", at_ms=OLD_MS + 1000).json()
    assert answer["state"] == "never"
    of(world, "archive")
    assert world.get(f"media/{SEEN}/explain", at_ms=OLD_MS + 1000).status_code == 200


def test_an_admin_who_does_not_watch_has_no_picture_and_no_mark(world: World) -> None:
    everywhere = Grant(frozenset({"protect", "configure"}))
    world.app.dependency_overrides[require] = lambda: Scope(
        who="boss", user="boss", via="session", everywhere=everywhere
    )
    assert world.get("media").json()["media"] != []
    assert world.get("episodes").json()["episodes"] == []
    assert world.get(f"media/{SEEN}/preview.jpg", at_ms=NOW_MS).status_code == 403
    assert world.ask("DELETE", f"/api/v1/locks/{LOCK}").status_code == 204


def test_a_table_of_cameras_changes_only_those_that_the_caller_may_configure(world: World) -> None:
    of(world, "configure")
    before = len(world.log.records)
    for name in ("yard", "nowhere"):
        refused = world.ask("POST", "/api/v1/media/import", content=f"media,title\n{SEEN},Gate\n{name},Other\n")
        assert (refused.status_code, refused.json()["type"]) == (404, "urn:sightlog:problem:no-such-media")
    assert len(world.log.records) == before
