"""Who did what, for admins: by who, what, where and when, page by page."""

import pytest

from tests.access_facts import actions, audited
from tests.footage_facts import START_MS
from tests.unit.api.client import World


@pytest.fixture
def audit(world: World) -> World:
    for fact in actions(40):
        world.actions.show(fact)
    world.actions.show(audited(1 << 63, START_MS + 10**6, action="exported", from_ms=1, to_ms=5, subject="episode/7"))
    return world


def test_an_action_says_who_did_what_with_which_footage_and_its_id_is_text(audit: World) -> None:
    (one,) = audit.get("audit", limit=1).json()["actions"]
    assert one == {
        "action_id": str(1 << 63), "at_ms": START_MS + 10**6, "user": "anna", "who": "anna", "via": "session",
        "action": "exported", "media": "gate", "from_ms": 1, "to_ms": 5, "subject": "episode/7", "detail": "",
        "peer": "",
    }  # fmt: skip


def test_pages_follow_each_other_and_filters_are_kept(audit: World) -> None:
    everything = audit.get("audit", user="anna", action="viewed,changed").json()["actions"]
    found, cursor = [], None
    while cursor is not None or not found:
        more = {"cursor": cursor} if cursor else {}
        page = audit.get("audit", user="anna", action="viewed,changed", limit=4, **more).json()
        found += page["actions"]
        cursor = page["next"]
    assert found == everything
    assert {one["action"] for one in found} == {"viewed", "changed"}
    assert {one["user"] for one in found} == {"anna"}


@pytest.mark.parametrize("asked", [{"action": "stolen"}, {"from_ms": 5, "to_ms": 5}, {"cursor": "x"}, {"media": "/"}])
def test_a_question_that_makes_no_sense_is_refused(audit: World, asked: dict[str, object]) -> None:
    assert audit.get("audit", **asked).status_code == 400
