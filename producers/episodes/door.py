"""The HTTP door for episodes: a save is answered 200 once every replica has it, and not before."""

import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from infra.log import FactLog, LogUnavailable, Position
from producers.episodes import body
from producers.episodes.accept import NotAnEpisode, TooLarge, Wrong, accept
from producers.episodes.acknowledged import acknowledged
from producers.episodes.body import TellProblem
from schemas.episode import EpisodeRecord
from schemas.publish import tidy

ACKNOWLEDGED_S = 15.0
"""How long a save waits for its acknowledgement; give the log no longer, or what was answered 503 lingers in it."""
MAX_WAITING_BYTES = 64 << 20
"""Most that may wait for acknowledgement at once; more is told to come back instead of filling the memory."""
_OVERHEAD_BYTES = 1024
_INLINE_BYTES = 32 << 10
"""A larger body is parsed in a thread, so that its milliseconds are nobody else's."""

_ONE = ("/api/v1/episodes/{id}", "/central/api/v3/episodes/{id}")
_ANY = ("/api/v1/episode_save", "/central/api/v3/episode_save")
EpisodeId = Annotated[
    str,
    Path(
        alias="id", description="Made by the source: unsigned, 64 bit", json_schema_extra={"pattern": "^[0-9]{1,20}$"}
    ),
]


MaySave = Callable[[EpisodeRecord], None]
"""Passes where the caller may mark this footage of this camera; raises what is answered otherwise."""
Allow = Callable[[Request], Awaitable[MaySave]]
"""What the caller of a request may."""


def router(log: FactLog, problem: TellProblem, allow: Allow) -> APIRouter:
    """The routes, with their full paths. ``problem`` makes the exception that the API answers as a problem.

    PUT and POST do the same everywhere: the published examples leave the method to the tool that sends them.
    """
    door = _Door(log, problem, allow)
    routes = APIRouter(tags=["episodes"])
    told: dict[str, Any] = {"openapi_extra": {"requestBody": _request_body()}, "summary": "Save an episode"}
    for paths, usual, other, save in ((_ONE, "PUT", "POST", door.save_one), (_ANY, "POST", "PUT", door.save_any)):
        for path in paths:
            routes.add_api_route(path, save, methods=[usual], **told)
            routes.add_api_route(path, save, methods=[other], include_in_schema=False)
    return routes


class _Door:
    """Takes saves and waits for the log, many at a time on one event loop."""

    def __init__(self, log: FactLog, problem: TellProblem, allow: Allow) -> None:
        self._log, self._problem, self._allow = log, problem, allow
        self._room = _Room(MAX_WAITING_BYTES)

    async def save_one(self, request: Request, episode_id: EpisodeId) -> JSONResponse:
        """Save one version of an episode whose id stands in the path; the body may leave it out.

        200 once every replica has it. Whether the lifecycle then takes it is told by its versions and refusals.
        """
        return await self._save(request, episode_id)

    async def save_any(self, request: Request) -> JSONResponse:
        """Save one version of an episode. 200 once every replica has it."""
        return await self._save(request, None)

    async def _save(self, request: Request, path_id: str | None) -> JSONResponse:
        may_save = await self._allow(request)
        content = await body.read(request, self._problem)
        size = len(content) + _OVERHEAD_BYTES
        self._room.take(size)
        try:
            if len(content) <= _INLINE_BYTES:
                record, done = self._append(content, path_id, may_save)
            else:
                record, done = await run_in_threadpool(self._append, content, path_id, may_save)
        except BaseException:
            self._room.give_back(size)
            raise
        done.add_done_callback(lambda _: self._room.give_back(size))
        await acknowledged([done], ACKNOWLEDGED_S)
        told = {"episode_id": str(record.episode_id), "media": record.media, "updated_at": record.updated_at}
        return JSONResponse(told)

    def _append(
        self, content: bytes, path_id: str | None, may_save: MaySave
    ) -> tuple[EpisodeRecord, "Future[Position]"]:
        try:
            record = accept(content, path_id)
        except TooLarge as error:
            raise self._problem(413, "too-large", str(error), []) from None
        except NotAnEpisode as error:
            raise self._problem(400, "bad-episode", str(error), [_told(each) for each in error.wrong]) from None
        may_save(record)
        return record, self._log.append(record)


class _Room:
    """Bytes on their way to the log. Given back from the log's own thread."""

    def __init__(self, limit: int) -> None:
        self._free = limit
        self._lock = threading.Lock()

    def take(self, size: int) -> None:
        """Raises LogUnavailable when too much waits already."""
        with self._lock:
            if size > self._free:
                raise LogUnavailable("too many saves wait for the log")
            self._free -= size

    def give_back(self, size: int) -> None:
        with self._lock:
            self._free += size


def _told(wrong: Wrong) -> dict[str, Any]:
    return {"field": wrong.field, "in": wrong.where, "rule": wrong.rule}


def _request_body() -> dict[str, Any]:
    """The record for OpenAPI, in one piece: its framework knows nothing of our types."""
    parts = tidy(msgspec.json.schema_components([EpisodeRecord], ref_template="{name}")[1])
    record = parts["EpisodeRecord"]
    record["properties"]["originator"] = parts["Originator"]
    return {"required": True, "content": {"application/json": {"schema": record}}}
