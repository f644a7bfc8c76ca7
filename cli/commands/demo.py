"""``sightlog demo``: the whole system with cameras that need no camera."""

from pathlib import Path
from typing import Annotated

import typer

from cli.commands import up
from infra.settings import Settings, load

QUICK = {"grace_ms": 30_000, "settle_ms": 15_000, "expire_ms": 30_000}
"""Where the operator says nothing: a visitor sees in minutes what takes hours elsewhere."""


def demo(
    data: Annotated[Path | None, typer.Option(help="Folder that keeps everything (SIGHTLOG_DATA)")] = None,
    port: up.Port = None,
    smtp_port: up.SmtpPort = None,
) -> None:
    """Start everything with four demo cameras, print the page's address and a login; Ctrl-C stops it.

    These cameras keep two minutes of everything, and beyond them what was marked: within minutes some of it goes, and
    `sightlog retention report` and `sightlog explain` say what was saved, and why.

    Examples:

        sightlog demo
        sightlog demo --data /tmp/look --port 0
    """
    up.start(hurried(load(data=data, api_port=port, smtp_port=smtp_port)), with_demo=True)


def hurried(settings: Settings) -> Settings:
    """The same with short waits before footage goes, where none were given."""
    return settings.model_copy(update={name: ms for name, ms in QUICK.items() if name not in settings.model_fields_set})
