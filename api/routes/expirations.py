"""Decisions to delete: what goes next, and taking one back."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response

from api import writes
from api.auth import Asking
from api.deps import FromApp
from api.errors import Problem, bad_field, bad_query
from api.listed import cameras
from api.retention import pages, shapes
from api.retention.fresh import as_of_ms
from api.routes.alarms import Cameras, Limit, Sealed
from api.routes.episodes import OfCamera
from api.times import Time
from infra import clock
from projections.expirations.reads import LAST_MS, ExpirationSearch, State, StoredExpiration
from schemas import ids
from schemas.facts import RestoreRequested

router = APIRouter(tags=["retention"])
ANSWERED_S = 5.0
"""How long a restore is waited for."""
From = Annotated[Time | None, Query(description="Of footage that reaches behind this time")]
To = Annotated[Time | None, Query(description="Of footage that begins before this time")]
InState = Annotated[State | None, Query(description="expired (it waits), restored, ordered; all if left out")]


def _expiration_id(text: Annotated[str, Path(alias="id", description="As answered: digits")]) -> int:
    """The id in the path; 400 with the rule."""
    try:
        return ids.parse(text, "id")
    except ValueError as error:
        raise Problem(400, "bad-expiration-id", str(error), errors=[bad_field("id", str(error), "path")]) from None


def _expiration(
    expiration_id: Annotated[int, Depends(_expiration_id)], app: FromApp, media: OfCamera = None
) -> StoredExpiration:
    """The decision in the path; of a camera that the caller may not see as if there were none."""
    found = app.retention.one(expiration_id, media)
    if found is None:
        detail = f"no decision to delete has the id {expiration_id}; GET /api/v1/expirations lists them"
        raise Problem(404, "no-such-expiration", detail)
    return found


def _own(expiration: Annotated[StoredExpiration, Depends(_expiration)], scope: Asking) -> StoredExpiration:
    """The same, of a camera that the caller may protect."""
    scope.require("protect", expiration.media)
    return expiration


@router.get("/expirations")
def list_expirations(
    app: FromApp, media: Cameras = None, state: InState = None, from_ms: From = None, to_ms: To = None,
    limit: Limit = 100, cursor: Sealed = None,
) -> dict[str, Any]:  # fmt: skip
    """Decisions to delete: those that wait first, the next to go before others; then the others, latest first."""
    if from_ms is not None and to_ms is not None and from_ms >= to_ms:
        raise bad_query("from_ms", "must be before to_ms")
    search = ExpirationSearch(media=cameras(media), state=state, from_ms=_known(from_ms), to_ms=_known(to_ms))
    seen_ms = as_of_ms(app.archive, ["expirations"], clock.now_ms())
    found = pages.page(app.retention, search, limit, cursor)
    told = [shapes.expiration(one) for one in found.expirations]
    return {"expirations": told, "next": found.next, "as_of_ms": seen_ms}


@router.get("/expirations/{id}")
def get_expiration(expiration: Annotated[StoredExpiration, Depends(_expiration)]) -> dict[str, Any]:
    """One decision, and what became of it."""
    return shapes.expiration(expiration)


@router.post("/expirations/{id}/restore", responses={202: {"description": "Asked for; not answered yet"}})
def restore_expiration(
    expiration: Annotated[StoredExpiration, Depends(_own)], scope: Asking, app: FromApp, response: Response
) -> dict[str, Any]:
    """Take a decision back: its footage stays as if it had been recorded now. 409 when its deletion was ordered."""
    found = expiration
    if found.state == "expired":
        asked = RestoreRequested(
            media=found.media, observed_ms=clock.now_ms(), expiration_id=found.expiration_id, requested_by=scope.who
        )
        writes.append(app.log, [asked])
        writes.wait_visible(lambda: _now(app, expiration).state != "expired", ANSWERED_S)
        found = _now(app, expiration)
    if found.state == "ordered":
        detail = "too late: its deletion was ordered, and nothing takes that back"
        raise Problem(409, "too-late", detail, expiration=shapes.expiration(found))
    if found.state == "restored":
        return shapes.expiration(found)
    response.status_code = 202
    return shapes.expiration(found) | {"state": "requested"}


def _now(app: FromApp, before: StoredExpiration) -> StoredExpiration:
    return app.retention.one(before.expiration_id, before.media) or before


def _known(at_ms: int | None) -> int | None:
    return None if at_ms is None else min(at_ms, LAST_MS)
