"""``sightlog audit``: who did what."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from api.times import iso
from cli.client import answer, connected
from cli.console import parsed
from cli.telling import tell, tell_json
from infra.clock import sleep_s
from infra.settings import load
from producers.segments.ingest import parse_time

_LOOK_S = 2.0
_PAGE = 1000


def audit(
    user: Annotated[str, typer.Option(help="Only what this user did; admin-token: what was done with it")] = "",
    media: Annotated[str, typer.Option(help="Only what was done with this camera, or several with commas")] = "",
    action: Annotated[str, typer.Option(help="viewed, exported, deleted, …; or several with commas")] = "",
    since: Annotated[str, typer.Option("--from", help="From here: ISO 8601 or ms")] = "",
    until: Annotated[str, typer.Option("--to", help="Before this")] = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="At most so many, the latest")] = 50,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what is done from now on")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line")] = False,
    data: Annotated[Path | None, typer.Option(help="Folder of the running stack (SIGHTLOG_DATA)")] = None,
) -> None:
    """Who signed in, watched, took away, protected and changed what; the latest last.

    What is only watched is told once a minute; everything else at once.

    Examples:

        sightlog audit --user anna --from 2026-11-20T00:00Z

        sightlog audit --action exported,shared,deleted --follow
    """
    asked = {"user": user, "media": media, "action": action} | {
        name: str(parsed(parse_time, text)) for name, text in (("from_ms", since), ("to_ms", until)) if text
    }
    asked = {name: value for name, value in asked.items() if value}
    with connected(load(data=data)) as api:
        found = _latest(api, asked, limit)
        for one in reversed(found):
            _tell(one, as_json)
        if not follow:
            return
        for one in _coming(api, asked, found):
            _tell(one, as_json)


def _tell(one: dict[str, Any], as_json: bool) -> None:
    if as_json:
        tell_json(one, indent=None)
    else:
        tell(line(one))


def line(one: dict[str, Any]) -> str:
    """``when  who  action  camera, what it was done to, which footage, in words``."""
    told = [one["media"], one["subject"], _stretch(one), " ".join(one["detail"].split())]
    peer = f"from {one['peer']}" if one["peer"] else ""
    return f"{iso(one['at_ms'])}  {one['who']:<16} {one['action']:<15} {', '.join(filter(None, [*told, peer]))}"


def _stretch(one: dict[str, Any]) -> str:
    return f"{iso(one['from_ms'])} to {iso(one['to_ms'])}" if one["from_ms"] is not None else ""


def _latest(api: httpx.Client, asked: dict[str, str], limit: int) -> list[dict[str, Any]]:
    """The latest first."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while len(found) < limit:
        most = str(min(_PAGE, limit - len(found)))
        page = answer(api.get("/audit", params=asked | cursor | {"limit": most}))
        found += page["actions"]
        if not page["next"]:
            break
        cursor = {"cursor": page["next"]}
    return found


def _coming(api: httpx.Client, asked: dict[str, str], known: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What is done from now on, the earliest first. What was watched is told late, so each look goes back a while."""
    seen = {one["action_id"]: one["at_ms"] for one in known}
    while True:
        newest_ms = max(seen.values(), default=0)
        since_ms = max(int(asked.get("from_ms", 0)), newest_ms - 120_000)
        for one in reversed(_latest(api, asked | {"from_ms": str(since_ms)}, _PAGE)):
            if one["action_id"] not in seen:
                seen[one["action_id"]] = one["at_ms"]
                yield one
        seen = {action_id: at_ms for action_id, at_ms in seen.items() if at_ms >= since_ms}
        sleep_s(_LOOK_S)
