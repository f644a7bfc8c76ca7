"""Tokens: how programs act for a user, within less than the user may."""

import secrets
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from api import strict
from api.access import accounts, fields, rights, shapes
from api.access.known import digest_of
from api.access.ownership import may_manage, require_within
from api.access.path_ids import PathId
from api.access.scope import Scope, not_allowed
from api.auth import Asking
from api.deps import Deps, FromWorld
from api.errors import FieldError, Problem, bad_field
from infra import clock
from schemas.access import TokenIssued

router = APIRouter(tags=["users"])
_BODY = {"requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}}
_FIELDS = fields.types_of(TokenIssued, ("title", "scopes", "media", "expires_ms", "user"))
Limit = Annotated[int, Query(ge=1, le=1000, description="Most in one answer")]
Cursor = Annotated[str, Query(max_length=1024, description="`next` of the page before")]
Of = Annotated[str | None, Query(max_length=128, description="Login; for admins. Left out: all that you may see")]
JsonBody = Annotated[bytes, Depends(strict.json_body)]


@router.get("/tokens")
def list_tokens(
    scope: Asking, app: FromWorld, user: Of = None, limit: Limit = 1000, cursor: Cursor = ""
) -> dict[str, Any]:
    """Your tokens; admins: everybody's; a token: itself. Expired ones as well, until they are revoked."""
    if user is not None and user != scope.user:
        scope.require_admin()
    every = [one for one in app.access.entries.every(TokenIssued) if user in (None, one.user)]
    found = [one for one in every if may_manage(scope, one)]
    return shapes.page("tokens", found, lambda one: str(one.token_id), shapes.token, limit, cursor)


@router.post("/tokens", status_code=201, openapi_extra=_BODY)
def issue_token(scope: Asking, app: FromWorld, body: JsonBody) -> dict[str, Any]:
    """Issue a token; ``token`` is answered this once. It may what its user may, and what stands in it."""
    values = strict.json_object(body)
    fields.require(values, _FIELDS, "token", ("scopes",) if scope.user else ("scopes", "user"))
    app.access.wait()
    login = _whose(scope, values.get("user") or scope.user)
    secret, now_ms = "sl_" + secrets.token_urlsafe(32), clock.now_ms()
    if errors := _unfit(values, app, login, now_ms):
        raise fields.refused(errors)
    fact = TokenIssued(
        token_id=secrets.randbits(63), user=login, title=values.get("title", ""), digest=digest_of(secret),
        scopes=tuple(dict.fromkeys(values["scopes"])), media=_names(values.get("media")),
        expires_ms=values.get("expires_ms"), parent_id=scope.token_id, observed_ms=now_ms, changed_by=scope.who,
    )  # fmt: skip
    own = None if scope.token_id is None else app.access.entries.token(scope.token_id)
    require_within(scope, own, fact)
    app.access.append(app.log, [fact])
    return shapes.token(fact) | {"token": secret}


@router.delete("/tokens/{id}", status_code=204)
def revoke_token(token_id: PathId, scope: Asking, app: FromWorld) -> Response:
    """Revoke a token of your own; admins: of anybody. A token that is no admin's revokes only itself.

    Tokens, links and sessions that it made end with it.
    """
    app.access.wait()
    found = app.access.entries.token(token_id)
    if found is None or not may_manage(scope, found):
        raise Problem(404, "no-such-token", f"no token has the id {token_id}; GET /api/v1/tokens lists yours")
    app.access.append(app.log, accounts.token_revoked(app.access.entries, token_id, clock.now_ms(), scope.who))
    return Response(status_code=204)


def _whose(scope: Scope, login: str) -> str:
    """Who the token is for; 403 for whoever may not issue it."""
    if scope.share_id is not None:
        raise not_allowed("a link issues no tokens; sign in")
    if login != scope.user:
        scope.require_admin()
        if not (scope.grants is None and "live" in scope.everywhere.rights):
            raise not_allowed("you are barred from watching, so you issue tokens only for yourself")
    return login


def _unfit(values: Mapping[str, Any], app: Deps, login: str, now_ms: int) -> list[FieldError]:
    """What does not fit the user, beyond the types of fields."""
    user = rights.standing(app.access.entries, login)
    scope = app.access.of_user(login)
    if user is None or scope is None:
        return [bad_field("user", f"no user is called {login!r}, or they are disabled", "body")]
    found = []
    if not values["scopes"]:
        found.append(bad_field("scopes", "must name at least one", "body"))
    if "admin" in values["scopes"] and (not user.admin or values.get("media") is not None):
        found.append(bad_field("scopes", "admin is only for admins, and for all cameras", "body"))
    unknown = [name for name in values.get("media") or () if not _is_there(app, scope, name)]
    if unknown:
        found.append(bad_field("media", f"no camera is called {', '.join(map(repr, unknown))}", "body"))
    if rights.is_over(values.get("expires_ms"), now_ms):
        found.append(bad_field("expires_ms", "has passed", "body"))
    return found


def _is_there(app: Deps, scope: Scope, name: str) -> bool:
    return scope.sees(name) and app.registry.configured(name) is not None


def _names(media: list[str] | None) -> tuple[str, ...] | None:
    return None if media is None else tuple(sorted(set(media)))
