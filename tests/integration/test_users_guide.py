"""Every command of the guide to users does what the guide says. Over fakes: no servers."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from cli.main import build
from infra.settings import child_environment
from schemas.access import TokenIssued
from schemas.facts import MediaConfigured
from tests.integration.operating import blocks, pattern
from tests.integration.served import listening
from tests.unit.api.client import TOKEN, World

EXAMPLE = "7311240972417630210"
PASSWORDS = ("boss", "keeper", "anna", "new")


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    made.log.append(MediaConfigured(media="gate", observed_ms=1))
    yield made
    made.audit.close()
    made.access.close()
    made.registry.close()


def test_every_command_of_the_guide_does_what_the_guide_says(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in PASSWORDS:
        (tmp_path / f"{name}.password").write_text(f"password of {name}\n")
    monkeypatch.chdir(tmp_path)
    files = iter(("users.csv", "cameras.csv"))
    for kind, code in blocks("users"):
        if kind == "csv":
            (tmp_path / next(files)).write_text(code)
    with listening(world.app) as address:
        env = {"SIGHTLOG_API_URL": address, "SIGHTLOG_API_KEY": TOKEN, "SIGHTLOG": address, "TOKEN": TOKEN}
        shown = ""
        for kind, code in blocks("users"):
            for line in code.splitlines() if kind == "text" else ():
                assert re.search(pattern(line), shown), f"{line}\n{shown}"
            if kind == "bash":
                shown = "".join(_run(line, env, world) for line in code.splitlines())
        told = _signed_in(address, "anna", "password of new")
        assert (told.status_code, told.json()["groups"]) == (201, ["yard", "police"])
        jan = _signed_in(address, "jan", "a-first-password")
        assert jan.json()["may"] == {
            "live": True, "archive": True, "export": False, "protect": True, "configure": False,
        }  # fmt: skip
    assert world.access.entries.every(TokenIssued) == []


def _signed_in(address: str, login: str, password: str) -> httpx.Response:
    return httpx.post(f"{address}/api/v1/sessions", json={"login": login, "password": password}, timeout=30)


def _run(line: str, env: dict[str, str], world: World) -> str:
    """What a line prints: ours in this process, each start would cost a second; others by the shell."""
    words, _, file = line.partition(" < ")
    if not words.startswith("sightlog "):
        done = subprocess.run(
            ["bash", "-ec", line], env=child_environment(env), capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout
    issued: list[Any] = world.access.entries.every(TokenIssued)
    first = str(issued[0].token_id) if issued else ""
    _, *arguments = shlex.split(words.replace(EXAMPLE, first))
    typed = Path(file).read_text() if file else None
    told = CliRunner().invoke(build(only=arguments[0]), arguments, env=env, input=typed)
    assert told.exit_code == 0, f"{line}\n{told.output}"
    return told.stdout
