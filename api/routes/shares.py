"""Share links: footage for people who have no login, until a day that was named."""

import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response

from api import strict
from api.access import shapes, sharing
from api.access.ownership import require_link_within
from api.auth import Asking
from api.deps import FromApp
from api.errors import Problem, bad_field
from infra import clock
from schemas import ids
from schemas.access import ShareIssued, ShareRevoked

router = APIRouter(tags=["users"])
SECRET = "sls_"
"""How the secret of a link begins."""
_BYTES = 32
JsonBody = Annotated[bytes, Depends(strict.json_body)]
Limit = Annotated[int, Query(ge=1, le=1000, description="Most in one answer")]
Cursor = Annotated[str, Query(max_length=1024, description="`next` of the page before")]


def _share(
    text: Annotated[str, Path(alias="id", description="As answered: digits")], scope: Asking, app: FromApp
) -> ShareIssued:
    """The link in the path; one that somebody else made as if there were none."""
    try:
        share_id = ids.parse(text, "id")
    except ValueError as error:
        raise Problem(400, "bad-share-id", str(error), errors=[bad_field("id", str(error), "path")]) from None
    app.access.wait()
    found = app.access.entries.share(share_id)
    if found is None or not sharing.may_end(scope, found):
        raise Problem(404, "no-such-share", f"no link has the id {share_id}; GET /api/v1/shares lists them")
    return found


@router.get("/shares")
def list_shares(scope: Asking, app: FromApp, limit: Limit = 200, cursor: Cursor = "") -> dict[str, Any]:
    """The caller's own links, those that expired too; an admin sees everybody's. None shows its secret."""
    app.access.wait()
    found = [one for one in app.access.entries.every(ShareIssued) if sharing.may_end(scope, one)]
    now_ms = clock.now_ms()
    return shapes.page("shares", found, lambda one: one.entry, lambda one: sharing.shown(one, now_ms), limit, cursor)


@router.post(
    "/shares",
    status_code=201,
    openapi_extra={"requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}},
)
def make_share(scope: Asking, app: FromApp, body: JsonBody) -> dict[str, Any]:
    """Make a link to one stretch of one camera. ``secret`` is told once, and stands nowhere in the clear after that.

    It shows what its maker may see, and no longer than they may. The page's address is ``/shared#key=SECRET``.
    """
    secret, now_ms = SECRET + secrets.token_urlsafe(_BYTES), clock.now_ms()
    fact = sharing.asked(strict.json_object(body), scope, secret, secrets.randbits(64), now_ms)
    app.access.wait()
    require_link_within(None if scope.token_id is None else app.access.entries.token(scope.token_id), fact)
    app.access.append(app.log, [fact])
    return sharing.shown(fact, now_ms) | {"secret": secret}


@router.delete("/shares/{id}", status_code=204)
def end_share(share: Annotated[ShareIssued, Depends(_share)], scope: Asking, app: FromApp) -> Response:
    """End a link: nobody sees anything by it any more."""
    app.access.append(
        app.log, [ShareRevoked(share_id=share.share_id, observed_ms=clock.now_ms(), changed_by=scope.who)]
    )
    return Response(status_code=204)
