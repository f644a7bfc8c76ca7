"""What a person types that should not be said, and tables that are wider than where they are shown."""

import io

import pytest
from rich.table import Table

from cli.console import add_row, print_wide, progress_bar, typed


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


def test_a_table_that_is_wider_than_the_terminal_loses_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    table = Table(*(f"column-{number}" for number in range(9)))
    table.add_row(*(f"value {number} of nine" for number in range(9)))
    print_wide(table)
    said = capsys.readouterr().out
    assert all(f"column-{number}" in said and f"value {number} of nine" in said for number in range(9))


def test_a_cell_of_several_lines_has_them_and_each_is_plain(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table("what", "value")
    add_row(table, "zones", ["door\x1b[31m", "[tree]"])
    print_wide(table)
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert [line.split("│")[2].strip() for line in said.splitlines() if "door" in line or "tree" in line] == [
        "door�[31m", "[tree]",
    ]  # fmt: skip


def test_the_name_of_a_file_is_no_markup_of_its_bar() -> None:
    bar = progress_bar()
    bar.add_task("[/red].mp4")
    assert str(bar.columns[0].render(bar.tasks[0])) == "[/red].mp4"  # type: ignore[union-attr]
