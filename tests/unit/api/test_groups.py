"""Groups: who is in them, and what a group that is gone leaves behind."""

import pytest

from schemas.access import GroupRemoved
from schemas.facts import MediaConfigured
from tests.people import group, user
from tests.unit.api.client import World


def camera(name: str, *groups: str) -> MediaConfigured:
    return MediaConfigured(media=name, observed_ms=1, groups=groups)


@pytest.fixture
def world(world: World) -> World:
    world.tell(group("yard", export=True), group("hall"), user("anna", groups=("yard", "hall")), user("ben"))
    for one in (camera("gate", "yard", "hall"), camera("door", "yard"), camera("roof")):
        world.log.append(one)
    return world


def test_a_group_is_set_and_told_with_its_members(world: World) -> None:
    answer = world.put("groups/yard", {"title": "Yard", "archive_depth_ms": 5, "protect": True})
    assert answer.status_code == 200
    told = answer.json()
    assert (told["title"], told["live"], told["archive"], told["archive_depth_ms"]) == ("Yard", True, True, 5)
    assert (told["export"], told["protect"], told["configure"]) == (False, True, False)
    assert (told["users"], told["cameras"]) == (["anna"], 2)
    assert world.get("groups/yard").json() == told
    assert [one["group"] for one in world.get("groups").json()["groups"]] == ["hall", "yard"]


@pytest.mark.parametrize(
    ("name", "body", "field"),
    [
        ("roof", {"archive_depth_ms": -1}, "archive_depth_ms"),
        ("roof", {"archive_depth_ms": 1 << 63}, "archive_depth_ms"),
        ("roof", {"users": []}, "users"),
        ("roof", {"live": 1}, "live"),
        ("Roof!", {}, "group"),
        ("roof%0A", {}, "group"),
    ],
)
def test_every_wrong_field_of_a_group_is_named(name: str, body: object, field: str, world: World) -> None:
    answer = world.put(f"groups/{name}", body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


def test_a_group_that_is_gone_gives_no_rights_and_leaves_nobody_to_a_namesake(world: World) -> None:
    assert world.ask("DELETE", "/api/v1/groups/yard").status_code == 204
    assert world.get("groups/yard").status_code == 404
    told = world.log.facts
    gone = next(at for at, fact in enumerate(told) if isinstance(fact, GroupRemoved))
    assert not [fact for fact in told[gone:] if "yard" in getattr(fact, "groups", ())]
    again = world.put("groups/yard", {}).json()
    assert (again["users"], again["cameras"]) == ([], 0)
    found = world.access.entries.user("anna")
    assert found
    assert found.groups == ("hall",)
    assert [one.groups for one in world.registry.in_group("hall")] == [("hall",)]


def test_a_group_that_is_not_there_is_missing(world: World) -> None:
    for method in ("GET", "DELETE"):
        answer = world.ask(method, "/api/v1/groups/nowhere")
        assert (answer.status_code, answer.json()["type"]) == (404, "urn:sightlog:problem:no-such-group")
