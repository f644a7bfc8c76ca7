"""The login of a demo."""

import stat
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from cli import demo_login
from infra.settings import Settings
from tests.integration.served import listening
from tests.people import user
from tests.unit.api.client import TOKEN, World


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    yield made
    made.audit.close()
    made.access.close()
    made.registry.close()


def test_a_demo_makes_its_user_once_and_says_how_to_sign_in(world: World, tmp_path: Path) -> None:
    with listening(world.app) as address:
        settings = Settings(data=tmp_path, api_url=address, api_key=TOKEN)
        login, _, password = demo_login.ready(settings).partition(" / ")
        told = httpx.post(f"{address}/api/v1/sessions", json={"login": login, "password": password}, timeout=60)
        assert (told.status_code, told.json()["admin"]) == (201, True)
        world.tell(user("demo", password="changed since", admin=True))
        assert demo_login.ready(settings) == f"demo / {password}"
    assert stat.S_IMODE((tmp_path / "demo.password").stat().st_mode) == 0o600
    assert len([one for one in world.log.facts if getattr(one, "entry", "") == "user/demo"]) == 2
    assert password not in "".join(str(record.value) for record in world.log.records)


def test_a_demo_waits_for_an_api_that_is_not_there_yet(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, api_url="http://127.0.0.1:9", api_key=TOKEN)
    assert demo_login.ready(settings) == ""
