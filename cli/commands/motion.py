"""``sightlog motion``: how motion is sought, tried on a file by looking, and explained for a moment of the past."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from api import motion_text
from api.camera_config import BadConfig, configured
from cli import cameras
from cli.client import answer, camera_path, connected
from cli.console import add_row, parsed
from cli.motion_settings import values
from cli.telling import tell_json
from infra.settings import Settings, load
from producers.segments.ingest import parse_time
from schemas.facts import MotionConfig

ABOUT = "Motion: how it is sought, tried on a file by looking, and explained."

Data = Annotated[Path | None, typer.Option(help="Folder of the running stack (SIGHTLOG_DATA)")]
Name = Annotated[str, typer.Argument(help="Name of the camera")]
Sets = Annotated[
    list[str] | None, typer.Option("--set", help=f"NAME=VALUE, several allowed; {', '.join(motion_text.FORMS)}")
]
Profile = Annotated[str | None, typer.Option(help="coarse, standard or thorough")]
WhichDetector = Annotated[str | None, typer.Option("--detector", help="NAME@VERSION: cascade@1, mog2@1")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of a table")]


def set_motion(
    media: Name, sets: Sets = None, profile: Profile = None, which: WhichDetector = None, data: Data = None
) -> None:
    """Change how motion is sought in a camera's footage, from the next segment on; the rest stays as it was.

    An empty value is the default. A zone is NAME:x,y x,y x,y in shares of the picture from its top left corner, then
    what is its own: mask, sensitivity=70, min_area=0.2%. Several zones or hours are separated by |.

    Examples:

        sightlog motion set gate --profile thorough --set sensitivity=70

        sightlog motion set gate --set 'zones=door:.1,.3 .4,.3 .4,1 .1,1|tree:.7,0 1,0 1,.5 mask'

        sightlog motion set gate --set 'schedule=mon-fri 18:00-07:00|sat,sun 00:00-24:00' --set join=10s

        sightlog motion set gate --set enabled=no
    """
    given = values(sets, profile, which)
    with connected(load(data=data)) as api:
        before = answer(api.get(camera_path(media)))
        after = cameras.changed(api, media, before, {"motion": before["motion"] | given})
    _show(after["motion"])


def show(media: Name, as_json: AsJson = False, data: Data = None) -> None:
    """How motion is sought in a camera's footage, as `motion set` takes it.

    Examples:

        sightlog motion show gate

        sightlog motion show gate --json | jq .sensitivity
    """
    with connected(load(data=data)) as api:
        motion = answer(api.get(camera_path(media)))["motion"]
    if as_json:
        tell_json(motion)
    else:
        _show(motion)


def try_file(
    file: Annotated[Path, typer.Argument(help="A video file", exists=True, dir_okay=False)],
    sets: Sets = None,
    profile: Profile = None,
    which: WhichDetector = None,
    camera: Annotated[str | None, typer.Option(help="Begin with this camera's settings")] = None,
    start: Annotated[str, typer.Option(help="When it begins, ISO 8601: only then does the schedule count")] = "",
    out: Annotated[Path, typer.Option(help="Folder for the pictures", file_okay=False)] = Path(),
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Look at a file as the archive would, print what moved, and write two pictures of it. Nothing is stored.

    NAME.motion.jpg shows the strongest moment of each episode: red is what counts, amber what is too weak, green the
    zones, dark the masks. NAME.motion.png shows the scores over time: grey what moved anywhere, amber what counts, the
    bands what became motion. Nothing need run, except for --camera.

    Examples:

        sightlog motion try evening.mp4

        sightlog motion try evening.mp4 --set sensitivity=70 --profile thorough --out /tmp

        sightlog motion try evening.mp4 --camera gate --set 'zones=door:.1,.3 .4,.3 .4,1 .1,1' --json
    """
    from cli.motion import trying  # the libraries of pictures cost every other command a second

    settings = load(data=data)
    config = _config(settings, camera, values(sets, profile, which))
    trying.run(file, config, settings, parsed(parse_time, start) if start else None, out, as_json)


def explain(
    media: Name,
    time: Annotated[str, typer.Argument(help="The moment: ISO 8601 (UTC unless it says) or ms")],
    again: Annotated[bool, typer.Option("--again", help="Look at the footage once more, as it was then")] = False,
    sets: Sets = None,
    out: Annotated[Path, typer.Option(help="Folder for the picture of --again", file_okay=False)] = Path(),
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """What each level saw of a moment, and why it is motion or not.

    Of every look: when, by which level, how much moved anywhere, and how much of it counts by zones and sensitivity;
    then the grid of the look that is nearest. With --again the footage is looked at once more and every step told; the
    picture shows what moved. --set looks with other settings, and changes none.

    Examples:

        sightlog motion explain gate 2026-11-20T18:00:07Z

        sightlog motion explain gate 1763661607000 --again --set sensitivity=80 --out /tmp
    """
    from cli.motion import explaining  # the libraries of pictures cost every other command a second

    settings, at_ms = load(data=data), parsed(parse_time, time)
    found = explaining.verdicts(settings, media, at_ms)
    if again or sets:
        explaining.anew(settings, media, found[-1], values(sets, None, None), at_ms, out)
    else:
        explaining.stored(found, at_ms, as_json)


WORDS: dict[str, Callable[..., Any]] = {"set": set_motion, "show": show, "try": try_file, "explain": explain}


def _config(settings: Settings, camera: str | None, given: dict[str, Any]) -> MotionConfig:
    """The camera's settings, or the usual ones, with these changed."""
    known: dict[str, Any] = {}
    if camera:
        with connected(settings) as api:
            known = answer(api.get(camera_path(camera)))["motion"]
    try:
        return configured("any", {"motion": known | given}, 0, "").motion
    except BadConfig as error:
        raise typer.BadParameter(str(error)) from None


def _show(motion: dict[str, Any]) -> None:
    usual = dict(motion_text.shown(MotionConfig()))
    table = Table("setting", "value", "usually", box=SIMPLE, pad_edge=False)
    for name, text in motion_text.shown(msgspec.convert(motion, MotionConfig)):
        add_row(table, name, text.split("|") if text else "-", "" if text == usual[name] else usual[name] or "-")
    Console().print(table)
