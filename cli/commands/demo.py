"""``sightlog demo``: the whole system with cameras that need no camera."""

from pathlib import Path
from typing import Annotated

import typer

from cli.commands import up
from infra.settings import load


def demo(
    data: Annotated[Path | None, typer.Option(help="Folder that keeps everything (SIGHTLOG_DATA)")] = None,
    port: up.Port = None,
    smtp_port: up.SmtpPort = None,
) -> None:
    """Start everything with four demo cameras, print the page's address and a login; Ctrl-C stops it.

    Examples:

        sightlog demo
        sightlog demo --data /tmp/look --port 0
    """
    up.start(load(data=data, api_port=port, smtp_port=smtp_port), with_demo=True)
