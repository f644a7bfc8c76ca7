"""The demo's analytics product: what it sees, and that an API that is away loses nothing."""

import base64
from collections.abc import Iterable

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.episodes import demo, demo_pictures
from producers.episodes.accept import accept
from producers.episodes.demo import Watcher
from producers.episodes.demo_sights import LOOP_MS, SIGHTS, Sight, begun, saves, share
from producers.segments import scenes
from schemas import codec
from schemas.episode import EpisodeRecord

BEGAN_MS = 1_700_000_000_000


class Api:
    """Takes saves, unless it is away."""

    def __init__(self) -> None:
        self.saved: list[EpisodeRecord] = []
        self.is_away = False
        self.status = 200
        self.client = httpx.Client(transport=httpx.MockTransport(self._answer), base_url="http://test/api/v1")

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if self.is_away:
            raise httpx.ConnectError("away")
        if request.method == "GET":
            return httpx.Response(200, json={"recorded": [{"start_ms": BEGAN_MS, "end_ms": BEGAN_MS + 1}]})
        if self.status == 200:
            self.saved.append(accept(request.content, request.url.path.rsplit("/", 1)[1]))
        return httpx.Response(self.status, json={})


def watched(api: Api, turns_ms: Iterable[int]) -> Watcher:
    watcher = Watcher(api.client, BEGAN_MS)
    for at_ms in turns_ms:
        watcher.turn(at_ms)
    return watcher


@pytest.mark.parametrize("sight", SIGHTS, ids=lambda sight: f"{sight.media}-{sight.title}")
def test_what_is_seen_is_in_the_picture_when_it_is_seen_best(sight: Sight) -> None:
    assert sight.media in scenes.ALL
    left, top, width, height = share(sight.box(sight.middle_s))
    assert width > 0.02
    assert height > 0.02
    assert left + width <= 1
    assert top + height <= 1
    for picture in demo_pictures.previews(sight):
        assert base64.b64decode(picture, validate=True).startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize("sight", SIGHTS, ids=lambda sight: f"{sight.media}-{sight.title}")
def test_the_saves_of_an_episode_are_ones_that_any_door_takes(sight: Sight) -> None:
    versions = saves(sight, BEGAN_MS)
    assert all(accept(codec.encode(each)) == each for each in versions)
    assert [each.updated_at for each in versions] == sorted({each.updated_at for each in versions})
    assert {(each.episode_id, each.opened_at) for each in versions} == {(versions[0].episode_id, BEGAN_MS)}
    assert versions[0].closed_at is None
    assert versions[-1].closed_at
    assert versions[-1].license_plate_text == sight.plate


@given(st.sampled_from(SIGHTS), st.lists(st.integers(1, 3 * LOOP_MS // 4), min_size=1, max_size=20))
def test_each_loop_is_seen_once_however_the_turns_fall(sight: Sight, steps_ms: list[int]) -> None:
    at_ms, found = BEGAN_MS, []
    for step_ms in steps_ms:
        found.append(begun(sight, BEGAN_MS, at_ms, at_ms + step_ms))
        at_ms += step_ms
    begins = range(BEGAN_MS + round(sight.begin_s * 1000), at_ms + 1, LOOP_MS)
    assert [each for each in found if each is not None] == list(begins)


def test_a_loop_brings_every_sight_in_step_with_the_recording() -> None:
    api = Api()
    watched(api, range(BEGAN_MS, BEGAN_MS + LOOP_MS + 10_000, 500))
    road = [each for each in api.saved if each.media == "demo-road" and each.closed_at is None]
    assert {each.opened_at - BEGAN_MS for each in road if each.score is None} >= {
        2000,
        9000,
        19000,
        33000,
        41000,
        50000,
    }
    assert all(each.preview for each in api.saved if each.score is not None)


def test_an_api_that_is_away_gets_every_save_in_order_once_it_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "_LONGEST_PAUSE_S", 0.0)
    undisturbed, disturbed = Api(), Api()
    watched(undisturbed, range(BEGAN_MS, BEGAN_MS + 2 * LOOP_MS, 500))
    watcher = watched(disturbed, range(BEGAN_MS, BEGAN_MS + 20_000, 500))
    disturbed.is_away = True
    for at_ms in range(BEGAN_MS + 20_000, BEGAN_MS + 60_000, 500):
        watcher.turn(at_ms)
    disturbed.is_away, disturbed.status = False, 503
    watcher.turn(BEGAN_MS + 60_000)
    disturbed.status = 200
    for at_ms in range(BEGAN_MS + 60_500, BEGAN_MS + 2 * LOOP_MS, 500):
        watcher.turn(at_ms)
    assert disturbed.saved == undisturbed.saved


def test_a_save_that_is_refused_is_not_sent_for_ever() -> None:
    api = Api()
    api.status = 400
    watcher = watched(api, range(BEGAN_MS, BEGAN_MS + 5000, 500))
    api.status = 200
    watcher.turn(BEGAN_MS + 5500)
    assert api.saved == []


def test_what_is_open_at_the_end_is_closed() -> None:
    api = Api()
    watched(api, range(BEGAN_MS, BEGAN_MS + 8500, 500)).finish(BEGAN_MS + 8600)
    last = {each.episode_id: each for each in api.saved}
    assert last
    assert all(each.closed_at for each in last.values())
    assert BEGAN_MS + 8600 in {each.closed_at for each in last.values()}
