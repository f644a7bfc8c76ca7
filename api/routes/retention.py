"""What retention achieved, and what another policy would."""

from collections.abc import Iterator
from itertools import chain
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from api import strict
from api.auth import Asking
from api.deps import FromApp, FromSettings
from api.episodes.shapes import answer
from api.errors import bad_query
from api.listed import cameras
from api.retention import asked
from api.retention.past import chosen
from api.retention.report import Reports
from api.retention.what_if import Shares, WhatIfs
from api.routes.alarms import Cameras
from api.times import Time
from infra import clock
from schemas.intervals import Span

router = APIRouter(tags=["retention"])
LINES = "application/x-ndjson"
JsonBody = Annotated[bytes, Depends(strict.json_body)]
From = Annotated[Time | None, Query(description="History before this is left out; none is if not given")]
To = Annotated[Time | None, Query(description="The moment reported about; now if not given")]
_DESCRIBED: dict[str, Any] = {
    "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
    "responses": {"200": {"content": {LINES: {"schema": {"type": "string"}}}}},
}


@router.post("/retention/what-if", openapi_extra=_DESCRIBED)
def what_if(request: Request, scope: Asking, app: FromApp, settings: FromSettings, body: JsonBody) -> Response:
    """What another policy would have kept of the real history, what it would cost, and what would go first.

    With `Accept: application/x-ndjson` lines of progress come first, and the answer is the last line.
    """
    question = asked.question(strict.json_object(body), clock.now_ms())
    names = chosen(app.archive, app.footage, scope, question.media, question.asked.labels)
    is_all = scope.media is None and question.media is None and not question.asked.labels
    asking = WhatIfs(app.footage, app.levels, app.what_if, Shares(settings.storage_high, settings.storage_low))
    told = asking.told(question, names, is_all)
    if LINES in request.headers.get("accept", ""):
        first = next(told)  # a database that is away is told before the answer begins
        return StreamingResponse(_lines(chain([first], told)), media_type=LINES, headers={"Cache-Control": "no-store"})
    *_, last = told
    return answer(last["answer"])


@router.get("/retention/report", responses={200: {"content": {"application/json": {"schema": {"type": "object"}}}}})
def report(
    scope: Asking, app: FromApp, settings: FromSettings, media: Cameras = None, from_ms: From = None, to_ms: To = None
) -> Response:
    """What retention achieved: how far back each camera goes, what is stored, and what a plain recorder would hold."""
    span = Span(from_ms or 0, clock.now_ms() if to_ms is None else to_ms)
    if span.start_ms >= span.end_ms:
        raise bad_query("from_ms", "must be before to_ms")
    names = chosen(app.archive, app.footage, scope, cameras(media))
    is_all = scope.media is None and media is None
    return answer(Reports(app.footage, app.levels, settings.storage_high).told(names, span, is_all))


def _lines(told: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    return (msgspec.json.encode(one) + b"\n" for one in told)
