"""The API with the doors that facts come in by: the API may not import producers, so they meet here."""

from typing import Any

from api import server
from api.errors import Problem
from infra.kafka import KafkaLog
from infra.settings import Settings
from producers.episodes import door


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT. Raises BadSettings as ``api.server.run`` does."""
    log = KafkaLog(settings, "door", delivery_timeout_ms=int(door.ACKNOWLEDGED_S * 1000))
    try:
        server.run(settings, [door.router(log, _problem)])
    finally:
        log.close()


def _problem(status: int, name: str, detail: str, errors: list[dict[str, Any]]) -> Problem:
    return Problem(status, name, detail, errors=errors)
