"""What a question has found, for people a line each."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import typer
from rich.box import SIMPLE
from rich.table import Table

from cli.console import print_wide

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
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    if not found:
        typer.echo(nothing, err=True)
        return
    table = Table(box=SIMPLE, pad_edge=False)
    for heading in columns:
        table.add_column(heading, justify="right" if heading in numbers else "left", overflow="fold")
    for one in found:
        table.add_row(*(cell(one) for cell in columns.values()))
    print_wide(table)
