"""``sightlog lock``: footage that stays whatever happens, until somebody gives it back."""

from collections.abc import Callable
from operator import itemgetter
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from api.times import iso
from cli.client import answer, camera_path, connected, pages
from cli.console import parsed
from cli.endings import ending
from cli.listed import Cell, print_listed
from cli.telling import tell, tell_json
from infra.settings import load
from producers.segments.ingest import parse_time

ABOUT = "Footage that stays whatever happens: lock it, look at the locks, give them back."

Data = Annotated[Path | None, typer.Option(help="Folder of the running stack (SIGHTLOG_DATA)")]
Id = Annotated[str, typer.Argument(help="Id of the lock, as `add` and `list` show it")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of a table")]
_STANDING = ("requested", "held")


def add(
    media: Annotated[str, typer.Argument(help="Name of the camera")],
    since: Annotated[
        str, typer.Argument(metavar="FROM", help="Footage from here: ISO 8601 (UTC unless it says) or ms")
    ],
    until: Annotated[str, typer.Argument(metavar="TO", help="To here; may be in the future")],
    reason: Annotated[str, typer.Option(help="Why, for whoever finds the lock later")],
    ends: Annotated[str, typer.Option("--until", help="The lock ends by itself then: a time, or 30d from now")] = "",
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Keep a stretch of footage until the lock is given back, whatever room is needed.

    The receipt says of every stretch whether it is kept. `covered`: it is, or will be once it is recorded. `gone`:
    there is nothing to keep. `partial`: it was about to be deleted, and nobody knows yet; `show` asks again.

    Examples:

        sightlog lock add gate 2026-11-20T18:00Z 2026-11-20T18:30Z --reason "police, 12/3"

        sightlog lock add gate 2026-11-20T18:00Z 2026-11-21T06:00Z --reason "insurance" --until 90d
    """
    asked: dict[str, Any] = {"from_ms": parsed(parse_time, since), "to_ms": parsed(parse_time, until), "reason": reason}
    asked |= {"until_ms": parsed(ending, ends)} if ends else {}
    with connected(load(data=data)) as api:
        found = answer(api.post(f"{camera_path(media)}/locks", json=asked))
    if as_json:
        tell_json(found)
        return
    tell(f"{found['media']} is locked: {found['lock_id']}")
    _show_receipt(found)


def list_(
    media: Annotated[str, typer.Argument(help="Name of a camera; every camera if left out")] = "",
    ended: Annotated[bool, typer.Option("--all", help="Also those that were given back or have ended")] = False,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """List the locks that stand, those asked for last first.

    Examples:

        sightlog lock list

        sightlog lock list gate --all
    """
    path = f"{camera_path(media)}/locks" if media else "/locks"
    with connected(load(data=data)) as api:
        found = [one for one in pages(api, path, "locks") if ended or one["state"] in _STANDING]
    columns: dict[str, Cell] = {
        "camera": itemgetter("media"), "from": lambda one: iso(one["from_ms"]), "to": lambda one: iso(one["to_ms"]),
        "state": itemgetter("state"), "until": _until, "by": itemgetter("requested_by"),
        "reason": itemgetter("reason"), "id": itemgetter("lock_id"),
    }  # fmt: skip
    print_listed(found, columns, "no locks", as_json)


def show(lock_id: Id, as_json: AsJson = False, data: Data = None) -> None:
    """Everything about one lock, and what it keeps as of now.

    Examples:

        sightlog lock show 7311240972417630210
    """
    with connected(load(data=data)) as api:
        found = answer(api.get(_path(lock_id)))
    if as_json:
        tell_json(found)
        return
    tell(f"{found['media']}, {iso(found['from_ms'])} to {iso(found['to_ms'])}: {found['reason']}")
    tell(f"asked for {iso(found['requested_ms'])} by {found['requested_by']}; ends: {_until(found)}")
    gone = f", {iso(found['released_ms'])} by {found['released_by']}" if found["released_ms"] else ""
    tell(f"{found['state']}{gone}")
    _show_receipt(found)


def release(lock_id: Id, data: Data = None) -> None:
    """Give a lock back. What nothing else keeps is footage like any other from now on.

    Examples:

        sightlog lock release 7311240972417630210
    """
    with connected(load(data=data)) as api:
        answer(api.delete(_path(lock_id)))
    tell(f"{lock_id} is given back")


WORDS: dict[str, Callable[..., Any]] = {"add": add, "list": list_, "show": show, "release": release}


def _show_receipt(told: dict[str, Any]) -> None:
    for one in told["receipt"]:
        tell(f"  {one['status']:<8} {iso(one['from_ms'])} to {iso(one['to_ms'])}  {one['because']}")
    if note := told.get("note"):
        tell(f"sightlog: {note}", err=True)


def _until(lock: dict[str, Any]) -> str:
    return iso(lock["until_ms"]) if lock["until_ms"] else "never"


def _path(lock_id: str) -> str:
    return f"/locks/{quote(lock_id, safe='')}"
