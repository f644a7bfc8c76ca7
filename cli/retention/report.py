"""``sightlog retention report``: what was achieved, what it saves, and when the store fills up."""

from pathlib import Path
from typing import Annotated, Any

import typer

from api.retention.words import size
from cli.client import answer, connected
from cli.console import add_row, parsed, print_wide
from cli.retention.printed import amount, rows_of, second, share, span, table
from cli.telling import tell, tell_json
from infra.settings import load
from producers.segments.ingest import parse_time
from schemas.retention import UNKNOWN_BYTES

_TIMEOUT_S = 600.0


def report(
    media: Annotated[str, typer.Argument(help="Cameras, with commas; every camera if left out")] = "",
    since: Annotated[str, typer.Option("--from", help="History from here: ISO 8601 or ms")] = "",
    most: Annotated[int, typer.Option(min=1, help="Lines at most, the largest cameras first")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table")] = False,
    data: Annotated[Path | None, typer.Option(help="Folder of the running stack (SIGHTLOG_DATA)")] = None,
) -> None:
    """What retention achieved: how far back each camera goes, and what a plain recorder would hold instead.

    "everything" is how far back all footage is stored, "oldest episode" the oldest footage that something protects.
    Below it, for all cameras: when the store fills up if what comes and goes stays as it was in the last day.

    Examples:

        sightlog retention report

        sightlog retention report gate --json | jq '.media[0].saving'
    """
    asked: dict[str, Any] = {"media": media} if media else {}
    asked |= {"from_ms": parsed(parse_time, since)} if since else {}
    with connected(load(data=data)) as api:
        told = answer(api.get("/retention/report", params=asked, timeout=_TIMEOUT_S))
    if as_json:
        tell_json(told)
        return
    _print(told, most)


def _print(told: dict[str, Any], most: int) -> None:
    shown = table("camera", "stored", "everything", "oldest episode", "locked", "going", "plain recorder", "saved")
    for one in rows_of(told, most):
        add_row(shown, one["media"], *_cells(one))
    if len(told["media"]) != 1:
        shown.add_section()
        add_row(shown, f"{told['total']['cameras']} cameras", *_cells(told["total"]))
    print_wide(shown)
    if (left := len(told["media"]) - most) > 0:
        tell(f"{left} smaller cameras are not shown; --most shows more.", err=True)
    for one in told["forecast"]:
        tell(_forecast(one))


def _cells(one: dict[str, Any]) -> tuple[str, ...]:
    return (
        amount(one["stored_bytes"]), span(one["continuous_ms"]), second(one["oldest_protected_ms"]),
        amount(one["locked_bytes"]), amount(one["waiting_bytes"]), amount(one["plain_bytes"]), share(one["saving"]),
    )  # fmt: skip


def _forecast(one: dict[str, Any]) -> str:
    level = f"{one['store']}: {share(one['level'])} of {size(one['capacity_bytes'])} in use"
    if one["capacity_bytes"] >= UNKNOWN_BYTES:
        level = one["store"]
    if one["state"] == "filling":
        rate = f"{size(one['bytes_per_day'])} a day more than goes"
        return f"{level}, {rate}: room is made from {second(one['high_ms'])} UTC on; {one['because']}."
    return f"{level}; {one['because']}."
