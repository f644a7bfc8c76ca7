"""``archive.mp4``: the exact range as one file."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from api.access.cameras import Exported
from api.auth import Asking
from api.deps import FromApp
from api.exported import exported
from api.mp4.joining import Window
from api.seen.reach import Reach
from api.times import From, To, window
from infra import clock

router = APIRouter(tags=["play"])
Gaps = Annotated[Literal["keep", "skip"], Query(description="keep: holes take their time in the file; skip: none")]
FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"video/mp4": {}}}}
"""What a description of a route says of such a file."""


@router.get("/media/{media}/archive.mp4", response_class=StreamingResponse, responses=FILE)
def export(
    media: Exported, from_ms: From, to_ms: To, scope: Asking, app: FromApp, gaps: Gaps = "keep"
) -> StreamingResponse:
    """The footage from the key frame at or before ``from_ms`` to ``to_ms``, copied frame by frame, not re-encoded."""
    span = window(from_ms, to_ms)
    return exported(app, Reach(scope, clock.now_ms()), media, Window(span.start_ms, span.end_ms, gaps == "keep"))
