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


@pytest.mark.parametrize("command", COMMANDS)
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


@pytest.mark.parametrize("words", [["up", "--help"], ["lock", "--help"], ["lock", "add", "--help"]])
def test_a_command_alone_is_what_it_is_among_the_others(words: list[str]) -> None:
    alone, among = (CliRunner().invoke(made, words) for made in (build(only=words[0]), build()))
    assert (alone.exit_code, alone.output) == (0, among.output)


def test_a_word_that_is_no_command_is_answered_as_before() -> None:
    alone, among = (CliRunner().invoke(made, ["nonsense"]) for made in (build(only="nonsense"), build()))
    assert (alone.exit_code, alone.output) == (2, among.output)
