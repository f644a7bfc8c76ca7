"""Everybody says of an episode for themselves that they have seen it, or want to find it again."""

import pytest

from tests.change_facts import accepted
from tests.unit.api.client import World


@pytest.fixture
def marked(world: World) -> World:
    world.episodes.accept(accepted(7, media="gate"))
    world.episodes.accept(accepted(8, media="gate"))
    return world


def said(world: World) -> dict[str, tuple[bool, bool]]:
    told = world.get("episodes").json()["episodes"]
    return {one["episode_id"]: (one["reviewed"], one["favourite"]) for one in told}


def test_an_episode_of_which_nothing_was_said_is_neither_seen_nor_a_favourite(marked: World) -> None:
    assert said(marked) == {"7": (False, False), "8": (False, False)}


def test_what_is_said_of_an_episode_is_shown_by_the_next_read_and_what_is_left_out_stays(marked: World) -> None:
    first = marked.put("episodes/7/review", {"media": "gate", "reviewed": True})
    assert first.json() == {"episode_id": "7", "media": "gate", "reviewed": True, "favourite": False}
    marked.put("episodes/7/review", {"media": "gate", "favourite": True})
    assert said(marked) == {"7": (True, True), "8": (False, False)}
    assert marked.get("episodes/7").json()["favourite"] is True
    marked.put("episodes/7/review", {"media": "gate", "reviewed": False})
    assert said(marked)["7"] == (False, True)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("episodes/9/review", {"media": "gate", "reviewed": True}, 404),
        ("episodes/7/review", {"media": "yard", "reviewed": True}, 404),
        ("episodes/7/review", {"reviewed": True}, 400),
        ("episodes/7/review", {"media": "../x", "reviewed": True}, 400),
        ("episodes/7/review", {"media": "gate", "reviewed": "yes"}, 400),
        ("episodes/7/review", {"media": "gate", "seen": True}, 400),
    ],
)
def test_a_review_that_makes_no_sense_is_refused(marked: World, path: str, body: object, status: int) -> None:
    assert marked.put(path, body).status_code == status
    assert said(marked) == {"7": (False, False), "8": (False, False)}


def test_a_filter_by_reviews_asks_for_those_of_the_caller(marked: World) -> None:
    assert marked.get("episodes", reviewed="false", favourite="true").status_code == 200
    assert marked.get("episodes", reviewed="perhaps").status_code == 400
