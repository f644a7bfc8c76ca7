"""``sightlog reprocess``: the past looked at again, beside the verdicts that count."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import httpx
import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from cli.client import answer, connected, pages
from cli.commands.motion import Profile, Sets, WhichDetector
from cli.compared import compared
from cli.console import add_row, parsed, progress_bar
from cli.motion_settings import values
from cli.telling import tell, tell_json
from infra.clock import monotonic_s, now_ms, sleep_s
from infra.settings import load
from producers.segments.ingest import parse_time

ABOUT = "Look at the past again: another detector, other settings; compare, then promote or drop."

Data = Annotated[Path | None, typer.Option(help="Folder of the running stack (SIGHTLOG_DATA)")]
Name = Annotated[str, typer.Argument(help="Name of the run: a-z, 0-9 and -")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of a table")]
Wait = Annotated[bool, typer.Option("--wait", help="Show how far it is until it is done")]
_LOOK_S = 0.5
_SHOWN_S = 60.0
"""A run that was accepted may be missing from the tables for so long, on a busy machine."""
_OVER = {"done", "promoted", "dropped"}


def start(
    run: Name,
    since: Annotated[str, typer.Option("--from", help="Footage from here: ISO 8601 (UTC unless it says) or ms")],
    until: Annotated[str, typer.Option("--to", help="To here; until now if left out")] = "",
    media: Annotated[str, typer.Option(help="Cameras, with commas; every camera if left out")] = "",
    which: WhichDetector = None,
    sets: Sets = None,
    profile: Profile = None,
    looks: Annotated[bool, typer.Option("--looks", help="Judge stored looks anew; read no footage")] = False,
    wait: Wait = False,
    data: Data = None,
) -> None:
    """Look at recorded footage again. What is not set is as each camera has it.

    The verdicts stand beside those that count, under the run's name, and change nothing until it is promoted. Every
    processor:motion takes part, while it has no live footage to look at. With --looks what was seen is kept and only
    judged anew, in seconds: for zones, sensitivity and sizes.

    Examples:

        sightlog reprocess start night-mog2 --from 2026-11-20T18:00Z --to 2026-11-21T06:00Z --detector mog2@1

        sightlog reprocess start less-tree --media gate,yard --from 2026-11-14 --set min_area=0.4% --looks --wait
    """
    asked: dict[str, Any] = {
        "run": run, "from_ms": parsed(parse_time, since), "to_ms": parsed(parse_time, until) if until else now_ms(),
        "settings": values(sets, profile), "evidence": "looks" if looks else "footage",
    }  # fmt: skip
    asked |= {"media": [name.strip() for name in media.split(",")]} if media else {}
    with connected(load(data=data)) as api:
        found = answer(api.post("/reprocess", json=asked | ({"detector": which} if which else {})))
        if wait:
            found = _waited(api, run)
    tell(_line(found))


def list_(as_json: AsJson = False, data: Data = None) -> None:
    """List the runs, newest first, and how far each is.

    Examples:

        sightlog reprocess list
    """
    with connected(load(data=data)) as api:
        found = pages(api, "/reprocess", "runs")
    if as_json:
        tell_json(found)
        return
    table = Table(box=SIMPLE, pad_edge=False)
    for heading in ("run", "state", "done", "cameras", "from", "to", "by", "sets"):
        table.add_column(heading, no_wrap=heading in ("run", "state", "done"), overflow="fold")
    for one in found:
        add_row(
            table, one["run"], one["state"], _share(one), ", ".join(one["media"]) or "all", _time(one["from_ms"]),
            _time(one["to_ms"]), _by(one), _sets(one),
        )  # fmt: skip
    Console().print(table)


def show(run: Name, as_json: AsJson = False, data: Data = None) -> None:
    """How far a run is, and what it found beside what counts now, by camera.

    A stretch is motion that no pause of 3 s breaks: about an episode.

    Examples:

        sightlog reprocess show less-tree

        sightlog reprocess show less-tree --json | jq '.cameras.gate'
    """
    with connected(load(data=data)) as api:
        found = answer(api.get(_path(run)))
        cameras = compared(api, found)
    if as_json:
        tell_json(found | {"cameras": cameras})
        return
    tell(_line(found))
    table = Table(box=SIMPLE, pad_edge=False)
    for heading in ("camera", "segments", "motion", "stretches", "unreadable"):
        table.add_column(heading, justify="left" if heading == "camera" else "right")
    for media, sides in cameras.items():
        live, again = sides["live"], sides["run"]
        add_row(
            table, media, _change(live["segments"], again["segments"]),
            _change(_length(live["motion_ms"]), _length(again["motion_ms"])),
            _change(live["stretches"], again["stretches"]), _change(live["unreadable"], again["unreadable"]),
        )  # fmt: skip
    Console().print(table)


def promote(run: Name, wait: Wait = False, data: Data = None) -> None:
    """Let the verdicts of a run that is done count: its episodes replace those of the same footage.

    An episode that is replaced stays readable, with the label `superseded`. Where the run could not look at all of an
    episode's footage, the episode stands as it was.

    Examples:

        sightlog reprocess promote less-tree
    """
    with connected(load(data=data)) as api:
        found = answer(api.post(f"{_path(run)}/promote"))
        if wait:
            found = _waited(api, run)
    tell(_line(found))


def drop(run: Name, data: Data = None) -> None:
    """Give a run up: nobody goes on with it, and its verdicts are not shown any more.

    Examples:

        sightlog reprocess drop night-mog2
    """
    with connected(load(data=data)) as api:
        answer(api.delete(_path(run)))
    tell(f"{run} is dropped")


WORDS: dict[str, Callable[..., Any]] = {"start": start, "list": list_, "show": show, "promote": promote, "drop": drop}


def _waited(api: httpx.Client, run: str) -> dict[str, Any]:
    """The run, which was accepted, once there is nothing more to do for it; its progress is shown meanwhile."""
    shown_by_s = monotonic_s() + _SHOWN_S
    with progress_bar() as shown:
        task = shown.add_task(run, total=1.0)
        while True:
            reply = api.get(_path(run))
            if reply.status_code == httpx.codes.NOT_FOUND and monotonic_s() < shown_by_s:
                sleep_s(_LOOK_S)
                continue
            found = answer(reply)
            shown.update(task, completed=found["progress"]["share"])
            if found["state"] in _OVER:
                return found
            sleep_s(_LOOK_S)


def _path(run: str) -> str:
    return f"/reprocess/{quote(run, safe='')}"


def _line(run: dict[str, Any]) -> str:
    cameras = ", ".join(run["media"]) or "every camera"
    spans = f"{_time(run['from_ms'])} to {_time(run['to_ms'])} UTC"
    return f"{run['run']}: {run['state']}, {_share(run)}; {_by(run)}, {cameras}, {spans}{_sets(run, '; ')}"


def _by(run: dict[str, Any]) -> str:
    return "stored looks" if run["evidence"] == "looks" else f"footage by {run['detector']}"


def _sets(run: dict[str, Any], before: str = "") -> str:
    told = ", ".join(f"{name}={json.dumps(value)}" for name, value in run["settings"].items())
    return before + told if told else ""


def _share(run: dict[str, Any]) -> str:
    return f"{100 * run['progress']['share']:.0f} %"


def _time(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _length(ms: int) -> str:
    return f"{ms / 1000:.0f} s" if ms < 120_000 else f"{ms / 60_000:.1f} min"


def _change(live: object, again: object) -> str:
    return f"{live} -> {again}"
