"""What a command says: nobody else's words tell the terminal what to do."""

import json

import pytest

from cli.telling import tell, tell_json


def test_a_line_is_a_line_whatever_somebody_wrote_into_it(capsys: pytest.CaptureFixture[str]) -> None:
    tell("locked: court\n2026 released by boss", "\x1b]0;owned\x07", 7)
    assert capsys.readouterr().out.splitlines() == ["locked: court�2026 released by boss", "�]0;owned�", "7"]


def test_programs_read_what_was_written_and_a_terminal_obeys_none_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    written = {"title": "tył \x1b[31m \x9b31m \x7f"}
    tell_json(written)
    said = capsys.readouterr().out
    assert json.loads(said) == written
    assert "tył" in said
    assert not set("\x1b\x9b\x7f") & set(said)


def test_trouble_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    tell("sightlog: no", err=True)
    assert capsys.readouterr() == ("", "sightlog: no\n")
