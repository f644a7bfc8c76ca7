"""``clip.mp4``: an episode as one file, with a roll before and after it."""

import io
from typing import Any

import av
import httpx
import pytest

from api.times import parse
from tests.accepted_facts import accepted
from tests.footage import Footage, Shape, frames, record
from tests.unit.api.client import World

START = Shape().start_ms
SMALL: dict[str, Any] = {"width": 64, "height": 36, "fps": 5, "gop": 5, "segment_ms": 4000}
"""A key frame every second."""


def mark(world: World, start_ms: int, end_ms: int | None, **fields: Any) -> None:
    """Episode 7 of the camera, from … to in ms after START; open where it has no end."""
    closed_at = None if end_ms is None else START + end_ms
    given: dict[str, Any] = {
        "media": "cam",
        "opened_at": START + start_ms,
        "updated_at": START + 600_000,
        "closed_at": closed_at,
    }
    world.episodes.accept(accepted(**(given | fields)))


def clip(world: World, **query: object) -> httpx.Response:
    return world.get("episodes/7/clip.mp4", **query)


def require_reach(answer: httpx.Response, begins_ms: int, length_s: float) -> None:
    """Its first picture was taken so many ms after START, and it plays for so long."""
    assert answer.status_code == 200, answer.text
    with av.open(io.BytesIO(answer.content), "r") as file:
        assert parse(file.metadata["creation_time"]) - START == begins_ms
        assert (file.duration or 0) / 1_000_000 == pytest.approx(length_s, abs=0.001)


@pytest.fixture
def filmed(world: World) -> list[Footage]:
    """Forty seconds, which the world has."""
    footage = record(Shape(seconds=40, **SMALL))
    world.keep(footage)
    return footage


@pytest.mark.parametrize(
    ("query", "begins_ms", "length_s"),
    [
        pytest.param({}, 10_000, 15, id="five seconds of each when nothing is said"),
        pytest.param({"pre_ms": 0, "post_ms": 0}, 15_000, 5, id="none"),
        pytest.param({"pre_ms": 14_000, "post_ms": 1000}, 1000, 20, id="as much as is asked for"),
        pytest.param({"pre_ms": 600_000, "post_ms": 600_000}, 0, 40, id="no more than there is"),
    ],
)
def test_a_clip_is_the_episode_and_a_roll_before_and_after_it_from_a_key_frame_on(
    query: dict[str, object], begins_ms: int, length_s: float, world: World, filmed: list[Footage]
) -> None:
    mark(world, 15_500, 20_000)
    answer = clip(world, **query)
    require_reach(answer, begins_ms, length_s)
    assert (answer.headers["content-type"], answer.headers["x-recording-status"]) == ("video/mp4", "full")


def test_a_clip_holds_the_very_pictures_that_were_recorded(world: World, filmed: list[Footage]) -> None:
    mark(world, 6000, 9000)
    recorded = [picture for one in filmed for _, picture in frames(one.data)]
    clipped = [picture for _, picture in frames(clip(world, pre_ms=0, post_ms=0).content)]
    assert clipped == recorded[6 * 5 : 9 * 5]


def test_a_clip_is_called_after_its_camera_and_its_first_picture(world: World) -> None:
    world.keep(record(Shape(seconds=8, media="tył", **SMALL)))
    mark(world, 6000, 7000, media="tył")
    assert clip(world, pre_ms=1000).headers["content-disposition"] == (
        "attachment; filename=\"ty_ 2026-09-21T14-13-25Z.mp4\"; filename*=UTF-8''ty%C5%82%202026-09-21T14-13-25Z.mp4"
    )


def test_a_mark_without_length_is_its_rolls_and_the_picture_it_stands_on(world: World, filmed: list[Footage]) -> None:
    mark(world, 20_000, 20_000)
    require_reach(clip(world), 15_000, 10.2)


@pytest.mark.parametrize(
    ("payload", "length_s"),
    [
        pytest.param({"until_ms": START + 12_000}, 12, id="one of ours says how far it reaches"),
        pytest.param({"until_ms": "soon"}, 35, id="one of others reaches to its last news"),
        pytest.param(None, 35, id="one that says nothing too"),
    ],
)
def test_an_open_episode_is_clipped_as_far_as_it_reaches(
    payload: dict[str, object] | None, length_s: float, world: World, filmed: list[Footage]
) -> None:
    mark(world, 5000, None, payload=payload)
    require_reach(clip(world), 0, length_s + 5)


def test_holes_take_no_time_unless_asked_for(world: World) -> None:
    later = Shape(seconds=8, start_ms=START + 60_000, run="run2", **SMALL)
    world.keep(record(Shape(seconds=8, **SMALL)) + record(later))
    mark(world, 4000, 64_000)
    answer = clip(world, pre_ms=0, post_ms=0)
    require_reach(answer, 4000, 8)
    assert answer.headers["x-recording-status"] == "partial"
    require_reach(clip(world, pre_ms=0, post_ms=0, gaps="keep"), 4000, 60)


def test_what_is_left_of_an_episode_is_its_clip_and_says_so(world: World, filmed: list[Footage]) -> None:
    del world.archive.facts[:3]
    mark(world, 10_000, 20_000)
    answer = clip(world)
    require_reach(answer, 12_000, 13)
    assert answer.headers["x-recording-status"] == "partial"


def test_an_episode_whose_footage_is_gone_is_a_404_that_names_the_nearest(world: World, filmed: list[Footage]) -> None:
    del world.archive.facts[:5]
    mark(world, 10_000, 18_000)
    told = clip(world)
    assert (told.status_code, told.json()["type"]) == (404, "urn:sightlog:problem:nothing-recorded")
    assert told.json()["nearest"] == [{"start_ms": START + 20_000, "end_ms": START + 24_000}]


def test_an_object_that_left_the_store_is_a_404_that_names_the_segment(world: World, filmed: list[Footage]) -> None:
    mark(world, 15_000, 20_000)
    world.store.delete([filmed[2].fact.object_key])
    told = clip(world)
    assert (told.status_code, told.json()["type"]) == (404, "urn:sightlog:problem:footage-unreadable")
    assert "2026-09-21T14:13:28" in told.json()["detail"]
    assert filmed[2].fact.object_key not in told.text


@pytest.mark.parametrize(
    ("path", "status", "name"),
    [
        pytest.param("episodes/8/clip.mp4", 404, "no-such-episode", id="no such episode"),
        pytest.param("episodes/7/clip.mp4?media=yard", 404, "no-such-episode", id="of another camera"),
        pytest.param("episodes/7/clip.mp4?pre_ms=600001", 400, "bad-parameter", id="a roll of more than ten minutes"),
        pytest.param("episodes/7/clip.mp4?post_ms=-1", 400, "bad-parameter", id="a roll backwards"),
        pytest.param("episodes/7/clip.mp4?pre=1", 400, "bad-parameter", id="no parameter of ours"),
        pytest.param("episodes/seven/clip.mp4", 400, "bad-episode-id", id="no id"),
    ],
)
def test_what_cannot_be_clipped_is_told_why(path: str, status: int, name: str, world: World) -> None:
    mark(world, 0, 1000)
    told = world.ask("GET", f"/api/v1/{path}")
    assert (told.status_code, told.json()["type"]) == (status, f"urn:sightlog:problem:{name}")
