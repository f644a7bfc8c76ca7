"""A test mail is sent for real; what became of it is told in words."""

import pytest

from infra.settings import Settings
from schemas.facts import MediaConfigured
from tests.unit.api.alarms.answering import listener
from tests.unit.api.client import TOKEN, World


def tried(port: int, **settings: object) -> dict[str, object]:
    given = {"api_key": TOKEN, "s3": "http://store.invalid:9000", "smtp_port": port} | settings
    world = World(settings=Settings.model_validate(given))
    try:
        world.log.append(MediaConfigured(media="gate", observed_ms=1, mail_login="gate", mail_password="hush"))
        answer = world.ask("POST", "/api/v1/media/gate/smtp/test")
        assert answer.status_code == 200, answer.text
        assert "hush" not in answer.text
        told: dict[str, object] = answer.json()
        return told
    finally:
        world.registry.close()
        world.audit.close()


@pytest.mark.parametrize("settings", [{}, {"smtp_host": "0.0.0.0"}, {"smtp_reach": "localhost", "smtp_host": "::"}])
def test_a_listener_that_refuses_is_told_with_what_to_do(settings: dict[str, object]) -> None:
    with listener("220 here", "250-here\r\n250 STARTTLS", "454 not now") as port:
        told = tried(port, **settings)
    assert told["state"] == "refused"
    assert told["media"] == "gate"


def test_a_listener_that_is_not_there_is_told_with_what_to_do() -> None:
    with listener() as port:
        pass
    told = tried(port)
    assert told["state"] == "unreachable"
    assert "sightlog run smtp" in str(told["says"])


def test_a_port_that_is_not_known_is_told_by_its_setting() -> None:
    told = tried(0)
    assert told["state"] == "unreachable"
    assert "SIGHTLOG_SMTP_PORT" in str(told["says"])


def test_a_camera_that_is_not_there_is_not_tried(world: World) -> None:
    assert world.ask("POST", "/api/v1/media/nowhere/smtp/test").status_code == 404
