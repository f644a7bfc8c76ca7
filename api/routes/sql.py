"""SQL for data teams: one SELECT over the public tables, answered as JSON, CSV, Arrow or Parquet."""

import asyncio
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from api.access.cameras import AsAdmin
from api.sql import asked
from api.sql.desk import Answer, Desk
from api.sql.shapes import FORMATS, Shape, TooLarge
from infra import journal
from infra.clickhouse import DatabaseError, DatabaseUnavailable
from infra.reader import CutShort

GONE = 499
"""Nobody reads it; it is for the journal."""
DELIVERY_S = 600
"""A reader slower than this holds the file of its answer no longer."""

router = APIRouter()
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "text/plain": {
                "schema": {"type": "string", "example": "SELECT media, count() FROM episodes GROUP BY media"}
            },
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["sql"],
                    "properties": {
                        "sql": {"type": "string"},
                        "parameters": {"type": "object"},
                        "format": {"enum": sorted(FORMATS)},
                    },
                }
            },
        },
    }
}


@router.post("/sql", openapi_extra=_BODY)
async def sql(
    request: Request,
    admin: AsAdmin,
    format: Annotated[Shape | None, Query(description="json (default), csv, arrow (IPC stream), parquet")] = None,
) -> Response:
    """Rows of one SELECT. ``param_NAME`` fills ``{NAME:Type}``; a client that leaves ends its query."""
    desk: Desk = request.app.state.desk
    try:
        question = await asked.read(request, format)
        answer = await _unless_gone(request, desk, question, admin.media)
    except ClientDisconnect:
        return Response(status_code=GONE)
    headers = {"Cache-Control": "no-store", "X-Row-Limit": str(desk.settings.sql_rows)}
    if answer.spool.ended:
        headers["Content-Length"] = str(answer.spool.size)
    return _Delivery(answer, FORMATS[question.shape].media_type, headers)


async def _unless_gone(request: Request, desk: Desk, question: asked.Asked, media: frozenset[str] | None) -> Answer:
    """The answer, begun. Raises ClientDisconnect when the client left before; its query has ended then."""
    begun = asyncio.create_task(desk.ask(question, media))
    gone = asyncio.create_task(_gone(request))
    try:
        await asyncio.wait((begun, gone), return_when=asyncio.FIRST_COMPLETED)
        if not begun.done():
            raise ClientDisconnect
        return await begun
    finally:
        gone.cancel()
        if not begun.done():
            begun.cancel()
            with suppress(asyncio.CancelledError):
                await begun


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


class _Delivery(StreamingResponse):
    """Streams an answer and closes it, however that ends."""

    def __init__(self, answer: Answer, media_type: str, headers: dict[str, str]) -> None:
        super().__init__(answer.spool.pieces(), media_type=media_type, headers=headers)
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it all within the time that a delivery may take.

        After a late failure it returns without an end: the server then drops the connection, and nobody takes half an
        answer for a whole one.
        """
        try:
            async with asyncio.timeout(DELIVERY_S):
                await super().__call__(scope, receive, send)
        except (CutShort, DatabaseError, DatabaseUnavailable, TooLarge, TimeoutError) as error:
            journal.get("api").warning("answer broken off", reason=f"{type(error).__name__}: {error}")
        finally:
            await self._answer.close()
