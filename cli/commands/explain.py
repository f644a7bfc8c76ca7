"""``sightlog explain``: why a minute is kept, gone or was never there."""

from pathlib import Path
from typing import Annotated, Any

import typer

from api.times import iso
from cli.client import answer, camera_path, connected
from cli.console import parsed
from cli.telling import tell, tell_json
from infra.clock import now_ms
from infra.settings import load
from producers.segments.ingest import parse_time

_TIME = "ISO 8601 (UTC unless it says) or ms"
_BEHIND_MS = 10_000


def explain(
    media: Annotated[str, typer.Argument(help="Name of the camera")],
    at: Annotated[str, typer.Argument(metavar="TIME", help=f"The moment: {_TIME}")],
    until: Annotated[
        str, typer.Argument(metavar="[TO]", help="Makes TIME the start of a window, and this its end")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of sentences")] = False,
    data: Annotated[Path | None, typer.Option(help="Folder of the running stack (SIGHTLOG_DATA)")] = None,
) -> None:
    """Why footage of a moment is kept, gone or was never there; of a window, stretch by stretch.

    Says which episode or lock holds it, which decision took it and under which policy, or why nothing was recorded.

    Examples:

        sightlog explain gate 2026-11-21T03:15:00Z

        sightlog explain gate 2026-11-21T03:00Z 2026-11-21T04:00Z
    """
    moment_ms = parsed(parse_time, at)
    asked = {"from_ms": moment_ms, "to_ms": parsed(parse_time, until)} if until else {"at_ms": moment_ms}
    with connected(load(data=data)) as api:
        found = answer(api.get(f"{camera_path(media)}/explain", params=asked))
    if as_json:
        tell_json(found)
        return
    for line in _stretches(found) if until else _moment(found):
        tell(line)
    if found["as_of_ms"] is None:
        tell("the log does not answer: what happened last may be missing", err=True)
    elif found["as_of_ms"] < now_ms() - _BEHIND_MS:
        tell(f"the tables are behind: what happened after {iso(found['as_of_ms'])} is missing", err=True)


def _moment(found: dict[str, Any]) -> list[str]:
    """A headline, then every reason."""
    return [
        f"{found['media']}, {iso(found['at_ms'])}: {found['state']}",
        *(f"  {one['text']}" for one in found["because"]),
    ]


def _stretches(found: dict[str, Any]) -> list[str]:
    """One line a stretch: what keeps or took it, and not that it was recorded, which its state says."""
    return [
        f"{iso(one['start_ms'])}  {iso(one['end_ms'])}  {one['state']:5}  {_main(one['because'])}"
        for one in found["stretches"]
    ]


def _main(because: list[dict[str, Any]]) -> str:
    """The first reason that says more than that something was recorded, and how many others there are."""
    telling = [one for one in because if one["kind"] != "stored"] or because
    more = f" (and {len(telling) - 1} more)" if len(telling) > 1 else ""
    return f"{telling[0]['text']}{more}"
