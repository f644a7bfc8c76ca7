"""``sightlog up``: the whole system on this machine, in the foreground."""

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from cli import demo_login, services
from cli.console import say
from cli.telling import tell
from infra.embedded.parts import Part
from infra.embedded.probes import http_ok
from infra.embedded.serve import Plan, serve
from infra.private import write_private
from infra.settings import Settings, load

Port = Annotated[int | None, typer.Option(help="Port of the page and the API; 0 picks a free one")]
SmtpPort = Annotated[int | None, typer.Option(help="Port that takes the cameras' mail; 0 picks a free one")]


def up(
    data: Annotated[Path | None, typer.Option(help="Folder that keeps everything (SIGHTLOG_DATA)")] = None,
    port: Port = None,
    smtp_port: SmtpPort = None,
) -> None:
    """Start servers and services, and keep them running until Ctrl-C.

    Servers whose address is given (SIGHTLOG_KAFKA, SIGHTLOG_CLICKHOUSE, SIGHTLOG_S3) are used, not started.

    Examples:

        sightlog up
        sightlog up --data /srv/sightlog --port 0 --smtp-port 0
    """
    start(load(data=data, api_port=port, smtp_port=smtp_port), with_demo=False)


def start(settings: Settings, with_demo: bool) -> None:
    """Run the stack on ``settings.data`` until a signal. Raises StackError with one line."""
    names = services.supervised(with_demo)

    def parts(running: Settings, ports: Mapping[str, int], servers: tuple[str, ...]) -> list[Part]:
        write_token(running)
        return [services.part(name, running, ports, servers) for name in names]

    def announce(running: Settings) -> bool:
        if not http_ok(running.api_port, "/readyz"):
            return False
        login = demo_login.ready(running) if with_demo else ""
        if with_demo and not login:
            return False
        tell(f"ready: {running.base_url}")
        tell(f"log in with: {login}" if login else f"token in:    {running.data / 'admin.token'}")
        tell(f"mail to:     {running.smtp_host}:{running.smtp_port}")
        if with_demo:
            tell(f"what goes:   sightlog retention report --data {running.data}   (from the fifth minute on)")
        return True

    serve(settings, Plan(say, announce, parts, [services.health_port(name) for name in names]))


def write_token(settings: Settings) -> None:
    """Make the admin token at first start; a token given in the settings, or made before, stays."""
    if not settings.token():
        write_private(settings.data / "admin.token", secrets.token_urlsafe(32) + "\n")
