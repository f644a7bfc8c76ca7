"""What somebody who may configure one camera may not say of it: what reaches other cameras, or the machine."""

from typing import Any

import httpx
import pytest

from api.access.known import digest_of
from infra.settings import Settings
from schemas.facts import MediaConfigured
from tests.people import group, token, user
from tests.unit.api.client import STORE, TOKEN, World

FOREIGN = MediaConfigured(
    media="yard", observed_ms=1, groups=("others",), title="Back yard", mail_login="yardcam", mail_password="secret",
    mail_aliases=("cam7@dvr.example", "dvr#4"), source="rtsp://10.0.0.7/1",
)  # fmt: skip
OWN = MediaConfigured(
    media="gate",
    observed_ms=1,
    groups=("mine",),
    title="Gate",
    mail_aliases=("dvr#5", "shared"),
    source="/srv/gate.mp4",
)
SIBLING = MediaConfigured(media="lift", observed_ms=1, groups=("mine",), mail_aliases=("lobby",))
KEPT: dict[str, Any] = {"title": "Gate", "mail_aliases": ["dvr#5", "shared"], "source": "/srv/gate.mp4"}


@pytest.fixture
def world(world: World) -> World:
    world.app.state.settings = Settings(api_key=TOKEN, s3=STORE, smtp_login="listener", smtp_password="x")
    world.tell(
        group("mine", configure=True), group("others"), user("anna", "", groups=("mine",)),
        token("sl_anna", digest_of("sl_anna"), scopes=("configure",)),
    )  # fmt: skip
    for one in (FOREIGN, OWN, SIBLING):
        world.log.append(one)
    return world


def put(world: World, **said: Any) -> httpx.Response:
    return world.ask("PUT", "/api/v1/media/gate", "sl_anna", json=KEPT | said)


@pytest.mark.parametrize(
    "said",
    [
        {"mail_aliases": ["yard"]}, {"mail_aliases": ["Yard@sightlog.example"]}, {"mail_aliases": ["yard#1"]},
        {"mail_aliases": ["yardcam"]}, {"mail_aliases": ["cam7@dvr.example"]}, {"mail_aliases": ["dvr#04"]},
        {"mail_aliases": ["dvr"]}, {"mail_aliases": ["back yard"]}, {"title": "Back Yard"}, {"title": "yard"},
        {"mail_login": "yardcam", "mail_password": "mine"}, {"mail_login": "yard", "mail_password": "mine"},
        {"mail_login": "Listener", "mail_password": "mine"}, {"mail_aliases": ["listener@x"]},
    ],
    ids=str,
)  # fmt: skip
def test_a_name_by_which_mails_of_a_foreign_camera_are_found_is_refused(said: dict[str, Any], world: World) -> None:
    answer = put(world, **said)
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:sightlog:problem:not-allowed")
    assert world.ask("PUT", "/api/v1/media/gate", json=KEPT | said).status_code == 200


@pytest.mark.parametrize(
    "said",
    [
        {}, {"title": "Front gate"}, {"mail_aliases": ["dvr#6", "front@house.example"]}, {"mail_aliases": ["lobby"]},
        {"mail_login": "gatecam", "mail_password": "mine"}, {"mail_aliases": ["yard2"]}, {"mail_aliases": []},
    ],
    ids=str,
)  # fmt: skip
def test_a_name_that_is_free_or_of_a_camera_that_is_theirs_too_is_taken(said: dict[str, Any], world: World) -> None:
    assert put(world, **said).status_code == 200


def test_a_name_that_an_admin_let_two_cameras_share_stays(world: World) -> None:
    shared = {"mail_login": "yardcam", "mail_password": "secret", "groups": ["mine"]}
    assert world.ask("PUT", "/api/v1/media/gate", json=KEPT | shared).status_code == 200
    assert put(world, **shared, depth_ms=5).status_code == 200


@pytest.mark.parametrize("source", ["file:///etc/passwd", "/etc/passwd", "clip.mp4", "/dev/video0"])
def test_a_file_or_a_device_of_the_recorders_machine_is_for_admins(source: str, world: World) -> None:
    assert put(world, source=source).status_code == 403
    file = world.ask("POST", "/api/v1/media/import", "sl_anna", content=f"media,source\ngate,{source}\n")
    assert file.status_code == 403


def test_a_camera_of_the_network_is_for_who_may_configure_and_what_an_admin_set_stays(world: World) -> None:
    assert put(world, depth_ms=5).status_code == 200
    assert put(world, source="rtsp://10.0.0.9/1").status_code == 200
    assert put(world, source="/srv/gate.mp4").status_code == 403


def test_a_file_of_cameras_claims_no_name_of_a_foreign_one(world: World) -> None:
    text = "media,mail_aliases\nlift,lobby\ngate,yard\n"
    before = len(world.log.records)
    assert world.ask("POST", "/api/v1/media/import", "sl_anna", content=text).status_code == 403
    assert len(world.log.records) == before
