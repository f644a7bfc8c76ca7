"""``sightlog group``: what users may do with cameras."""

from collections.abc import Callable
from operator import itemgetter
from pathlib import Path
from typing import Annotated, Any

import typer

from api.retention.words import length
from api.written import length_ms
from cli import people
from cli.client import answer, connected, pages
from cli.console import parsed
from cli.listed import Cell, print_listed
from cli.telling import tell
from infra.settings import load

ABOUT = "Groups: users and cameras are in groups, and a user may do with a camera what the groups they share allow."

Data = Annotated[Path | None, typer.Option(help="Folder of the running stack (SIGHTLOG_DATA)")]
Name = Annotated[str, typer.Argument(metavar="GROUP", help="Lower-case letters, digits and . _ -")]
Title = Annotated[str | None, typer.Option(help="Name for people")]
Live = Annotated[bool | None, typer.Option(help="Watch what happens now (usual)")]
Archive = Annotated[bool | None, typer.Option(help="Watch what was recorded (usual)")]
Depth = Annotated[str | None, typer.Option(help="How far back: 7d, 12h …; all")]
Export = Annotated[bool | None, typer.Option(help="Take footage away as files")]
Protect = Annotated[bool | None, typer.Option(help="Lock footage, mark it, take deletions back")]
Configure = Annotated[bool | None, typer.Option(help="Change its cameras")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of a table")]
_RIGHTS = ("live", "archive", "export", "protect", "configure")
_FIELDS = ("title", *_RIGHTS, "archive_depth_ms")


def add(
    group: Name,
    title: Title = None,
    live: Live = None,
    archive: Archive = None,
    depth: Depth = None,
    export: Export = None,
    protect: Protect = None,
    configure: Configure = None,
    data: Data = None,
) -> None:
    """Add a group. Unless you say otherwise its members watch, live and back to the first footage, and no more.

    Examples:

        sightlog group add yard --title "Yard" --depth 7d

        sightlog group add police --no-live --export
    """
    given = _given(title, live, archive, depth, export, protect, configure)
    with connected(load(data=data)) as api:
        where = people.path("groups", group)
        people.require_new(people.stored(api, where), "group", group)
        done = people.changed(api, where, {}, _FIELDS, given)
    tell(f"added {group}: {_may(done)}")


def set_(
    group: Name,
    title: Title = None,
    live: Live = None,
    archive: Archive = None,
    depth: Depth = None,
    export: Export = None,
    protect: Protect = None,
    configure: Configure = None,
    data: Data = None,
) -> None:
    """Change what is named of a group; the rest stays. It counts within a second.

    Examples:

        sightlog group set yard --protect --depth 30d

        sightlog group set yard --depth all
    """
    given = _given(title, live, archive, depth, export, protect, configure)
    with connected(load(data=data)) as api:
        where = people.path("groups", group)
        before = people.stored(api, where)
        people.require_known(before, "group", group)
        kept = {name: value for name, value in before.items() if not (name == "archive_depth_ms" and depth)}
        done = people.changed(api, where, kept, _FIELDS, given)
    tell(f"changed {group}: {_may(done)}")


def list_(as_json: AsJson = False, data: Data = None) -> None:
    """List the groups, with what they allow, who is in them, and how many cameras are.

    Examples:

        sightlog group list
    """
    with connected(load(data=data)) as api:
        found = pages(api, "/groups", "groups")
    columns: dict[str, Cell] = {
        "group": itemgetter("group"), "title": itemgetter("title"), "may": _may,
        "users": lambda one: ", ".join(one["users"]), "cameras": lambda one: str(one["cameras"]),
    }  # fmt: skip
    print_listed(found, columns, "no groups", as_json, ("cameras",))


def remove(group: Name, data: Data = None) -> None:
    """Take a group away; its rights end, and users and cameras are no longer in it.

    Examples:

        sightlog group remove yard
    """
    with connected(load(data=data)) as api:
        answer(api.delete(people.path("groups", group)))
    tell(f"removed {group}")


WORDS: dict[str, Callable[..., Any]] = {"add": add, "list": list_, "set": set_, "remove": remove}


def _given(
    title: str | None, live: bool | None, archive: bool | None, depth: str | None, export: bool | None,
    protect: bool | None, configure: bool | None,
) -> dict[str, Any]:  # fmt: skip
    depth_ms = parsed(length_ms, depth) if depth and depth != "all" else None
    return {
        "title": title, "live": live, "archive": archive, "archive_depth_ms": depth_ms, "export": export,
        "protect": protect, "configure": configure,
    }  # fmt: skip


def _may(group: dict[str, Any]) -> str:
    depth_ms = group["archive_depth_ms"]
    depth = "" if depth_ms is None else f" {length(depth_ms)}"
    told = [name + (depth if name == "archive" else "") for name in _RIGHTS if group[name]]
    return ", ".join(told) or "nothing"
