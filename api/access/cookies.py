"""The cookie of a session, and whose page may use it."""

import hmac
from urllib.parse import urlsplit

from fastapi import Request, Response

from api.access.known import digest_of
from api.errors import Problem

NAME = "sightlog_session"
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_OURS = frozenset({"same-origin", "none"})
"""``none``: the person typed the address themselves."""


def put(response: Response, request: Request, secret: str, life_ms: int) -> None:
    """Have the browser keep the secret: unreadable for scripts, never sent along from another site."""
    response.set_cookie(
        NAME, secret, max_age=life_ms // 1000, path="/", secure=request.url.scheme == "https", httponly=True,
        samesite="strict",
    )  # fmt: skip


def drop(response: Response, request: Request) -> None:
    """Have the browser forget it."""
    response.delete_cookie(NAME, path="/", secure=request.url.scheme == "https", httponly=True, samesite="strict")


def digests(secret: str, admin_digest: bytes) -> tuple[str, str]:
    """What stands in the fact of a session with this cookie: of a user's, and of one that the admin token opened.

    The latter is bound to the admin token: with another token it is over.
    """
    return digest_of(secret), admin_bound(secret, admin_digest)


def admin_bound(secret: str, admin_digest: bytes) -> str:
    """The digest of a session that the admin token opened."""
    return hmac.digest(admin_digest, b"session\x1f" + secret.encode("utf-8", "surrogatepass"), "sha256").hex()


def require_same_origin(request: Request) -> None:
    """Pass, or 403 for a change that another site's page asks for. Who sends neither header is no browser."""
    if request.method in _READING:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        is_ours = site in _OURS
    else:
        is_ours = origin is None or _host(origin) == request.headers.get("Host", "").lower()
    if not is_ours:
        raise Problem(403, "cross-site", "another site's page asked for this; only our own page may with the cookie")


def _host(origin: str) -> str:
    """Host and port as they stand in an Origin; ``null`` and what cannot be read is no host."""
    try:
        return urlsplit(origin).netloc.lower() or "-"
    except ValueError:
        return "-"
