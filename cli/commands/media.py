"""``sightlog media``: cameras, through the API."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from api.retention.words import length
from api.written import length_ms, size_bytes
from cli import cameras, people
from cli.client import answer, camera_path, connected, pages
from cli.console import add_row, parsed, typed
from cli.telling import tell, tell_json
from infra.settings import load

ABOUT = "Add, list, remove and import cameras."

Data = Annotated[Path | None, typer.Option(help="Folder of the running stack (SIGHTLOG_DATA)")]


def add(
    name: Annotated[str, typer.Argument(help="Letters and digits of any script, then also . _ -")],
    source: Annotated[str | None, typer.Option(help="rtsp://… or http://… URL, a file, or /dev/videoN")] = None,
    title: Annotated[str | None, typer.Option(help="What people call it")] = None,
    depth: Annotated[str | None, typer.Option(help="Continuous archive: 6h, 2d …")] = None,
    keep: Annotated[str | None, typer.Option(help="How long episodes may live beyond depth: 30d …")] = None,
    quota: Annotated[str | None, typer.Option(help="Most bytes this camera may hold: 500G …")] = None,
    catch: Annotated[list[str] | None, typer.Option(help="Word that makes a mail an alarm; several allowed")] = None,
    label: Annotated[list[str] | None, typer.Option(help="Word to find cameras by; several allowed")] = None,
    group: Annotated[
        list[str] | None, typer.Option(help="Group whose members may see it; several allowed, '' for none")
    ] = None,
    folder: Annotated[str | None, typer.Option(help="Where it stands in lists: site/floor")] = None,
    audio: Annotated[bool | None, typer.Option(help="Record sound")] = None,
    enabled: Annotated[bool | None, typer.Option(help="Record at all")] = None,
    mail_login: Annotated[str | None, typer.Option(help="Login of its own for its mails")] = None,
    mail_password: Annotated[str | None, typer.Option(help="Its password; - reads it from the input")] = None,
    mail_alias: Annotated[
        list[str] | None, typer.Option(help="Another name its mails go by, NAME or NAME#CHANNEL; several allowed")
    ] = None,
    time_zone: Annotated[str | None, typer.Option(help="Zone of its own clock: Europe/Warsaw …")] = None,
    data: Data = None,
) -> None:
    """Add a camera, or change what is named of one that exists; recording follows within a second.

    Examples:

        sightlog media add gate --source rtsp://user:password@192.168.1.20/stream1 --depth 2d

        sightlog media add gate --no-audio

        sightlog media add gate --group yard --folder site/yard

        sightlog media add lobby --source /dev/video0 --catch motion --catch person

        sightlog media add yard --mail-alias nvr#3 --mail-login nvr --mail-password - < password.txt
    """
    given = {
        "source": _absolute(source), "title": title, "depth_ms": depth and parsed(length_ms, depth),
        "keep_ms": keep and parsed(length_ms, keep), "quota_bytes": quota and parsed(size_bytes, quota), "catch": catch,
        "labels": label, "audio": None if audio is None else "keep" if audio else "drop", "enabled": enabled,
        "mail_login": mail_login, "mail_password": typed(mail_password), "mail_aliases": mail_alias,
        "time_zone": time_zone, "folder": folder,
        "groups": None if group is None else [name for name in group if name],
    }  # fmt: skip
    with connected(load(data=data)) as api:
        stored = cameras.stored(api, name)
        camera = cameras.changed(api, name, stored, {key: value for key, value in given.items() if value is not None})
    tell(f"{'changed' if stored else 'added'} {camera['media']}: {camera['source'] or 'no source'}")


def list_media(
    folder: Annotated[str, typer.Option(help="Only in this folder and below it")] = "",
    group: Annotated[str, typer.Option(help="Only of this group")] = "",
    status: Annotated[str, typer.Option(help="Only those that are recording, lost, or never recorded")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array instead of a table")] = False,
    data: Data = None,
) -> None:
    """List the cameras.

    Examples:

        sightlog media list

        sightlog media list --folder site/yard --status lost

        sightlog media list --json | jq -r '.[] | select(.status == "lost").media'
    """
    with connected(load(data=data)) as api:
        asked = {"folder": folder, "group": group, "status": status}
        found = pages(api, "/media", "media", **{name: value for name, value in asked.items() if value})
    if as_json:
        tell_json(found)
        return
    table = Table()
    for heading in ("camera", "source", "status", "depth", "title", "folder", "groups"):
        table.add_column(heading, overflow="fold")
    for camera in found:
        source, depth = camera.get("source") or "-", length(camera["depth_ms"])
        told = (camera["media"], source, camera["status"], depth, camera["title"], camera["folder"])
        add_row(table, *told, ", ".join(camera["groups"]))
    Console().print(table)


def remove(name: Annotated[str, typer.Argument(help="Name of the camera")], data: Data = None) -> None:
    """Take a camera away. Its footage stays until retention takes it.

    Examples:

        sightlog media remove gate
    """
    with connected(load(data=data)) as api:
        answer(api.delete(camera_path(name)))
    tell(f"removed {name}")


def import_csv(
    file: Annotated[Path, typer.Argument(help="CSV with a header: media,source,title,depth,…", exists=True)],
    data: Data = None,
) -> None:
    """Add and change cameras from a CSV file, by name, all or nothing.

    Examples:

        sightlog media import cameras.csv
    """
    with connected(load(data=data)) as api:
        tell(people.send_csv(api, "/media/import", file.read_bytes()))


WORDS: dict[str, Callable[..., Any]] = {"add": add, "list": list_media, "remove": remove, "import": import_csv}


def _absolute(source: str | None) -> str | None:
    """A file's address must mean the same to the recorder, which runs elsewhere."""
    if source and "://" not in source and Path(source).exists():
        return str(Path(source).absolute())
    return source
