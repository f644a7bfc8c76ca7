import re
from pathlib import Path

import pytest

from bench import ledger
from bench.ledger import PAGE, Ledger

ROW = re.compile(
    r"\| \d{4}-\d\d-\d\d \| [0-9a-f]{7,}(-dirty)? \| \d+ \| speed \| 0\.5 \(1 of 2\) \| >= 0\.6 \| not met \|"
)


def test_a_figure_is_printed_with_its_target_and_whether_it_is_met(capsys: pytest.CaptureFixture[str]) -> None:
    book = Ledger()
    book.tell("speed", "3.1 x", ">= 3 x", True)
    book.tell("memory", "0.5 x", "<= 0.25 x", False)
    book.tell("size", "12 MB")
    assert capsys.readouterr().out.splitlines() == [
        "speed: 3.1 x, target >= 3 x, met",
        "memory: 0.5 x, target <= 0.25 x, not met",
        "size: 12 MB, no target",
    ]


def test_a_recorded_figure_is_appended_with_date_commit_and_cores(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("head\n")
    Ledger(page).tell("speed", "0.5 (1 of 2)", ">= 0.6", False)
    Ledger(page).tell("size", "1 | 2")
    head, first, second = page.read_text().splitlines()
    assert head == "head"
    assert ROW.fullmatch(first)
    assert second.endswith(r"| size | 1 \| 2 |  |  |")


def test_only_a_run_told_to_record_writes_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "PAGE", tmp_path / "page.md")
    monkeypatch.setattr(ledger, "commit", lambda: "abc1234")
    options = ledger.parser("about")
    Ledger.of(options.parse_args([])).tell("speed", "1", "2", False)
    assert not ledger.PAGE.exists()
    Ledger.of(options.parse_args(["--record"])).tell("speed", "1", "2", False)
    assert "| abc1234 |" in ledger.PAGE.read_text()


@pytest.mark.parametrize(("changes", "mark"), [("", ""), (" M infra/kafka.py", "-dirty")])
def test_a_changed_tree_is_called_dirty(monkeypatch: pytest.MonkeyPatch, changes: str, mark: str) -> None:
    monkeypatch.setattr(ledger, "git", lambda word, *_: {"status": changes, "rev-parse": "abc1234"}[word])
    assert ledger.commit() == f"abc1234{mark}"


def test_figures_recorded_before_do_not_make_the_tree_dirty(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []

    def git(*words: str) -> str:
        asked.append(words)
        return ""

    monkeypatch.setattr(ledger, "git", git)
    ledger.commit()
    assert ":(exclude)docs/ref/benchmarks.md" in asked[0]


def test_every_row_of_the_page_has_every_cell() -> None:
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("|")]
    assert len(rows) >= 2
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {8}
