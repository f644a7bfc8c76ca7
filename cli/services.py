"""Our long-running programs: what ``sightlog run NAME`` starts and ``sightlog up`` supervises.

``python -m cli.services NAME`` is ``sightlog run NAME`` without the other commands' imports: a second less per start.
"""

import importlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from infra import journal, kafka
from infra.embedded.parts import Part
from infra.embedded.probes import http_ok
from infra.log import LogUnavailable
from infra.objects import S3Store, StoreUnavailable
from infra.settings import Settings, load


@dataclass(frozen=True)
class Service:
    """Where a program's ``run(settings)`` is (``module:function``, imported when started), and what it does.

    ``runs_alone``: it has work to do while the servers are away. ``goes_first``: people or cameras wait for it; the
    others work off what the log holds.
    """

    run: str
    about: str
    in_up: bool = True
    runs_alone: bool = False
    goes_first: bool = False


SERVICES: Mapping[str, Service] = {
    "recorder": Service("producers.segments.service:run", "cameras become segments", runs_alone=True, goes_first=True),
    "smtp": Service(
        "producers.alarms.service:run",
        "cameras' mails are taken, and kept before 250",
        runs_alone=True,
        goes_first=True,
    ),
    "projections": Service("projections.runner:run", "facts become rows", goes_first=True),
    "processor:episodes": Service("processors.episodes.service:run", "saves become accepted versions and refusals"),
    "processor:alarms": Service("processors.alarms.service:run", "mails become alarms, and alarms marks"),
    "processor:motion": Service("processors.motion.service:run", "footage becomes verdicts, and what moved marks"),
    "processor:protection": Service("processors.protection.service:run", "marks and locks become protected ranges"),
    "processor:retention": Service("cli.retention_service:run", "what the store cannot keep is decided to go"),
    "effects": Service("projections.effects.service:run", "what was decided to go is deleted"),
    "api": Service("cli.api_service:run", "questions become answers, over HTTP", goes_first=True),
    "intake": Service("producers.episodes.intake:run", "analytics nodes are polled for their episodes"),
    "demo": Service("producers.segments.demo:run", "four cameras made by the program itself", in_up=False),
    "demo-analytics": Service("producers.episodes.demo:run", "what passes these cameras is marked", in_up=False),
    "demo-mail": Service("producers.alarms.demo:run", "these cameras mail when something moves", in_up=False),
}


def run(name: str, settings: Settings) -> None:
    """Run one service until it is told to stop, once the topics and the bucket exist."""
    service = SERVICES[name]
    journal.setup(settings)
    try:
        kafka.ensure_topics(settings, timeout_s=10)
        S3Store(settings, timeout_s=5).ensure_bucket()
    except (LogUnavailable, StoreUnavailable) as error:
        if not service.runs_alone:
            raise
        journal.get(name).warning("starts without its servers", error=error)
    module, function = service.run.split(":")
    getattr(importlib.import_module(module), function)(settings)


def supervised(with_demo: bool) -> list[str]:
    """Names of the services that ``up`` (or ``demo``) runs, in order."""
    return [name for name, service in SERVICES.items() if service.in_up or with_demo]


def listed() -> str:
    """Every name with what it does, for a help text."""
    return "; ".join(f"{name}: {service.about}" for name, service in SERVICES.items())


def health_port(name: str) -> str:
    """Name under which the port of a service's own health page is remembered."""
    return f"{name}_health"


def part(name: str, settings: Settings, ports: Mapping[str, int], servers: tuple[str, ...]) -> Part:
    """One service as a part that starts once ``servers`` are ready; ``settings`` name the running servers."""
    port = settings.api_port if name == "api" else ports[health_port(name)]
    first = tuple(other for other, service in SERVICES.items() if service.goes_first)
    return Part(
        name, (sys.executable, "-m", "cli.services", name), partial(http_ok, port, "/healthz"),
        needs=servers, after=() if name in first else first, grace_s=30,
        env=settings.as_environment() | {"SIGHTLOG_HEALTH_PORT": str(ports[health_port(name)])},
    )  # fmt: skip


if __name__ == "__main__":
    run(sys.argv[1], load())
