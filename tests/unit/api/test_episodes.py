"""The episode routes: as saved, with published names, ids as text; strictly asked."""

import json
from typing import Any

import pytest

from schemas import ids
from schemas.episode import Originator
from tests.accepted_facts import BEGAN_MS, accepted, refused
from tests.footage import Shape, record
from tests.unit.api.client import World

WHOLE: dict[str, Any] = {
    "episode_id": ids.MAX_ID,
    "media": "tył",
    "opened_at": BEGAN_MS,
    "updated_at": BEGAN_MS + 5,
    "started_at": BEGAN_MS - 10,
    "closed_at": BEGAN_MS + 4,
    "close_reason": "",
    "episode_type": "face",
    "title": "Gate",
    "payload": {"big": 18446744073709551615, "_extra": {"x": None}},
    "detections": ({"box": [0.1, 2]},),
    "labels": (),
    "score": 0.25,
    "preview_timestamp": BEGAN_MS + 1,
    "originator": Originator(source="inference", hostname="gpu-1"),
    "license_plate_text": "KR 12345",
    "match_score": 17.5,
}


def put(world: World, *numbers: int, **fields: Any) -> None:
    for number in numbers:
        at_ms = BEGAN_MS + number
        world.episodes.accept(accepted(at_ms=at_ms, **({"episode_id": number, "opened_at": at_ms} | fields)))


def listed(world: World, **query: object) -> list[int]:
    answer = world.get("episodes", **query)
    assert answer.status_code == 200, answer.text
    return [int(one["episode_id"]) for one in answer.json()["episodes"]]


def test_an_episode_comes_back_as_it_was_saved(world: World) -> None:
    world.episodes.accept(accepted(rev=3, at_ms=BEGAN_MS + 9, pictures={"preview_key": "previews/ab.jpg"}, **WHOLE))
    answer = world.get(f"episodes/{ids.MAX_ID}")
    told = json.loads(answer.text)
    assert told == WHOLE | {
        "episode_id": "18446744073709551615",
        "detections": [{"box": [0.1, 2]}],
        "labels": [],
        "originator": {"source": "inference", "hostname": "gpu-1"},
        "version": 3,
        "accepted_at": BEGAN_MS + 9,
        "recording_status": "none",
        "reviewed": False,
        "favourite": False,
        "preview_url": "/api/v1/episodes/18446744073709551615/preview.jpg?media=ty%C5%82&version=3",
    }
    assert '"big":18446744073709551615' in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_what_was_left_out_is_left_out_and_an_open_episode_says_so(world: World) -> None:
    put(world, 7)
    assert set(world.get("episodes/7").json()) == {
        "episode_id", "media", "opened_at", "updated_at", "closed_at", "episode_type", "version", "accepted_at",
        "recording_status", "reviewed", "favourite",
    }  # fmt: skip
    assert world.get("episodes/7").json()["closed_at"] is None


def test_the_list_shows_the_latest_first_and_pages_on(world: World) -> None:
    put(world, 1, 2, 3, 4, 5)
    first = world.get("episodes", limit=2).json()
    assert [one["episode_id"] for one in first["episodes"]] == ["5", "4"]
    assert (first["prev"], first["estimated_count"]) == (None, 5)
    second = world.get("episodes", limit=2, cursor=first["next"]).json()
    assert [one["episode_id"] for one in second["episodes"]] == ["3", "2"]
    back = world.get("episodes", limit=2, cursor=second["prev"]).json()
    assert back["episodes"] == first["episodes"]
    assert listed(world, sort="opened_at") == [1, 2, 3, 4, 5]


FILTERS = {
    "a camera": ({"media": "yard"}, [2]),
    "several cameras": ({"media": "yard,gate"}, [2, 1]),
    "a camera in another form": ({"media": "zażółć".replace("ż", "z\u0307")}, [3]),
    "a type": ({"episode_type": "face"}, [2]),
    "several types": ({"episode_type": "face,generic"}, [3, 2, 1]),
    "a type with a comma": ({"episode_type": "a,b"}, [4]),
    "a source": ({"source": "alarm,person"}, [3]),
    "a label": ({"label": "night"}, [1]),
    "opened at or after": ({"opened_at_gte": BEGAN_MS + 3}, [4, 3]),
    "opened before": ({"opened_at_lt": BEGAN_MS + 3}, [2, 1]),
    "a time in words": ({"opened_at_lt": "2026-09-21T14:13:20.003Z"}, [2, 1]),
    "updated after": ({"updated_at_gt": BEGAN_MS + 100}, [4]),
    "reaching into": ({"overlaps_from": BEGAN_MS + 90, "overlaps_to": BEGAN_MS + 95}, [4]),
    "a moment on the edge": ({"overlaps_from": BEGAN_MS + 3, "overlaps_to": BEGAN_MS + 4}, [3]),
    "words": ({"q": "kr gate"}, [4]),
    "a word of the payload": ({"q": '"c'}, [2]),
    "nothing but blanks": ({"q": "  "}, [4, 3, 2, 1]),
}


