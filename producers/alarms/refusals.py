"""What was refused, told to people and to the log: alike refusals together, and never more than a little at a time."""

from concurrent.futures import Future

from msgspec.structs import replace

from infra import journal
from infra.log import FactLog, Position
from producers.alarms.metrics import Metrics
from schemas.mail import MailRefused

_KINDS = 500
"""Kinds of refusals between two tellings; what comes beyond them is told as one kind of many peers."""
_UNANSWERED = 2_000
"""So many facts wait for the log; meanwhile refusals are only counted together."""
_Kind = tuple[str, ...]
_log = journal.get("smtp")


class Refusals:
    """Counts refusals until ``tell``. Belongs to one event loop."""

    def __init__(self, log: FactLog, metrics: Metrics) -> None:
        self._log, self._metrics = log, metrics
        self._kinds: dict[_Kind, MailRefused] = {}
        self._sent: list[tuple[MailRefused, Future[Position]]] = []

    def add(self, refused: MailRefused) -> None:
        """One more. Told with the next ``tell``, together with those of the same peer, login, camera and reason."""
        self._metrics.refused.labels(refused.reason).inc(refused.times)
        self._join(refused)

    def tell(self) -> None:
        """Append what has come together; what the log did not take earlier comes again with the next."""
        waiting = []
        for fact, answer in self._sent:
            if not answer.done():
                waiting.append((fact, answer))
            elif answer.exception() is not None:
                self._join(fact)
        self._sent = waiting
        if len(waiting) > _UNANSWERED:
            return
        kinds, self._kinds = self._kinds, {}
        for fact in kinds.values():
            _log.warning(
                "refused", reason=fact.reason, peer=fact.peer, camera=fact.media, detail=fact.detail, times=fact.times
            )
            self._sent.append((fact, self._log.append(fact)))

    def _join(self, refused: MailRefused) -> None:
        kind: _Kind = (refused.reason, refused.media, refused.peer, refused.login)
        if kind not in self._kinds and len(self._kinds) >= _KINDS:
            kind = (refused.reason,)
            refused = MailRefused(
                route="many", observed_ms=refused.observed_ms, reason=refused.reason, times=refused.times,
                detail="by more peers and logins than are told one by one",
            )  # fmt: skip
        before = self._kinds.get(kind)
        self._kinds[kind] = replace(refused, times=refused.times + before.times) if before else refused
