"""``sightlog run NAME``: one service against configured servers."""

from pathlib import Path
from typing import Annotated

import typer

from cli import services
from infra.settings import load


def run(
    name: Annotated[str, typer.Argument(help=services.listed())],
    data: Annotated[Path | None, typer.Option(help="Folder of the running stack (SIGHTLOG_DATA)")] = None,
) -> None:
    """Run one service in the foreground, for compose files and clusters.

    Servers come from SIGHTLOG_KAFKA, SIGHTLOG_CLICKHOUSE and SIGHTLOG_S3, or from a running `sightlog up`.

    Examples:

        sightlog run api
        SIGHTLOG_RECORDER_SHARD=0/4 sightlog run recorder
    """
    if name not in services.SERVICES:
        raise typer.BadParameter(f"{name!r} is not a service; one of: {', '.join(services.SERVICES)}")
    settings = load(data=data)
    settings.require_servers()
    services.run(name, settings)
