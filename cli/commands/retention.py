"""``sightlog retention``: what goes, and taking it back."""

from collections.abc import Callable
from operator import itemgetter
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from api.times import iso
from cli.client import answer, connected
from cli.console import parsed
from cli.listed import Cell, print_listed
from cli.retention import report, what_if
from cli.telling import tell
from infra.settings import load
from schemas import media as media_names

ABOUT = "What goes and why; taking it back; trying another policy."

Data = Annotated[Path | None, typer.Option(help="Folder of the running stack (SIGHTLOG_DATA)")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of a table")]


def upcoming(
    media: Annotated[str, typer.Argument(help="Cameras, with commas; every camera if left out")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many, the next to go first")] = 50,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """What goes next: decisions to delete that can still be taken back, the next first.

    Examples:

        sightlog retention upcoming

        sightlog retention upcoming gate,yard --json | jq -r '.[].expiration_id'
    """
    asked: dict[str, Any] = {"state": "expired", "limit": limit} | ({"media": media} if media else {})
    with connected(load(data=data)) as api:
        found = answer(api.get("/expirations", params=asked))["expirations"]
    columns: dict[str, Cell] = {
        "camera": itemgetter("media"), "from": lambda one: iso(one["start_ms"]), "to": lambda one: iso(one["end_ms"]),
        "MB": lambda one: f"{one['size_bytes'] / 1e6:.1f}", "goes after": lambda one: iso(one["delete_after_ms"]),
        "because": lambda one: str(one["detail"] or one["reason"]), "id": itemgetter("expiration_id"),
    }  # fmt: skip
    print_listed(found, columns, "nothing waits to be deleted", as_json, numbers=("MB",))


def restore(
    ids: Annotated[list[str], typer.Argument(help="Ids, as `upcoming` and `explain` show them")],
    media: Annotated[str, typer.Option(help="Camera, where several have the id")] = "",
    data: Data = None,
) -> None:
    """Take decisions to delete back: the footage stays as if it had been recorded now.

    Exit code 1 when one came too late, or was not answered in time; `sightlog explain` says what became of it.

    Examples:

        sightlog retention restore 10817353012398764012

        sightlog retention restore $(sightlog retention upcoming gate --json | jq -r '.[].expiration_id')
    """
    asked = {"media": parsed(media_names.normalise, media)} if media else {}
    with connected(load(data=data)) as api:
        states = [_restored(one, api.post(f"/expirations/{one}/restore", params=asked)) for one in ids]
    if any(state != "restored" for state in states):
        raise typer.Exit(1)


def _restored(expiration_id: str, response: httpx.Response) -> str:
    """What became of it, in a line of its own: others may fare better."""
    if response.status_code == httpx.codes.CONFLICT:
        tell(f"{expiration_id}: {response.json()['detail']}", err=True)
        return "ordered"
    found = answer(response)
    span = f"{found['media']}, {iso(found['start_ms'])} to {iso(found['end_ms'])}"
    told = {"restored": "stays", "requested": "asked for, not answered yet"}[found["state"]]
    tell(f"{expiration_id}: {told}: {span}")
    return str(found["state"])


WORDS: dict[str, Callable[..., Any]] = {
    "upcoming": upcoming, "restore": restore, "report": report.report, "what-if": what_if.what_if,
}  # fmt: skip
"""What ``sightlog retention`` can do."""
