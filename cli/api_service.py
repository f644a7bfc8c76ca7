"""The API with the doors that facts come in by and the rules that it asks: what it may not import, it meets here."""

from typing import Any

from fastapi import APIRouter, Request

from api import server
from api.auth import require
from api.errors import Problem
from api.seen.reach import Reach
from cli.machine import OurMachine
from infra import clock
from infra.kafka import KafkaLog
from infra.log import FactLog
from infra.settings import Settings
from processors.retention.what_if import question
from producers.episodes import door
from schemas.episode import EpisodeRecord
from schemas.intervals import Span


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
    """A mark keeps footage, and changes what is kept: who saves one needs the right to, and to look at all of it.

    A camera that may not be known of is not there.
    """
    reach = Reach(await require(request), clock.now_ms(), ("archive", "protect"))

    def may_save(record: EpisodeRecord) -> None:
        reach.scope.require("protect", record.media)
        reach.require_whole(record.media, _marked(record), "mark")

    return may_save


def _marked(record: EpisodeRecord) -> Span:
    """All that a record is about, from the first of its times."""
    start_ms = min(record.opened_at, record.started_at or record.opened_at)
    return Span(start_ms, max(start_ms, record.closed_at or record.updated_at))


def _problem(status: int, name: str, detail: str, errors: list[dict[str, Any]]) -> Problem:
    return Problem(status, name, detail, errors=errors)
