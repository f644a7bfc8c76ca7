"""Secrets that are typed, not said on the command line."""

import io

import pytest

from cli.console import typed


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        pytest.param(" blanks belong to it \r\n", " blanks belong to it ", id="a line of Windows"),
        pytest.param("first\nsecond\n", "first", id="one line and no more"),
        pytest.param("", "", id="an empty file"),
    ],
)
def test_a_dash_reads_one_line_of_standard_input(monkeypatch: pytest.MonkeyPatch, line: str, secret: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(line, newline=""))
    assert typed("-") == secret


def test_everything_else_is_the_secret_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    assert typed("--") == "--"
    assert typed("") == ""
    assert typed(None) is None
