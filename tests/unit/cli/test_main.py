"""The command line as a person meets it: help that teaches, one line when something is wrong."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import services
from cli.main import COMMANDS, build
from infra.settings import child_environment

ROOT = Path(__file__).parents[3]


def sightlog(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60,
        env=child_environment(environment), check=False,
    )  # fmt: skip


@pytest.mark.parametrize("command", [command.__name__ for command in COMMANDS])
def test_every_command_teaches_with_an_example(command: str) -> None:
    shown = CliRunner().invoke(build(), [command, "--help"])
    assert shown.exit_code == 0
    assert "Examples:" in shown.output
    assert f"sightlog {command}" in shown.output


@pytest.mark.parametrize(
    ("arguments", "environment", "told"),
    [
        (["up"], {"SIGHTLOG_API_PORT": "99999"}, "SIGHTLOG_API_PORT"),
        (["up", "--data", "/proc/nowhere"], {}, "/proc/nowhere cannot be used"),
        (["run", "api", "--data", "/nonexistent"], {}, "no address for SIGHTLOG_KAFKA"),
    ],
    ids=["impossible setting", "folder that cannot be written", "no servers"],
)
def test_what_an_operator_can_mend_is_one_line_and_exit_code_2(
    arguments: list[str], environment: dict[str, str], told: str
) -> None:
    done = sightlog(*arguments, **environment)
    assert done.returncode == 2
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_an_unknown_service_is_answered_with_the_known_ones() -> None:
    shown = CliRunner().invoke(build(), ["run", "nope"])
    assert shown.exit_code == 2
    assert ", ".join(services.SERVICES) in shown.output
