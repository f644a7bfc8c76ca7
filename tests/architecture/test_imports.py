"""Imports run one way. Every contract is kept, and every contract breaks when it is breached."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGES, ROOT


def lint(folder: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    """The answer of import-linter about the tree in ``folder``; all contracts unless some are named."""
    chosen = [word for contract in contracts for word in ("--contract", contract)]
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    return subprocess.run(
        [*command, "--no-cache", "--no-logo", *chosen], cwd=folder, check=False, capture_output=True, text=True
    )


def test_every_contract_is_kept() -> None:
    answer = lint(ROOT)
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree once more, where it may be spoilt."""
    folder = tmp_path_factory.mktemp("copy")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("*.json", "__pycache__"))
    shutil.copy(ROOT / ".importlinter", folder)
    return folder


@pytest.mark.parametrize(
    ("contract", "file", "line"),
    [
        pytest.param("one-way", "schemas/breach.py", "import infra.settings", id="the language uses an adapter"),
        pytest.param("one-way", "infra/breach.py", "import producers", id="an adapter knows cameras"),
        pytest.param("one-way", "projections/breach.py", "import api", id="a projection asks the API"),
        pytest.param("one-way", "producers/breach.py", "import projections", id="producer meets projection"),
        pytest.param("one-way", "processors/breach.py", "import producers", id="processor meets producer"),
        pytest.param("one-way", "api/breach.py", "import cli", id="the API uses the command line"),
        pytest.param("api-asks", "api/breach.py", "import projections.segments.rows", id="the API maps rows itself"),
        pytest.param("api-asks", "api/breach.py", "import producers", id="the API produces"),
        pytest.param("pure-language", "schemas/breach.py", "import time", id="the language reads a clock"),
        pytest.param("pure-language", "schemas/breach.py", "from os import path", id="the language reads a disk"),
        pytest.param("pure-decisions", "processors/breach/rules.py", "import datetime", id="a rule reads a clock"),
        pytest.param("pure-decisions", "processors/breach/rules.py", "from infra import log", id="a rule uses infra"),
        pytest.param("pure-decisions", "producers/breach/parse.py", "import socket", id="a parser opens a socket"),
        pytest.param("pure-decisions", "producers/breach/accept.py", "import random", id="acceptance throws dice"),
        pytest.param("pure-decisions", "projections/breach/rows.py", "import logging", id="a row writes a journal"),
        pytest.param("adapters-know-no-web", "producers/breach.py", "import fastapi", id="a producer serves HTTP"),
    ],
)
def test_a_breach_breaks_its_contract(copy: Path, contract: str, file: str, line: str) -> None:
    breach = copy / file
    breach.parent.mkdir(exist_ok=True)
    is_new_folder = not (breach.parent / "__init__.py").exists()
    try:
        (breach.parent / "__init__.py").touch()
        breach.write_text(line + "\n")
        answer = lint(copy, contract)
        assert answer.returncode == 1, answer.stdout + answer.stderr
        assert "BROKEN" in answer.stdout
    finally:
        shutil.rmtree(breach.parent) if is_new_folder else breach.unlink()


def test_the_copy_without_a_breach_keeps_every_contract(copy: Path) -> None:
    answer = lint(copy)
    assert answer.returncode == 0, answer.stdout + answer.stderr
