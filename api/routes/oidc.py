"""Signing in with a provider, there and back again: the authorization code flow with PKCE.

A browser comes here by itself, so what is wrong is told by the login, to which it is led on; not as a problem.
"""

import json
from collections.abc import Mapping
from html import escape
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.access import accounts
from api.access.audit import NOBODY, By
from api.access.scope import Scope
from api.deps import Deps, FromSettings, FromSignIn, FromWorld, Secret
from api.errors import Problem
from api.oidc import errand, people
from api.oidc.claims import Identity, NotShown, ProviderAway
from api.oidc.signing import Signing
from api.routes.sessions import opened
from infra import clock, journal
from schemas.access import GroupConfigured, UserConfigured

opening = APIRouter(tags=["users"])
"""Needs no token: whoever comes back shows what the provider says of them. Providers add parameters of their own."""
PATH = "/api/v1/auth/oidc"
Code = Annotated[str, Query(max_length=4096)]
State = Annotated[str, Query(max_length=256)]
Kind = Literal["refused", "away", "wait"]
REFUSAL = "sightlog_refusal"
"""What the login tells whoever was sent back to it; the page takes it away."""
_WORDS: dict[Kind, str] = {
    "refused": "You could not be signed in",
    "away": "The provider cannot be asked now",
    "wait": "You cannot be signed in now",
}
_TOLD_S = 60
_LONGEST = 400
_SORRY = (
    '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=/login"><title>Sign in</title>'
    '<p>{words}</p><p><a href="/login">Back to the login</a></p>\n'
)
Wrong = Annotated[str, Query(max_length=256, description="What went wrong at the provider")]


@opening.get("/auth/oidc/start", response_class=Response, status_code=303)
def start(request: Request, settings: FromSettings, secret: Secret) -> Response:
    """Send the browser to the provider."""
    signing = _signing(request)
    back = settings.oidc_redirect_url or f"{str(request.base_url).rstrip('/')}{PATH}/callback"
    begun = errand.begun(back, clock.now_ms())
    try:
        response = RedirectResponse(signing.provider.sign_in_url(begun), 303, {"Cache-Control": "no-store"})
    except ProviderAway as error:
        return _sorry("away", str(error), 503)
    response.set_cookie(
        errand.NAME, errand.sealed(begun, secret), max_age=errand.LIFE_MS // 1000, path=PATH, httponly=True,
        secure=request.url.scheme == "https", samesite="lax",
    )  # fmt: skip
    return response


@opening.get("/auth/oidc/callback", response_class=Response, status_code=303)
def callback(
    request: Request, app: FromWorld, sign_in: FromSignIn, secret: Secret, code: Code = "", state: State = "",
    error: Wrong = "",
) -> Response:  # fmt: skip
    """Sign in whoever the provider sends back, and lead them to the page."""
    signing = _signing(request)
    peer = request.client.host if request.client else ""
    try:
        sign_in.admit(peer)
    except Problem as wait:
        return _sorry("wait", str(wait), wait.status, wait.headers)
    try:
        if error:
            raise NotShown(f"the provider said: {error}")
        begun = errand.unsealed(request.cookies.get(errand.NAME), state, secret, clock.now_ms())
        user = _user(app, signing, signing.identity(code, begun, clock.now_ms()))
        sign_in.take_back(peer)
        response = RedirectResponse("/", 303, {"Cache-Control": "no-store"})
        opened(request, response, app, Scope(who=user.user, user=user.user, admin=False))
    except ProviderAway as away:
        sign_in.take_back(peer)
        return _sorry("away", str(away), 503)
    except (NotShown, Problem) as refused:
        app.audit.did(By(NOBODY, "none", peer), "sign-in-refused", detail=f"single sign-on: {refused}")
        return _sorry("refused", str(refused), 403)
    app.audit.did(By(user.user, "session", peer), "signed-in", detail="single sign-on")
    response.delete_cookie(errand.NAME, path=PATH)
    return response


def _user(app: Deps, signing: Signing, who: Identity) -> UserConfigured:
    """The user of an identity, written where they are new. Raises NotShown."""
    app.access.wait()
    entries = app.access.entries
    user, is_new = signing.user(who, entries.every(UserConfigured), entries.every(GroupConfigured), clock.now_ms())
    if not user.enabled:
        raise NotShown("this user may not sign in; ask an admin")
    return _written(app, user) if is_new else user


def _written(app: Deps, user: UserConfigured) -> UserConfigured:
    """A user as they stand once their identity is written. Raises NotShown where an admin meant otherwise meanwhile."""
    entries, known = app.access.entries, app.access.entries.user(user.user)
    if known:
        app.access.amend(app.log, user.user, people.bound(user.subject, user.observed_ms))
    else:
        app.access.append(app.log, accounts.left_behind(entries, user.user, user.observed_ms, user.changed_by))
        app.access.amend(app.log, user.user, lambda theirs: theirs, new=user)
    found = entries.user(user.user)
    if found is None or not found.enabled or found.subject != user.subject:
        raise NotShown("an admin changed this user just now; begin it again")
    journal.get("api").info("configured by single sign-on", user=user.user)
    return found


def _signing(request: Request) -> Signing:
    found: Signing | None = request.app.state.signing
    if found is None:
        raise Problem(404, "no-single-sign-on", "no provider is set; SIGHTLOG_OIDC_ISSUER names one")
    return found


def _sorry(kind: Kind, why: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """A line that leads on to the login, and the reason for it: a cookie, because no link of others can set one."""
    body = _SORRY.format(words=escape(f"{_WORDS[kind]}: {why}"))
    response = HTMLResponse(body, status, {"Cache-Control": "no-store"} | dict(headers or {}))
    told = quote(json.dumps({"kind": kind, "why": why[:_LONGEST]}))
    response.set_cookie(REFUSAL, told, max_age=_TOLD_S, path="/login", samesite="strict")
    return response
