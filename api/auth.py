"""Who may ask, and what of: one admin token, as Bearer or inside Basic. Compared in constant time, never logged."""

import base64
import binascii
import hmac
from hashlib import sha256
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBasic, HTTPBasicCredentials, HTTPBearer
from fastapi.security.utils import get_authorization_scheme_param

from api.access.scope import Scope
from api.errors import Problem

_ADVICE = "send the header Authorization: Bearer TOKEN, or put the token into the address: http://x:TOKEN@HOST/"


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


bearer = HTTPBearer(auto_error=False, description="The admin token; see SIGHTLOG_API_KEY and `sightlog token`")
basic = _Basic(auto_error=False, description="The same token as password, whatever the user; or as user, no password")


async def require(request: Request) -> Scope:
    """What the bearer of the token may see; else 401 that says how to ask.

    The challenge names Bearer only: a browser that is asked for Basic would keep the token and lend it to any page.
    """
    offered = await _offered(request)
    if offered is None:
        raise _refusal(_ADVICE, "")
    if not hmac.compare_digest(digest(offered), request.app.state.token_digest):
        raise _refusal("the token is wrong", ', error="invalid_token"')
    return Scope()


def digest(token: str) -> bytes:
    """What is compared: equal lengths whatever was sent."""
    return sha256(token.encode("utf-8", "surrogatepass")).digest()


async def _offered(request: Request) -> str | None:
    """The token as sent; None when none was."""
    if (given := await bearer(request)) is not None:
        return given.credentials
    named = await basic(request)
    return None if named is None else named.password or named.username


def _refusal(detail: str, more: str) -> Problem:
    return Problem(401, "unauthorized", detail, headers={"WWW-Authenticate": f'Bearer realm="sightlog"{more}'})


Asking = Annotated[Scope, Depends(require)]