@pytest.mark.parametrize(("query", "expected"), FILTERS.values(), ids=FILTERS.keys())
def test_every_filter_lets_through_what_it_says(query: dict[str, object], expected: list[int], world: World) -> None:
    put(world, 1, labels=("night", "rain"))
    put(world, 2, media="yard", episode_type="face", payload={"of": 'a "cat"'})
    put(
        world, 3, media="zażółć", originator=Originator(source="alarm"), updated_at=BEGAN_MS + 3, closed_at=BEGAN_MS + 3
    )
    put(
        world,
        4,
        media="door",
        episode_type="a,b",
        title="The GATE",
        license_plate_text="kr1",
        updated_at=BEGAN_MS + 200,
    )
    assert listed(world, **query) == expected


BAD = {
    "an unknown sort": ({"sort": "score"}, "sort"),
    "a page of nothing": ({"limit": "0"}, "limit"),
    "too long a page": ({"limit": "1001"}, "limit"),
    "a camera that is none": ({"media": "gate,"}, "media"),
    "a source that is none": ({"source": "me"}, "source"),
    "a time that is none": ({"opened_at_gte": "soon"}, "opened_at_gte"),
    "a span backwards": ({"overlaps_from": "5", "overlaps_to": "5"}, "overlaps_from"),
    "too many words": ({"q": "a b c d e f g h i"}, "q"),
    "a cursor that is none": ({"cursor": "abc"}, "cursor"),
    "too long a wait": ({"poll_timeout": "61"}, "poll_timeout"),
    "no wait at all": ({"poll_timeout": "nan"}, "poll_timeout"),
    "an order of the feed": ({"poll_timeout": "0", "sort": "-opened_at"}, "sort"),
    "an unknown filter": ({"colour": "red"}, "colour"),
}


@pytest.mark.parametrize(("query", "field"), BAD.values(), ids=BAD.keys())
def test_a_wrong_question_is_a_400_naming_the_field(query: dict[str, str], field: str, world: World) -> None:
    answer = world.get("episodes", **query)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_the_feed_answers_changes_and_a_cursor(world: World) -> None:
    put(world, 1, 2)
    first = world.get("episodes", poll_timeout=0, updated_at_gt=BEGAN_MS - 1).json()
    assert [one["episode_id"] for one in first["episodes"]] == ["1", "2"]
    assert world.get("episodes", poll_timeout=0, cursor=first["next"]).json()["episodes"] == []
    put(world, 3)
    second = world.get("episodes", poll_timeout=5, cursor=first["next"]).json()
    assert [one["episode_id"] for one in second["episodes"]] == ["3"]
    assert (second["prev"], second["estimated_count"]) == (None, 1)


def test_a_place_in_a_list_is_no_place_in_the_feed(world: World) -> None:
    put(world, 1, 2)
    cursor = world.get("episodes", limit=1).json()["next"]
    assert world.get("episodes", poll_timeout=0, cursor=cursor).status_code == 400


def test_of_two_cameras_with_one_id_the_one_that_changed_last_answers(world: World) -> None:
    put(world, 7, media="gate")
    world.episodes.accept(accepted(media="yard", episode_id=7, at_ms=BEGAN_MS + 100))
    told = world.get("episodes/7").json()
    assert (told["media"], told["other_media"]) == ("yard", ["gate"])
    assert world.get("episodes/7", media="gate").json()["media"] == "gate"
    assert "other_media" not in world.get("episodes/7", media="gate").json()


def test_the_history_names_every_version_and_who_saved_it(world: World) -> None:
    for rev, source in enumerate(("api", "person"), 1):
        fields = {"updated_at": BEGAN_MS + rev, "originator": Originator(source=source)}  # type: ignore[arg-type]
        world.episodes.accept(accepted(rev, BEGAN_MS + 50 * rev, **fields))
    versions = world.get("episodes/7/versions").json()["versions"]
    assert [(one["version"], one["accepted_at"], one["originator"]["source"]) for one in versions] == [
        (1, BEGAN_MS + 50, "api"), (2, BEGAN_MS + 100, "person"),
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["episodes/8", "episodes/8/versions", "episodes/8/preview.jpg"])
def test_an_unknown_episode_is_a_404_that_points_to_the_refusals(path: str, world: World) -> None:
    put(world, 7)
    told = world.get(path)
    assert (told.status_code, told.json()["type"]) == (404, "urn:sightlog:problem:no-such-episode")
    assert "refusals" in told.json()["detail"]


