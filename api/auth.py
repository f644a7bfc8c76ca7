"""Who asks: by the admin token, a token of a user or a share link, as Bearer or inside Basic, or by a session's cookie.

The admin token is compared in constant time, the others are looked up by digest. None is ever logged.
"""

import base64
import binascii
import hmac
from hashlib import sha256
from typing import Annotated, NoReturn

from fastapi import Depends, Request
from fastapi.security import HTTPBasic, HTTPBasicCredentials, HTTPBearer
from fastapi.security.utils import get_authorization_scheme_param

from api.access import cookies
from api.access.known import Access
from api.access.scope import Scope
from api.errors import Problem
from infra import clock

_ADVICE = (
    "sign in, send the header Authorization: Bearer TOKEN, or put the token into the address: http://x:TOKEN@HOST/"
)


class _Basic(HTTPBasic):
    """Described in OpenAPI; a header that cannot be read is no credential, not an answer of its own."""

    async def __call__(self, request: Request) -> HTTPBasicCredentials | None:  # type: ignore[override]
        """User and password, None without a readable Basic header."""
        kind, value = get_authorization_scheme_param(request.headers.get("Authorization"))
        if kind.lower() != "basic":
            return None
        try:
            user, _, password = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, ValueError):
            return None
        return HTTPBasicCredentials(username=user, password=password)


OURS = ("sl_", "sls_")
"""How the secrets of tokens and of links begin."""
bearer = HTTPBearer(
    auto_error=False, description="The admin token (SIGHTLOG_API_KEY), a token of `sightlog token issue`, or a link"
)
basic = _Basic(auto_error=False, description="The same token as password, whatever the user; or as user, no password")


async def require(request: Request) -> Scope:
    """What the caller may see and do; else 401 that says how to ask. A header counts before the cookie.

    The challenge names Bearer only: a browser that is asked for Basic would keep the token and lend it to any page.
    """
    offered = await _offered(request)
    if offered is not None:
        return await by_token(request, offered) or _refuse("the token is wrong, has expired or was revoked")
    cookie = request.cookies.get(cookies.NAME)
    if not cookie:
        raise _refusal(_ADVICE, "")
    return await _by_cookie(request, cookie) or _refuse("the session is over; sign in again")


async def by_token(request: Request, offered: str) -> Scope | None:
    """What the bearer of the admin token, a token or a link may; None: it does not work."""
    if is_admin_token(request, offered):
        return Scope()
    if not offered.startswith(OURS):
        return None
    access: Access = request.app.state.deps.access
    await access.ready()
    return access.by_token(offered, clock.now_ms())


def is_admin_token(request: Request, offered: str) -> bool:
    """True for the admin token; it takes as long to say no."""
    return hmac.compare_digest(digest(offered), request.app.state.token_digest)


async def _by_cookie(request: Request, cookie: str) -> Scope | None:
    """What somebody who signed in may; None: the session is over. 403 where another site asks for a change."""
    access: Access = request.app.state.deps.access
    await access.ready()
    theirs, admins = cookies.digests(cookie, request.app.state.token_digest)
    now_ms = clock.now_ms()
    scope = access.by_session(theirs, now_ms) or access.by_session(admins, now_ms)
    if scope:
        cookies.require_same_origin(request)
    return scope


def digest(token: str) -> bytes:
    """What is compared: equal lengths whatever was sent."""
    return sha256(token.encode("utf-8", "surrogatepass")).digest()


async def _offered(request: Request) -> str | None:
    """The token as sent; None when none was."""
    if (given := await bearer(request)) is not None:
        return given.credentials
    named = await basic(request)
    return None if named is None else named.password or named.username


def _refuse(detail: str) -> NoReturn:
    raise _refusal(detail, ', error="invalid_token"')


def _refusal(detail: str, more: str) -> Problem:
    return Problem(401, "unauthorized", detail, headers={"WWW-Authenticate": f'Bearer realm="sightlog"{more}'})


Asking = Annotated[Scope, Depends(require)]
