"""A running system as its operator asks it: over HTTP, in SQL, and by commands."""

import re
import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from api.times import iso
from cli.main import build
from tests.integration.whole import ROOT, Whole


class Operator:
    """Asks, and is told; what does not work fails the test with what was answered."""

    def __init__(self, system: Whole) -> None:
        self.system = system

    def get(self, path: str, **asked: Any) -> dict[str, Any]:
        answer = self.system.api("GET", f"/api/v1/{path}", params=asked)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def bytes_of(self, path: str) -> bytes:
        answer = self.system.api("GET", path if path.startswith("/") else f"/api/v1/{path}", follow_redirects=True)
        assert answer.status_code == 200, answer.text
        return answer.content

    def sql(self, statement: str) -> list[dict[str, Any]]:
        answer = self.system.api("POST", "/api/v1/sql", content=statement)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["data"])

    def run(self, *words: str) -> str:
        """What a command of ours prints. In this process: each start would cost a second."""
        done = CliRunner().invoke(build(), list(words), env={"SIGHTLOG_DATA": str(self.system.data)})
        assert done.exit_code == 0, f"{words}\n{done.output}\n{done.exception}"
        return done.stdout

    def ingest(self, media: str, file: Path, start_ms: int) -> None:
        self.run("ingest", media, str(file), "--start", iso(start_ms))


def blocks(page: str) -> list[tuple[str, str]]:
    """(language, code) of every fenced block of a guide."""
    text = (ROOT / "docs" / "guide" / f"{page}.md").read_text("utf-8")
    return re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def commands(code: str) -> Iterable[list[str]]:
    """The words of each command of a block, without ``sightlog``."""
    for line in code.splitlines():
        _, *words = shlex.split(line, comments=True)
        yield words


def pattern(line: str) -> str:
    """The line of an example with every number as a pattern, and however much room between words."""
    return r"\s+".join(re.sub(r"\d+", "[0-9]+", re.escape(word)) for word in line.split())
