"""``sightlog retention what-if``: another policy, asked of what was really recorded."""

import json
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.table import Table

from api.retention.words import length, size
from api.written import length_ms, size_bytes
from cli.client import answer, connected
from cli.console import add_row, parsed, print_wide, progress_bar
from cli.retention.printed import ago, amount, rows_of, second, share, span, table
from cli.telling import tell, tell_json
from infra.settings import load
from producers.segments.ingest import parse_time

_LINES = "application/x-ndjson"
_NONE = "none"


def what_if(
    depth: Annotated[str, typer.Option(help="Continuous archive: 6h, 2d …")] = "",
    keep: Annotated[
        str, typer.Option(help="How long episodes live beyond depth: 30d …; none: while there is room")
    ] = "",
    quota: Annotated[str, typer.Option(help="Most bytes each camera may hold: 500G …; none: no quota")] = "",
    types: Annotated[str, typer.Option(help="Only episodes of these types protect, with commas")] = "",
    before: Annotated[str, typer.Option(help="Kept before an episode: 5s …")] = "",
    after: Annotated[str, typer.Option(help="Kept after it")] = "",
    media: Annotated[str, typer.Option(help="Cameras, with commas; every camera if left out")] = "",
    label: Annotated[list[str] | None, typer.Option(help="Cameras with this label; several allowed")] = None,
    capacity: Annotated[str, typer.Option(help="Room for footage: 4T …; as measured if left out")] = "",
    since: Annotated[str, typer.Option("--from", help="History from here: ISO 8601 or ms")] = "",
    until: Annotated[str, typer.Option("--to", help="The moment asked about; now if left out")] = "",
    limit: Annotated[int, typer.Option(min=0, max=1000, help="At most so many stretches that would go")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table")] = False,
    data: Annotated[Path | None, typer.Option(help="Folder of the running stack (SIGHTLOG_DATA)")] = None,
) -> None:
    """What another policy would keep of the real history, and what would go first. Nothing is changed.

    What is not given is as each camera has it. Footage that is deleted by now counts: the answer says what would be
    stored if the policy had been in force all the time, beside what is stored.

    Examples:

        sightlog retention what-if --depth 12h --keep 30d

        sightlog retention what-if --depth 2h --media gate,yard --json | jq '.total'

        sightlog retention what-if --keep none --capacity 4T
    """
    asked: dict[str, Any] = {"limit": limit}
    asked |= {"depth_ms": parsed(length_ms, depth)} if depth else {}
    asked |= {"keep_ms": None if keep == _NONE else parsed(length_ms, keep)} if keep else {}
    asked |= {"quota_bytes": None if quota == _NONE else parsed(size_bytes, quota)} if quota else {}
    asked |= {"protect": _protect(types, before, after)} if types or before or after else {}
    asked |= {"media": [name.strip() for name in media.split(",")]} if media else {}
    asked |= {"labels": label} if label else {}
    asked |= {"capacity_bytes": parsed(size_bytes, capacity)} if capacity else {}
    asked |= {"from_ms": parsed(parse_time, since)} if since else {}
    asked |= {"to_ms": parsed(parse_time, until)} if until else {}
    with connected(load(data=data)) as api:
        told = _told(api, asked)
    if as_json:
        tell_json(told)
    else:
        _print(told)


def _protect(types: str, before: str, after: str) -> dict[str, Any]:
    told: dict[str, Any] = {"types": [name.strip() for name in types.split(",")]} if types else {}
    told |= {"before_ms": parsed(length_ms, before)} if before else {}
    return told | ({"after_ms": parsed(length_ms, after)} if after else {})


def _told(api: httpx.Client, asked: dict[str, Any]) -> dict[str, Any]:
    """The answer; how far it is is shown meanwhile."""
    with (
        progress_bar() as shown,
        api.stream("POST", "/retention/what-if", json=asked, headers={"Accept": _LINES}, timeout=600) as reply,
    ):
        if not reply.is_success:
            reply.read()
            return answer(reply)
        task = shown.add_task("history", total=None)
        for line in reply.iter_lines():
            told: dict[str, Any] = json.loads(line)
            if "answer" in told:
                found: dict[str, Any] = told["answer"]
                return found
            shown.update(task, completed=told["progress"]["done"], total=told["progress"]["cameras"])
    tell("sightlog: the answer was cut short; the journal of the API says why", err=True)
    raise typer.Exit(2)


def _print(told: dict[str, Any]) -> None:
    now_ms = told["to_ms"]
    shown = table("camera", "stored now", "would be", "everything", "episodes", "plain recorder", "saved")
    for one in rows_of(told, len(told["media"])):
        add_row(shown, one["media"], *_cells(one, now_ms))
    if len(told["media"]) != 1:
        shown.add_section()
        add_row(shown, f"{told['total']['cameras']} cameras", *_cells(told["total"], now_ms))
    print_wide(shown)
    tell(_room(told["room"]))
    if told["going"]:
        tell(f"Of what is stored {size(told['going_bytes'])} would go at once. First, or next:")
        print_wide(_going(told))


def _cells(one: dict[str, Any], now_ms: int) -> tuple[str, ...]:
    return (
        amount(one["stored_bytes"]), amount(one["kept_bytes"]), span(one["continuous_ms"]),
        ago(one["oldest_protected_ms"], now_ms), amount(one["plain_bytes"]), share(one["saving"]),
    )  # fmt: skip


def _room(room: dict[str, Any]) -> str:
    if room["source"] == "unlimited":
        return "Room: as much as it takes; the store was not measured, or only some cameras are asked about."
    other = f", of which {size(room['other_bytes'])} are no footage" if room["other_bytes"] else ""
    return f"Room: {size(room['capacity_bytes'])}, {room['source']}{other}."


def _going(told: dict[str, Any]) -> Table:
    shown = table("camera", "from", "to", "bytes", "because", "goes")
    for one in told["going"]:
        wait_ms = one["goes_ms"] - told["to_ms"]
        goes = f"in {length(wait_ms - wait_ms % 1000)}" if wait_ms >= 1000 else "at once"
        add_row(
            shown, one["media"], second(one["start_ms"]), second(one["end_ms"]), amount(one["size_bytes"]),
            one["reason"], goes,
        )  # fmt: skip
    return shown
