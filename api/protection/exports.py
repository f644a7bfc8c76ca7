"""Footage stays while an export reads it: a hold of the program's own, for an hour at a time, given back at the end."""

import secrets
from collections.abc import AsyncIterable, Iterable, Mapping

from anyio import CancelScope
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from infra import journal
from infra.clock import monotonic_s, now_ms
from infra.log import FactLog
from schemas.facts import LockReleased, LockRequested
from schemas.intervals import Span

LEAST_MS = 60_000
"""Less footage than this is read before retention could delete it: a page of clips must not flood the topic."""
HELD_MS = 3_600_000
RENEW_S = 1800.0


class ExportHold:
    """Nobody waits for it: an export begins at once, whoever is away. One that is never given back ends by itself."""

    def __init__(self, log: FactLog, media: str, span: Span, by: str) -> None:
        self._log, self._media, self._span, self._by = log, media, span, by
        self._lock_id: int | None = None
        self._placed_s = 0.0

    def place(self) -> None:
        """Hold the footage for an hour from now."""
        self._lock_id, self._placed_s = secrets.randbits(64), monotonic_s()
        at_ms = now_ms()
        self._tell(
            LockRequested(
                media=self._media, observed_ms=at_ms, start_ms=self._span.start_ms, end_ms=self._span.end_ms,
                lock_id=self._lock_id, reason="an export reads it", requested_by=self._by, until_ms=at_ms + HELD_MS,
                kind="export",
            )
        )  # fmt: skip

    def renew(self) -> None:
        """Hold it for another hour, once half of the last is over. Cheap enough to be called for every piece."""
        if self._lock_id is not None and monotonic_s() - self._placed_s >= RENEW_S:
            before = self._lock_id
            self.place()
            self._give_back(before)

    def release(self) -> None:
        """Give it back; again: nothing."""
        if self._lock_id is not None:
            self._give_back(self._lock_id)
            self._lock_id = None

    def _give_back(self, lock_id: int) -> None:
        self._tell(LockReleased(media=self._media, observed_ms=now_ms(), lock_id=lock_id, released_by=self._by))

    def _tell(self, fact: LockRequested | LockReleased) -> None:
        try:
            told = self._log.append(fact)
        except Exception as error:  # noqa: BLE001 - a log that is closed or broken must not break off a download
            journal.get("api").warning("an export is not held", media=self._media, error=error)
            return
        told.add_done_callback(lambda done: self._report(done.exception()))

    def _report(self, error: BaseException | None) -> None:
        if error is not None:
            journal.get("api").warning("an export is not held", media=self._media, error=error)


class HeldResponse(StreamingResponse):
    """A stream whose footage is held from before its first byte until its end, however it ends."""

    def __init__(
        self,
        content: Iterable[bytes] | AsyncIterable[bytes],
        hold: ExportHold | None,
        media_type: str,
        headers: Mapping[str, str],
    ) -> None:
        super().__init__(content, media_type=media_type, headers=headers)
        self._hold = hold

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream; a client that goes away ends it like any other end."""
        if self._hold is None:
            await super().__call__(scope, receive, send)
            return
        await run_in_threadpool(self._hold.place)
        try:
            await super().__call__(scope, receive, send)
        finally:
            with CancelScope(shield=True):
                await run_in_threadpool(self._hold.release)
