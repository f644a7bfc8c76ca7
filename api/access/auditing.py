"""Around every answer: who did what is told, in one place for all routes, before the answer goes out.

``acts.py`` says what each route does. The camera and the stretch are taken from the path, the answer and the query;
a route where they stand nowhere there says them with ``note``.
"""

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access.acts import Act, act_of
from api.access.audit import Audit, By, by
from api.access.told import About, Asked, told
from api.auth import Asking
from api.errors import Problem
from infra import journal
from infra.log import LogUnavailable
from schemas.intervals import Span

_ASKER, _NOTED, _BY = "asker", "audited", "audited_as"
_MOST_BODY = 64 << 10
"""Bytes of a body that are looked at."""
_AWAY = Problem(
    503, "log-unavailable", "what is done here must be written down, and the log does not answer; try again",
    headers={"Retry-After": "5"},
)  # fmt: skip


async def asked_by(request: Request, scope: Asking) -> None:
    """A dependency of every route behind a token: the audit names who asked."""
    setattr(request.state, _ASKER, scope)


def note(request: Request, media: str, stretch: Span | None = None) -> None:
    """Say what this request is about, where its path does not."""
    setattr(request.state, _NOTED, About(media, stretch))


def note_who(request: Request, who: By) -> None:
    """Say who it was, where the asker was nobody yet."""
    setattr(request.state, _BY, who)


class Auditing:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, audit: Audit) -> None:
        self._app, self._audit = app, audit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; an answer that has to be told waits until it is."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})
        exchange = _Exchange(self._audit, scope, receive, send)
        try:
            await self._app(scope, exchange.receiving, exchange.sending)
        except _NotToldError:
            await _AWAY.response()(scope, receive, send)


class _NotToldError(Exception):
    """What was done could not be told, so it is not answered."""


class _Exchange:
    """One request and its answer."""

    def __init__(self, audit: Audit, scope: Scope, receive: Receive, send: Send) -> None:
        self._audit, self._scope, self._receive, self._send = audit, scope, receive, send
        self._body = bytearray()
        self._head: Message | None = None

    async def receiving(self) -> Message:
        """The next piece of the request; kept where something in it may be told."""
        message = await self._receive()
        act = self._act()
        if act and (act.asked or act.statement) and len(self._body) < _MOST_BODY:
            self._body += message.get("body", b"")[:_MOST_BODY]
        return message

    async def sending(self, message: Message) -> None:
        """Hold the head of an answer that has to be told until its first bytes are there; tell; let both go."""
        if message["type"] == "http.response.start" and self._act():
            self._head = message
            return
        if self._head is not None and (act := self._act()):
            head, self._head = self._head, None
            await self._tell(act, head["status"], _whole(message))
            await self._send(head)
        await self._send(message)

    def _act(self) -> Act | None:
        path = getattr(self._scope.get("route"), "path", None)
        return None if path is None else act_of(self._scope["method"], path)

    async def _tell(self, act: Act, status: int, answer: bytes) -> None:
        state, client = self._scope["state"], self._scope.get("client")
        who = state.get(_BY) or by(state.get(_ASKER), client[0] if client else "")
        asked = Asked(
            self._scope.get("path_params", {}), self._scope.get("query_string", b""), bytes(self._body), answer, status
        )
        what = told(act, asked, who, state.get(_ASKER), state.get(_NOTED))
        if what is None:
            return
        if act.counted:
            self._audit.saw(what.who, what.action, act.counted, media=what.media, stretch=what.stretch)
            return
        try:
            await run_in_threadpool(
                self._audit.did, what.who, what.action, media=what.media, stretch=what.stretch, subject=what.subject,
                detail=what.detail,
            )  # fmt: skip
        except LogUnavailable as error:
            journal.get("api").warning("not answered, because it could not be audited", error=error)
            raise _NotToldError from None


def _whole(message: Message) -> bytes:
    """An answer that is all in one piece; nothing of a longer one."""
    body: bytes = b"" if message.get("more_body") else message.get("body", b"")
    return body if len(body) <= _MOST_BODY else b""
