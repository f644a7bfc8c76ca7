"""``sightlog doctor``: what is wrong, and what to do."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from cli.checkup import examine
from cli.findings import Finding, Level
from infra.plain import plain
from infra.settings import load

_COLOURS = {Level.OK: "green", Level.WARN: "yellow", Level.FAIL: "bold red"}


def doctor(
    data: Annotated[Path | None, typer.Option(help="Folder of the stack (SIGHTLOG_DATA)")] = None,
) -> None:
    """Look at this machine, the servers and the services. Changes nothing.

    Exit code 0: nothing has failed. 1: something has; its line says what to do.

    Examples:

        sightlog doctor
        sightlog doctor --data /srv/sightlog
    """
    console = Console()
    failed = False
    for finding in examine(load(data=data)):
        console.print(line(finding), soft_wrap=True)
        failed = failed or finding.level is Level.FAIL
    if failed:
        raise typer.Exit(1)


def line(finding: Finding) -> Text:
    """``level  subject  what -> advice``; coloured on a terminal."""
    advice = f" -> {finding.advice}" if finding.advice else ""
    level = (f"{finding.level.value:<5}", _COLOURS[finding.level])
    return Text.assemble(level, plain(f"{finding.subject:<22}{finding.what}{advice}"))
