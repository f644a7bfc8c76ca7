"""Around every answer: how long it took, one journal line without query or token, and the security headers."""

from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.metrics import Metrics
from infra import clock, journal

_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_ASKED = ("/api/", "/central/")
"""Paths whose answers depend on who asks: nobody in between may lend one to another."""
API_POLICY = "default-src 'none'; frame-ancestors 'none'"
"""Content-Security-Policy of everything that is not the page."""


class Observe:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and note its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began_s, status = clock.monotonic_s(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _secure(MutableHeaders(scope=message), scope["path"].startswith(_ASKED))
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            self._note(scope, status, clock.monotonic_s() - began_s)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        template = getattr(scope.get("route"), "path", "(none)")
        self._metrics.answered(scope["method"], template, status, seconds)
        tell: Callable[..., None] = journal.get("api").debug if scope["path"] in _QUIET else journal.get("api").info
        tell("answered", method=scope["method"], path=scope["path"], status=status, ms=round(seconds * 1000, 1))


def _secure(headers: MutableHeaders, depends_on_rights: bool) -> None:
    if depends_on_rights:
        headers.setdefault("Cache-Control", "private, no-store")
        headers.add_vary_header("Cookie, Authorization")
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("Content-Security-Policy", API_POLICY)
