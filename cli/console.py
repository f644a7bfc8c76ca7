"""What a person sees while a command runs."""

import sys
from collections.abc import Callable, Sequence
from typing import TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from infra.plain import plain

_Value = TypeVar("_Value")
_WIDEST = 1000
_COLOURS = ("cyan", "green", "yellow", "magenta", "blue", "bright_cyan", "bright_green", "bright_magenta")


def say(part: str, line: str) -> None:
    """One line about one part, on standard error; coloured on a terminal, plain elsewhere."""
    colour = _COLOURS[sum(part.encode()) % len(_COLOURS)]
    Console(stderr=True).print(Text.assemble((f"{part:>12}  ", colour), plain(line)), soft_wrap=True)


def add_row(table: Table, *cells: str | Sequence[str]) -> None:
    """Add a row that shows its words as they are: no markup, nothing that a terminal obeys. Several: a line each."""
    lines = ([cell] if isinstance(cell, str) else cell for cell in cells)
    table.add_row(*(Text("\n".join(map(plain, each))) for each in lines))


def print_wide(table: Table) -> None:
    """Print a table as wide as it is: a terminal that is narrower wraps its lines, and nothing is lost."""
    console = Console()
    needed = table.__rich_measure__(console, console.options.update(max_width=_WIDEST)).maximum
    Console(width=max(console.width, needed)).print(table)


def progress_bar() -> Progress:
    """Bars on standard error, on a terminal; silent elsewhere."""
    columns = TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
    shown = sys.stderr.isatty()
    return Progress(*columns, console=Console(stderr=True), transient=not shown, disable=not shown)


def typed(secret: str | None) -> str | None:
    """``secret`` as an option says it; ``-``: one line of standard input, where no list of processes shows it."""
    return sys.stdin.readline().strip("\r\n") if secret == "-" else secret


def parsed(parse: Callable[[str], _Value], text: str) -> _Value:
    """What an option says, read by ``parse``; its ValueError ends the command with its sentence."""
    try:
        return parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
