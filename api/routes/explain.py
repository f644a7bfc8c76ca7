"""Why a moment, or a window, of a camera is kept, gone or was never there."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.access.cameras import Archived, NotForLinks
from api.deps import FromApp
from api.errors import bad_query
from api.retention.because import Explained, explained
from api.retention.fresh import as_of_ms
from api.retention.gather import PROJECTIONS, gathered
from api.retention.stretches import stretches
from api.times import Time, window
from infra import clock
from projections.expirations.reads import LAST_MS
from schemas.intervals import Span

router = APIRouter(tags=["retention"])
At = Annotated[Time | None, Query(description="The moment asked for")]
From = Annotated[Time | None, Query(description="Or a window: its start, included")]
To = Annotated[Time | None, Query(description="Its end, not included")]


@router.get("/media/{media}/explain", dependencies=[NotForLinks])
def explain(media: Archived, app: FromApp, at_ms: At = None, from_ms: From = None, to_ms: To = None) -> dict[str, Any]:
    """Whether footage of a moment is kept, gone or was never there, and every reason: holds, decisions, gaps, age.

    With a window: the stretches in it of which the same is true.
    """
    span = _asked(at_ms, from_ms, to_ms)
    now_ms = clock.now_ms()
    seen_ms = as_of_ms(app.archive, PROJECTIONS, now_ms)
    known = gathered(app, media, span, now_ms)
    if at_ms is not None:
        return {"media": media, "at_ms": at_ms, **_told(explained(known, at_ms)), "as_of_ms": seen_ms}
    told = [one.span._asdict() | _told(one.explained) for one in stretches(known, span)]
    return {"media": media, "from_ms": from_ms, "to_ms": to_ms, "stretches": told, "as_of_ms": seen_ms}


def _asked(at_ms: int | None, from_ms: int | None, to_ms: int | None) -> Span:
    """The span asked for, a moment being 1 ms; 400 unless it is one or the other."""
    if at_ms is not None and from_ms is None and to_ms is None:
        if at_ms > LAST_MS:
            raise bad_query("at_ms", "must be before the year 2300")
        return Span(at_ms, at_ms + 1)
    if at_ms is None and from_ms is not None and to_ms is not None:
        return window(from_ms, min(to_ms, LAST_MS))
    raise bad_query("at_ms", "give at_ms, or from_ms and to_ms")


def _told(one: Explained) -> dict[str, Any]:
    return {"state": one.state, "because": [reason.body() for reason in one.because]}
