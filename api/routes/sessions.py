"""Signing in and out: a session is a cookie that no script can read, and a fact that every process knows."""

import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from api import auth, strict
from api.access import accounts, cookies, fields, shapes
from api.access.audit import By
from api.access.auditing import note_who
from api.access.known import digest_of
from api.access.ownership import require_person
from api.access.path_ids import PathId
from api.access.scope import Scope, not_allowed
from api.access.sign_in import bad_login
from api.auth import Asking
from api.deps import Deps, FromSignIn, FromWorld
from api.errors import Problem
from infra import clock
from schemas.access import SessionEnded, SessionOpened

opening = APIRouter(tags=["users"])
"""Needs no token: whoever comes shows a password or a token in the body."""
router = APIRouter(tags=["users"])
LIFE_MS = 14 * 86_400_000
_BODY = {"requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}}
_FIELDS = {"login": str, "password": str, "token": str}
JsonBody = Annotated[bytes, Depends(strict.json_body)]
Of = Annotated[str | None, Query(max_length=128, description="Login; for admins. Left out: your own")]


@opening.post("/sessions", status_code=201, openapi_extra=_BODY)
def open_session(
    request: Request, response: Response, app: FromWorld, sign_in: FromSignIn, body: JsonBody
) -> dict[str, Any]:
    """Sign in with ``{"login", "password"}`` or ``{"token"}``; the cookie is the answer's, with who you are now."""
    cookies.require_same_origin(request)
    values = strict.json_object(body)
    by_token = "token" in values
    fields.require(values, _FIELDS, "sign-in", ("token",) if by_token else ("login", "password"))
    app.access.wait()
    if by_token:
        sign_in.admit(_peer(request))
        scope = _shown(request, app, values["token"])
        sign_in.take_back(_peer(request))
        return opened(request, response, app, scope)
    login = values["login"].strip().lower()
    user = sign_in.user(app.access, app.log, login, values["password"], _peer(request))
    return opened(request, response, app, Scope(who=user.user, user=user.user, admin=False))


@router.get("/sessions")
def list_sessions(scope: Asking, app: FromWorld, user: Of = None) -> dict[str, Any]:
    """Sessions that are open, the latest first."""
    if user is not None and user != scope.user:
        scope.require_admin()
    require_person(scope)
    login, now_ms = scope.user if user is None else user, clock.now_ms()
    found = [one for one in app.access.entries.every(SessionOpened) if one.user == login and one.expires_ms > now_ms]
    found.sort(key=lambda one: (-one.observed_ms, one.session_id))
    return {"sessions": [shapes.session(one, scope.session_id) for one in found]}


@router.delete("/sessions/current", status_code=204)
def sign_out(request: Request, scope: Asking, app: FromWorld) -> Response:
    """Sign out of the session whose cookie came with the request; of none, without one."""
    if scope.session_id is not None:
        app.access.append(app.log, [_ended(scope.session_id, scope)])
    response = Response(status_code=204)
    cookies.drop(response, request)
    return response


@router.delete("/sessions/{id}", status_code=204)
def end_session(session_id: PathId, scope: Asking, app: FromWorld) -> Response:
    """End a session of your own; admins: of anybody."""
    require_person(scope)
    found = app.access.entries.session(session_id)
    if found is None or not (found.user == scope.user or scope.admin):
        raise Problem(404, "no-such-session", f"no session has the id {session_id}; GET /api/v1/sessions lists yours")
    app.access.append(app.log, [_ended(session_id, scope)])
    return Response(status_code=204)


def _shown(request: Request, app: Deps, token: str) -> Scope:
    """What the bearer of a token may; 401 as for a wrong password."""
    if auth.is_admin_token(request, token):
        return Scope()
    scope = app.access.by_token(token, clock.now_ms())
    if scope is None:
        raise bad_login()
    if scope.share_id is not None:
        raise not_allowed("a link opens no session; send it as Authorization: Bearer")
    return scope


def opened(request: Request, response: Response, app: Deps, who: Scope) -> dict[str, Any]:
    """Tell the session, give its cookie, and say what it may."""
    secret, now_ms, admins = secrets.token_urlsafe(32), clock.now_ms(), request.app.state.token_digest
    digest = digest_of(secret) if who.user else cookies.admin_bound(secret, admins)
    token = None if who.token_id is None else app.access.entries.token(who.token_id)
    expires_ms = min(now_ms + LIFE_MS, token.expires_ms if token and token.expires_ms else now_ms + LIFE_MS)
    fact = SessionOpened(
        session_id=secrets.randbits(63), user=who.user, token_id=who.token_id, digest=digest, expires_ms=expires_ms,
        agent=request.headers.get("User-Agent", "")[:512], peer=_peer(request)[:64], observed_ms=now_ms,
        changed_by=who.who,
    )  # fmt: skip
    app.access.append(app.log, [fact, *accounts.expired_ended(app.access.entries, who.user, now_ms, who.who)])
    scope = app.access.by_session(digest, now_ms)
    if scope is None:  # removed, disabled or revoked while they signed in
        raise bad_login()
    note_who(request, By(scope.who, "session", _peer(request)))
    cookies.put(response, request, secret, expires_ms - now_ms)
    return shapes.me(scope, app.access.entries)


def _ended(session_id: int, scope: Scope) -> SessionEnded:
    return SessionEnded(session_id=session_id, observed_ms=clock.now_ms(), changed_by=scope.who)


def _peer(request: Request) -> str:
    return request.client.host if request.client else ""
