"""The API with the doors that facts come in by and the rules that it asks: what it may not import, it meets here."""

from typing import Any

from fastapi import APIRouter, Request

from api import server
from api.auth import require
from api.errors import Problem
from cli.machine import OurMachine
from infra.kafka import KafkaLog
from infra.log import FactLog
from infra.settings import Settings
from processors.retention.what_if import question
from producers.episodes import door


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT. Raises BadSettings as ``api.server.run`` does."""
    log = KafkaLog(settings, "door", delivery_timeout_ms=int(door.ACKNOWLEDGED_S * 1000))
    try:
        server.run(settings, question.make, OurMachine(settings), doors(log))
    finally:
        log.close()


def doors(log: FactLog) -> list[APIRouter]:
    """Every door, with problems as the API tells them."""
    return [door.router(log, _problem, _allow)]


async def _allow(request: Request) -> door.MaySave:
    """A mark keeps footage: who saves one needs the right to. A camera that may not be known of is not there."""
    scope = await require(request)
    return lambda media: scope.require("protect", media)


def _problem(status: int, name: str, detail: str, errors: list[dict[str, Any]]) -> Problem:
    return Problem(status, name, detail, errors=errors)
