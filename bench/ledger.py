"""What a bench found: one line per figure on the terminal and, with ``--record``, in docs/ref/benchmarks.md."""

import argparse
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from infra import clock

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "ref" / "benchmarks.md"


def parser(about: str | None) -> argparse.ArgumentParser:
    """The options of a bench: ``--record``, and what the caller adds."""
    made = argparse.ArgumentParser(description=about)
    made.add_argument("--record", action="store_true", help="also append the figures to docs/ref/benchmarks.md")
    return made


class Ledger:
    """Prints figures as they come and, given a page, appends each as a row of its table."""

    def __init__(self, page: Path | None = None) -> None:
        """Made before measuring: what is measured is the code of this moment."""
        self._page = page
        self._stamp = f"{today()} | {commit()} | {os.cpu_count()}" if page else ""

    @classmethod
    def of(cls, options: argparse.Namespace) -> "Ledger":
        """The ledger that the command line of a bench asks for."""
        return cls(PAGE if options.record else None)

    def tell(self, name: str, figure: str, target: str = "", is_met: bool = True) -> None:
        """One figure. Without ``target`` it is for information, and nothing is said of met or not."""
        verdict = ("met" if is_met else "not met") if target else ""
        print(f"{name}: {figure}, " + (f"target {target}, {verdict}" if target else "no target"), flush=True)
        if self._page:
            cells = " | ".join(cell.replace("|", "\\|") for cell in (name, figure, target, verdict))
            with self._page.open("a", encoding="utf-8") as page:
                page.write(f"| {self._stamp} | {cells} |\n")


def today() -> str:
    """The date in UTC, as in 2026-11-21."""
    return datetime.fromtimestamp(clock.now_ms() / 1000, UTC).date().isoformat()


def commit() -> str:
    """Short id of the commit checked out, ``-dirty`` when any file but the page of figures differs from it."""
    changed = git("status", "--porcelain", "--", ".", f":(exclude){PAGE.relative_to(ROOT)}")
    return git("rev-parse", "--short", "HEAD") + ("-dirty" if changed else "")


def git(*words: str) -> str:
    """What git answers about this tree."""
    return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()
