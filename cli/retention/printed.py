"""Bytes, spans of time and moments as columns show them."""

from typing import Any

from rich.box import SIMPLE
from rich.table import Table

from api.retention.words import length, size
from api.times import iso

_MINUTE_MS = 60_000


def table(*headings: str) -> Table:
    """An empty table: the first column on the left, numbers on the right."""
    made = Table(box=SIMPLE, pad_edge=False)
    for at, heading in enumerate(headings):
        made.add_column(heading, justify="right" if at else "left", overflow="fold", no_wrap=bool(at))
    return made


def amount(count: int) -> str:
    """``1.2 GB``; nothing: ``-``."""
    return size(count) if count else "-"


def share(part: float | None) -> str:
    """``53.1 %``; not known: ``-``."""
    return "-" if part is None else f"{100 * part:.1f} %"


def ago(at_ms: int | None, now_ms: int) -> str:
    """How long before ``now_ms`` a moment is: ``2 d 3 h``; no moment: ``-``."""
    return "-" if at_ms is None else span(now_ms - at_ms)


def span(ms: int) -> str:
    """``2 d 3 h``; longer than a minute, seconds are left out."""
    return length(ms - ms % _MINUTE_MS if ms > 60 * _MINUTE_MS else ms - ms % 1000)


def second(at_ms: int | None) -> str:
    """``2026-01-01 12:00:03``; no moment: ``-``."""
    return "-" if at_ms is None else iso(at_ms)[:19].replace("T", " ")


def rows_of(told: dict[str, Any], most: int) -> list[dict[str, Any]]:
    """The cameras of an answer, those with most bytes first, at most so many."""
    return sorted(told["media"], key=lambda one: (-one["stored_bytes"], one["media"]))[:most]
