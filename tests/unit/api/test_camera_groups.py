"""Cameras in groups and folders: who may say so, and how they are found."""

from typing import Any

import httpx
import pytest

from api.access.known import digest_of
from infra import clock
from schemas.facts import MediaConfigured, SegmentRecorded
from tests.footage_facts import segment
from tests.people import group, token, user
from tests.unit.api.client import World
from tests.unit.api.test_sessions import entered


def camera(name: str, *groups: str, folder: str = "") -> MediaConfigured:
    return MediaConfigured(media=name, observed_ms=1, groups=groups, folder=folder)


def names(answer: httpx.Response) -> list[str]:
    return [one["media"] for one in answer.json()["media"]]


@pytest.fixture
def world(world: World) -> World:
    world.tell(
        group("yard", configure=True, archive_depth_ms=5), group("hall"), user("anna", groups=("yard", "hall")),
        user("boss", admin=True, watches=False),
    )  # fmt: skip
    for one in (camera("gate", "yard", folder="site/yard"), camera("lift", "hall", folder="site"), camera("roof")):
        world.log.append(one)
    return world


def test_cameras_say_their_groups_their_folder_and_what_the_caller_may(world: World) -> None:
    annas = entered(world)
    gate, lift = world.ask("GET", "/api/v1/media", token=None, headers=annas).json()["media"]
    assert (gate["groups"], gate["folder"]) == (["yard"], "site/yard")
    assert gate["may"] == {
        "live": True, "archive": True, "archive_depth_ms": 5, "export": False, "protect": False, "configure": True,
    }  # fmt: skip
    assert lift["may"] | {"configure": False} == lift["may"]
    bosses = entered(world, "boss")
    may = world.ask("GET", "/api/v1/media/roof", token=None, headers=bosses).json()["may"]
    assert (may["live"], may["archive"], may["export"], may["protect"], may["configure"]) == (False,) * 3 + (True,) * 2


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"folder": "site"}, ["gate", "lift"]),
        ({"folder": "site/yard"}, ["gate"]),
        ({"folder": "/site/yard/"}, ["gate"]),
        ({"folder": "sit"}, []),
        ({"group": "hall"}, ["lift"]),
        ({"group": "hall", "folder": "site/yard"}, []),
        ({"q": "li", "folder": "site"}, ["lift"]),
        ({}, ["gate", "lift", "roof"]),
    ],
)
def test_cameras_are_found_by_folder_and_group(query: dict[str, str], found: list[str], world: World) -> None:
    assert names(world.get("media", **query)) == found


def test_cameras_are_found_by_whether_they_record(world: World) -> None:
    def ended(name: str, ms: int) -> SegmentRecorded:
        return segment(name, ms - 6_000)

    world.archive.facts += [ended("gate", clock.now_ms()), ended("lift", clock.now_ms() - 60_000)]
    for status, found in (("recording", "gate"), ("lost", "lift"), ("never", "roof")):
        assert names(world.get("media", status=status)) == [found]
    assert world.get("media", status="asleep").status_code == 400


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ({"groups": ["nowhere"]}, "groups"),
        ({"groups": ["Not A Name"]}, "groups"),
        ({"folder": "site//yard"}, "folder"),
        ({"folder": "/site"}, "folder"),
        ({"folder": " site"}, "folder"),
    ],
)
def test_a_group_that_is_not_there_or_a_folder_without_a_name_is_refused(body: Any, rule: str, world: World) -> None:
    answer = world.put("media/roof", body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, rule)


def test_a_camera_may_stay_in_a_group_that_is_gone(world: World) -> None:
    world.log.append(camera("old", "gone"))
    assert world.put("media/old", {"groups": ["gone", "hall"]}).status_code == 200


def test_who_may_configure_a_camera_keeps_its_groups(world: World) -> None:
    annas = entered(world)

    def put(body: Any) -> httpx.Response:
        return world.ask("PUT", "/api/v1/media/gate", token=None, headers=annas, json=body)

    answer = put({"title": "Gate", "folder": "site"})
    assert (answer.status_code, answer.json()["groups"], answer.json()["changed_by"]) == (200, ["yard"], "anna")
    assert put({"groups": ["yard"]}).status_code == 200
    for groups in ([], ["hall"], ["yard", "hall"]):
        refused = put({"groups": groups})
        assert (refused.status_code, refused.json()["type"]) == (403, "urn:sightlog:problem:not-allowed")


def test_a_group_that_an_admin_took_away_does_not_come_back_with_what_tables_still_say(world: World) -> None:
    annas, known = entered(world), world.archive.camera("gate")
    assert known
    world.put("media/gate", {"groups": ["hall"]})
    world.tell(group("hall", configure=True))
    world.archive.configs["gate"] = known.config
    assert world.ask("PUT", "/api/v1/media/gate", token=None, headers=annas, json={"title": "x"}).status_code == 200
    assert world.registry.in_group("yard") == []


def test_cameras_are_added_by_admins_and_not_by_what_an_admins_token_may_do_with_cameras(world: World) -> None:
    world.tell(token("sl_narrow", digest_of("sl_narrow"), "boss", scopes=("configure",)))
    before = len(world.log.records)
    one = world.ask("PUT", "/api/v1/media/brandnew", token="sl_narrow", json={})
    many = world.ask("POST", "/api/v1/media/import", token="sl_narrow", content="media\nbrandnew\n")
    assert {(answer.status_code, answer.json()["type"]) for answer in (one, many)} == {
        (403, "urn:sightlog:problem:not-allowed")
    }
    assert len(world.log.records) == before
    assert world.ask("PUT", "/api/v1/media/roof", token="sl_narrow", json={"title": "Roof"}).status_code == 200


def test_a_file_of_cameras_sets_their_groups_for_admins_only(world: World) -> None:
    text = "media,groups,folder\ngate,yard | hall,site/gate\n"
    annas = entered(world)
    refused = world.ask("POST", "/api/v1/media/import", token=None, headers=annas, content=text)
    assert refused.status_code == 403
    keeping = world.ask("POST", "/api/v1/media/import", token=None, headers=annas, content="media,title\ngate,G\n")
    assert (keeping.status_code, world.get("media/gate").json()["groups"]) == (200, ["yard"])
    assert world.ask("POST", "/api/v1/media/import", content=text).json() == {"created": 0, "updated": 1}
    found = world.get("media/gate").json()
    assert (found["groups"], found["folder"], found["title"]) == (["yard", "hall"], "site/gate", "G")


def test_a_file_that_names_a_group_that_is_not_there_changes_nothing(world: World) -> None:
    answer = world.ask("POST", "/api/v1/media/import", content="media,groups\nroof,hall\nlift,nowhere\n")
    told = answer.json()["errors"]
    assert (answer.status_code, told[0]["line"], told[0]["field"]) == (422, 3, "groups")
    assert world.get("media/roof").json()["groups"] == []