@pytest.mark.parametrize("text", ["x", "-1", "1.0", "18446744073709551616", "+1", "%20", "１"])
def test_an_id_that_is_none_is_a_400(text: str, world: World) -> None:
    told = world.get(f"episodes/{text}")
    assert (told.status_code, told.json()["type"]) == (400, "urn:sightlog:problem:bad-episode-id")


def test_a_refusal_says_what_and_why_and_the_latest_comes_first(world: World) -> None:
    for number in range(3):
        world.episodes.refuse(refused(number, at_ms=BEGAN_MS + number, episode_id=ids.MAX_ID, title="late"))
    first = world.get("episodes/refusals", limit=2).json()
    assert [one["observed_ms"] for one in first["refusals"]] == [BEGAN_MS + 2, BEGAN_MS + 1]
    assert first["refusals"][0] | {"save_id": "?"} == {
        "episode_id": str(ids.MAX_ID), "media": "gate", "reason": "stale", "detail": "told before",
        "observed_ms": BEGAN_MS + 2, "save_id": "?",
        "record": {
            "episode_id": str(ids.MAX_ID), "media": "gate", "opened_at": BEGAN_MS, "updated_at": BEGAN_MS,
            "title": "late",
        },
    }  # fmt: skip
    second = world.get("episodes/refusals", limit=2, cursor=first["next"]).json()
    assert ([one["observed_ms"] for one in second["refusals"]], second["next"]) == ([BEGAN_MS], None)


REFUSALS = {
    "of a camera": ({"media": "yard"}, [1]),
    "of an episode": ({"episode_id": "9"}, [2]),
    "for a reason": ({"reason": "opened_at_changed"}, [1]),
    "in a window": ({"from_ms": BEGAN_MS + 1, "to_ms": BEGAN_MS + 2}, [1]),
}


@pytest.mark.parametrize(("query", "expected"), REFUSALS.values(), ids=REFUSALS.keys())
def test_refusals_are_filtered(query: dict[str, object], expected: list[int], world: World) -> None:
    world.episodes.refuse(refused(0))
    world.episodes.refuse(refused(1, "opened_at_changed", BEGAN_MS + 1, media="yard"))
    world.episodes.refuse(refused(2, at_ms=BEGAN_MS + 2, episode_id=9))
    told = world.get("episodes/refusals", **query).json()["refusals"]
    assert [one["observed_ms"] - BEGAN_MS for one in told] == expected


def test_how_much_was_recorded_is_part_of_every_answer(world: World) -> None:
    shape = Shape(media="gate", seconds=4)
    world.keep(record(shape))
    put(world, 1, opened_at=shape.start_ms, updated_at=shape.start_ms + 4000)
    put(world, 2, opened_at=shape.start_ms, updated_at=shape.start_ms + 9000)
    put(world, 3, opened_at=shape.start_ms + 5000, updated_at=shape.start_ms + 5000)
    told = {one["episode_id"]: one["recording_status"] for one in world.get("episodes").json()["episodes"]}
    assert told == {"1": "full", "2": "partial", "3": "none"}


def test_marks_stand_on_the_playlist_with_their_ids_as_text(world: World) -> None:
    shape = Shape(media="gate", seconds=4)
    world.keep(record(shape))
    put(
        world,
        1,
        episode_id=ids.MAX_ID,
        opened_at=shape.start_ms - 9000,
        updated_at=shape.start_ms + 1,
        title='a "b"\x85',
    )
    put(world, 2, opened_at=shape.start_ms + 4000, updated_at=shape.start_ms + 4000, closed_at=shape.start_ms + 4000)
    window = {"from_ms": shape.start_ms, "to_ms": shape.start_ms + 4000}
    lines = [one for one in world.get("media/gate/archive.m3u8", **window).text.splitlines() if "DATERANGE" in one]
    assert lines == [
        '#EXT-X-DATERANGE:ID="18446744073709551615",CLASS="episode",START-DATE="2026-09-21T14:13:11.000Z",'
        'X-EPISODE-TYPE="generic",X-SOURCE="api",X-TITLE="a \'b\' "'
    ]


def test_the_calendar_and_the_histogram_count_marks(world: World) -> None:
    shape = Shape(media="gate", seconds=4)
    world.keep(record(shape))
    put(world, 1, opened_at=shape.start_ms + 1500)
    put(world, 2, opened_at=shape.start_ms - 86_400_000)
    assert [(one["day"], one["episodes"]) for one in world.get("media/gate/days").json()["days"]] == [
        ("2026-09-20", 1), ("2026-09-21", 1),
    ]  # fmt: skip
    window = {"from_ms": shape.start_ms, "to_ms": shape.start_ms + 3000, "step_ms": 1000}
    assert world.get("media/gate/activity", **window).json()["episodes"] == [0, 1, 0]
