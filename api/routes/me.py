"""What people see and change of themselves."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from msgspec import structs

from api import strict
from api.access import accounts, fields, passwords, shapes
from api.access.known import Access
from api.access.ownership import require_person
from api.access.passwords import Busy
from api.access.scope import Scope, not_allowed
from api.access.sign_in import too_many
from api.auth import Asking
from api.deps import FromSignIn, FromWorld
from api.errors import Problem, bad_field
from infra import clock
from schemas.access import UserConfigured

router = APIRouter(tags=["users"])
_BODY = {"requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}}
_OWN = fields.types_of(UserConfigured, ("title", "language"))
JsonBody = Annotated[bytes, Depends(strict.json_body)]


@router.get("/me")
def get_me(scope: Asking, app: FromWorld) -> dict[str, Any]:
    """Who asks, and what they may do anywhere."""
    return shapes.me(scope, app.access.entries)


@router.put("/me", openapi_extra=_BODY)
def put_me(scope: Asking, app: FromWorld, body: JsonBody) -> dict[str, Any]:
    """Change your own ``title`` and ``language``; what is left out stays."""
    user = _own(scope, app.access)
    values = strict.json_object(body)
    fields.require(values, _OWN, "person")
    told = partial(structs.replace, **values, observed_ms=clock.now_ms(), changed_by=user.user)
    app.access.amend(app.log, user.user, told)
    return shapes.me(scope, app.access.entries)


@router.put("/me/password", status_code=204, openapi_extra=_BODY)
def put_password(request: Request, scope: Asking, app: FromWorld, sign_in: FromSignIn, body: JsonBody) -> Response:
    """Change your own password: ``{"current", "new"}``. Your other sessions end."""
    user = _own(scope, app.access)
    values = strict.json_object(body)
    fields.require(values, {"current": str, "new": str}, "change of password", ("current", "new"))
    if rule := passwords.fault(values["new"], user.user):
        raise fields.refused([bad_field("new", rule, "body")])
    peer = request.client.host if request.client else ""
    if not sign_in.verify(user, user.user, values["current"], peer).is_right:
        raise Problem(403, "wrong-password", "the current password is wrong", errors=[_WRONG])
    sign_in.forgive(user.user, peer)
    try:
        hashed = app.passwords.hashed(values["new"])
    except Busy:
        raise too_many("many people sign in just now", 2) from None
    entries, now_ms = app.access.entries, clock.now_ms()
    app.access.append(app.log, accounts.opened_again(entries, scope.session_id, now_ms))
    app.access.amend(app.log, user.user, accounts.with_password(user.password_hash, hashed, now_ms))
    app.access.append(app.log, accounts.sessions_ended(entries, user.user, now_ms, user.user, (scope.session_id,)))
    return Response(status_code=204)


def _own(scope: Scope, access: Access) -> UserConfigured:
    """The user who asks; 403 for whoever is none."""
    require_person(scope)
    found = access.entries.user(scope.user) if scope.user else None
    if found is None:
        raise not_allowed("the admin token is no user; sign in as one")
    return found


_WRONG = bad_field("current", "is wrong", "body")
