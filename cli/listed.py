"""What a question has found, for people a line each."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from rich.box import SIMPLE
from rich.table import Table

from cli.console import add_row, print_wide
from cli.telling import tell, tell_json

Cell = Callable[[dict[str, Any]], str]


def print_listed(
    found: Sequence[dict[str, Any]],
    columns: Mapping[str, Cell],
    nothing: str,
    as_json: bool,
    numbers: Collection[str] = (),
) -> None:
    """``columns``: heading → what it shows of one; ``nothing``: said where none is found; ``numbers``: headings."""
    if as_json:
        tell_json(found)
        return
    if not found:
        tell(nothing, err=True)
        return
    table = Table(box=SIMPLE, pad_edge=False)
    for heading in columns:
        table.add_column(heading, justify="right" if heading in numbers else "left", overflow="fold")
    for one in found:
        add_row(table, *(cell(one) for cell in columns.values()))
    print_wide(table)
