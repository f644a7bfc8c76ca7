"""Who may ask: one admin token, as ``Authorization: Bearer``. Compared in constant time, never logged."""

import hmac
from hashlib import sha256

from fastapi import Request
from fastapi.security import HTTPBearer

from api.errors import Problem

scheme = HTTPBearer(auto_error=False, description="The admin token; see SIGHTLOG_API_KEY and `sightlog token`")


async def require(request: Request) -> None:
    """Pass when the request bears the token; else 401 that says how to ask."""
    given = await scheme(request)
    if given is None:
        raise _refusal("send the header Authorization: Bearer TOKEN", "")
    if not hmac.compare_digest(digest(given.credentials), request.app.state.token_digest):
        raise _refusal("the token is wrong", ', error="invalid_token"')


def digest(token: str) -> bytes:
    """What is compared: equal lengths whatever was sent."""
    return sha256(token.encode("utf-8", "surrogatepass")).digest()


def _refusal(detail: str, more: str) -> Problem:
    return Problem(401, "unauthorized", detail, headers={"WWW-Authenticate": f'Bearer realm="sightlog"{more}'})
