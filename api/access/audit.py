"""Tells what people do, as facts on topic ``audit``.

What changes something or takes footage away is told before it is answered: no fact, no answer. What is only looked at
is counted in memory and told within a minute, so that a log that is away stops nobody from watching.
"""

import secrets
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol

from api import times, writes
from api.access.scope import Scope
from api.access.views import Doing, Done, Shown, Views
from api.metrics import Metrics
from infra import clock, journal
from infra.log import FactLog, Position
from projections.audit.reads import ActionPlace, ActionSearch, StoredAction
from schemas.access import Action
from schemas.errors import BadFact
from schemas.facts import ActionAudited
from schemas.intervals import Span

_LOOK_S = 5.0
_JOIN_S = 5.0
LONGEST = 4096
"""Characters of a detail; what is longer is cut."""


@dataclass(frozen=True, slots=True)
class By:
    """Who did it, and from where."""

    who: str
    via: Shown
    peer: str = ""


NOBODY = "nobody"


def by(scope: Scope | None, peer: str) -> By:
    """The asker as facts name them; ``nobody`` where nobody has shown who they are."""
    return By(NOBODY, "none", peer) if scope is None else By(scope.who, scope.via, peer)


class Actions(Protocol):
    """``projections.audit.reads.AuditReads`` is one. Blocks. Raises DatabaseUnavailable."""

    def page(self, search: ActionSearch, limit: int, after: ActionPlace | None = None) -> list[StoredAction]:
        """At most ``limit`` actions, the latest first, those behind ``after``."""


class Audit:
    """Thread-safe. ``close`` tells what is still in memory."""

    def __init__(self, log: FactLog, metrics: Metrics) -> None:
        self._log, self._metrics = log, metrics
        self._views, self._using = Views(), threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def did(
        self, who: By, action: Action, *, media: str = "", stretch: Span | None = None, subject: str = "",
        detail: str = "",
    ) -> None:  # fmt: skip
        """Tell it, and wait until it is safe. Raises LogUnavailable: then it must not be answered as done."""
        doing = Doing(who.who, who.via, who.peer, action, media, "")
        writes.append(self._log, [_fact(doing, stretch, clock.now_ms(), subject, detail)])

    def saw(self, who: By, action: Action, what: str, *, media: str = "", stretch: Span | None = None) -> None:
        """Count it; told with its like. Never waits. ``what``: a plural, such as ``pictures``."""
        doing = Doing(who.who, who.via, who.peer, action, media, what)
        with self._using:
            has_room = self._views.saw(doing, stretch, clock.now_ms())
            if self._thread is None and not self._stop.is_set():
                self._thread = threading.Thread(target=self._tell, name="audit", daemon=True)
                self._thread.start()
        if not has_room:
            self._metrics.audit_lost()

    def close(self) -> None:
        """Tell the rest and stop."""
        self._stop.set()
        if self._thread:
            self._thread.join(_JOIN_S)
        with self._using:
            rest = self._views.rest()
        self._append(rest)

    def _tell(self) -> None:
        while not self._stop.wait(_LOOK_S):
            with self._using:
                due = self._views.due(clock.now_ms())
            self._append(due)

    def _append(self, done: list[Done]) -> None:
        for one in done:
            detail = f"{one.doing.what}: {one.times}"
            fact = _fact(one.doing, one.stretch, one.last_ms, "", detail)
            try:
                self._log.append(fact).add_done_callback(self._answered)
            except BadFact as error:  # of this one only: what others looked at is told all the same
                self._lost(error)

    def _answered(self, done: "Future[Position]") -> None:
        if (error := done.exception()) is not None:
            self._lost(error)

    def _lost(self, error: BaseException) -> None:
        self._metrics.audit_lost()
        journal.get("api").warning("what was looked at could not be told", error=error)


def _fact(doing: Doing, stretch: Span | None, at_ms: int, subject: str, detail: str) -> ActionAudited:
    if stretch:
        end_ms = min(stretch.end_ms, times.MAX_MS)
        stretch = Span(min(stretch.start_ms, end_ms - 1), end_ms)
    return ActionAudited(
        action_id=secrets.randbits(64), observed_ms=at_ms, who=doing.who[:256], via=doing.via,
        action=doing.action, media=doing.media[:512], from_ms=stretch.start_ms if stretch else None,
        to_ms=stretch.end_ms if stretch else None, subject=subject[:512], detail=detail[:LONGEST],
        peer=doing.peer[:64],
    )  # fmt: skip
