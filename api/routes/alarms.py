"""Alarms: what came by mail, the mail itself, and whether each camera's mail still comes."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from api import cursors
from api.access.auditing import note
from api.access.cameras import NotForLinks
from api.alarms import pages, shapes
from api.alarms.health import counted
from api.alarms.silence import State
from api.auth import Asking
from api.deps import FromApp, FromHealth
from api.errors import Problem, bad_field, bad_query
from api.listed import cameras, listed
from api.objects import streamed
from api.routes.episodes import OfCamera
from api.times import Time
from infra import clock
from projections.alarms.reads import LAST_MS, AlarmSearch, StoredAlarm
from schemas import ids
from schemas.intervals import Span
from schemas.mail import MAIL_TYPE

router = APIRouter(tags=["alarms"])
KINDS = ("start", "stop", "test", "other")
FOR_GOOD = "private, max-age=31536000, immutable"
Cameras = Annotated[str | None, Query(max_length=16_384, description="Camera, or several with commas")]
Kind = Annotated[str | None, Query(max_length=128, description=f"{', '.join(KINDS)}; or several with commas")]
From = Annotated[Time | None, Query(description="Received at this time or later")]
To = Annotated[Time | None, Query(description="Received before this time")]
Limit = Annotated[int, Query(ge=1, le=1000, description="Most in one answer")]
Sealed = Annotated[str | None, Query(max_length=1024, description="`next` of the page before")]


def _alarm_id(text: Annotated[str, Path(alias="id", description="As answered: digits")]) -> int:
    """The id in the path; 400 with the rule."""
    try:
        return ids.parse(text, "id")
    except ValueError as error:
        raise Problem(400, "bad-alarm-id", str(error), errors=[bad_field("id", str(error), "path")]) from None


def _alarm(
    alarm_id: Annotated[int, Depends(_alarm_id)], app: FromApp, request: Request, media: OfCamera = None
) -> StoredAlarm:
    """The alarm in the path; of a camera that the caller may not see as if there were none."""
    found = app.alarms.with_id(alarm_id, None, media)
    if found is None:
        raise Problem(404, "no-such-alarm", f"no alarm {alarm_id}; GET /api/v1/alarms lists them")
    note(request, found.media, Span(found.received_ms, found.received_ms + 1))
    return found


One = Annotated[StoredAlarm, Depends(_alarm)]


def _taken_away(alarm: One, scope: Asking) -> StoredAlarm:
    """The same, of a camera that the caller may take footage of away."""
    scope.require("export", alarm.media)
    return alarm


Taken = Annotated[StoredAlarm, Depends(_taken_away)]


@router.get("/alarms", dependencies=[NotForLinks])
def list_alarms(
    app: FromApp, scope: Asking, media: Cameras = None, from_ms: From = None, to_ms: To = None, kind: Kind = None,
    limit: Limit = 100, cursor: Sealed = None,
) -> dict[str, Any]:  # fmt: skip
    """Alarms as the mails said them, newest first; a mail that came twice is one."""
    if from_ms is not None and to_ms is not None and from_ms >= to_ms:
        raise bad_query("from_ms", "must be before to_ms")
    search = AlarmSearch(
        media=cameras(media), kind=listed("kind", kind, _kind), from_ms=_known(from_ms),
        to_ms=_known(to_ms),
    )  # fmt: skip
    found = pages.page(app.alarms, search, limit, cursor)
    return {"alarms": [shapes.alarm(one, scope) for one in found.alarms], "next": found.next}


@router.get("/alarms/health", dependencies=[NotForLinks])
def list_health(
    health: FromHealth, media: OfCamera = None,
    state: Annotated[State | None, Query(description="Only cameras in this state")] = None,
    limit: Limit = 100, cursor: Annotated[str, Query(max_length=1024, description="`next` of the page before")] = "",
) -> dict[str, Any]:  # fmt: skip
    """Every camera by name: when it mailed last, how often lately, and whether it has fallen silent."""
    now_ms, after = clock.now_ms(), cursors.unseal(cursor)
    everyone = health.standings(now_ms, media)
    found = [one for one in everyone if one.camera.media > after and state in (None, one.state)]
    shown = found[:limit]
    figures = health.figures(shown, now_ms)
    return {
        "cameras": [shapes.health(one, figures[one.camera.media]) for one in shown],
        "states": counted(everyone),
        "next": cursors.seal(shown[-1].camera.media) if len(found) > limit else None,
    }


@router.get(
    "/alarms/{id}/mail",
    dependencies=[NotForLinks],
    response_class=StreamingResponse,
    responses={200: {"content": {MAIL_TYPE: {"schema": {"type": "string", "format": "binary"}}}}},
)
def get_mail(alarm: Taken, app: FromApp) -> Response:
    """The mail as it came, as a file."""
    return streamed(app.store, alarm.mail_key, MAIL_TYPE, mail_headers(str(alarm.alarm_id)), _gone("mail"))


@router.get(
    "/alarms/{id}/preview.jpg", response_class=StreamingResponse, responses={200: {"content": {"image/jpeg": {}}}}
)
def get_preview(alarm: One, app: FromApp) -> Response:
    """The first picture of the mail that can be shown."""
    if not alarm.preview_key:
        raise Problem(404, "no-picture", "the mail came without a picture that can be shown")
    return streamed(app.store, alarm.preview_key, "image/jpeg", {"Cache-Control": FOR_GOOD}, _gone("picture"))


def mail_headers(name: str) -> dict[str, str]:
    """Headers of a mail that is downloaded: a file, never shown as a page. ``name``: ASCII, without its ending."""
    return {"Content-Disposition": f'attachment; filename="{name}.eml"', "Cache-Control": FOR_GOOD}


def _gone(what: Literal["mail", "picture"]) -> Problem:
    return Problem(404, f"{what}-gone", f"the {what} is no longer in the object store")


def _kind(text: str) -> str:
    if text not in KINDS:
        raise ValueError(f"must be one of {', '.join(KINDS)}, or several with commas")
    return text


def _known(at_ms: int | None) -> int | None:
    return None if at_ms is None else min(at_ms, LAST_MS)
