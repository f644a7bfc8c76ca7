import json

import pytest

from cli.listed import print_listed

FOUND = [{"media": "gate", "bytes": 7}, {"media": "tył", "bytes": 1200}]


def test_what_is_found_is_a_line_each_numbers_on_the_right(capsys: pytest.CaptureFixture[str]) -> None:
    columns = {"camera": lambda one: one["media"], "bytes": lambda one: str(one["bytes"])}
    print_listed(FOUND, columns, "no cameras", as_json=False, numbers=("bytes",))
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines() if line.strip(" ─")]
    assert [line.split() for line in lines] == [["camera", "bytes"], ["gate", "7"], ["tył", "1200"]]
    assert len({len(line) for line in lines}) == 1


def test_words_of_people_are_shown_as_they_are_and_obeyed_by_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    found = [{"title": "[/red]"}, {"title": "[bold]x"}, {"title": "\x1b]0;owned\x07"}, {"title": "a\nanna  admin"}]
    print_listed(found, {"title": lambda one: one["title"]}, "no users", as_json=False)
    said = capsys.readouterr().out
    assert "[/red]" in said
    assert "[bold]x" in said
    assert "\x1b" not in said
    assert "\x07" not in said
    assert "a�anna  admin" in said


def test_programs_get_all_of_it_and_nothing_is_said_beside_an_empty_list(capsys: pytest.CaptureFixture[str]) -> None:
    print_listed(FOUND, {}, "no cameras", as_json=True)
    assert json.loads(capsys.readouterr().out) == FOUND
    print_listed([], {}, "no cameras", as_json=True)
    assert capsys.readouterr() == ("[]\n", "")
    print_listed([], {}, "no cameras", as_json=False)
    assert capsys.readouterr() == ("", "no cameras\n")
