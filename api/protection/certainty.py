"""Since when it is certain what is protected: what was known to Sightlog then is in the tables, and no later than that.

The processor of retention watches every step between a camera and a protected range and tells on topic
``retention-inputs`` when all that stood before a moment has been judged (``SettlingStarted``, ``Settled``). Whoever has
to be sure listens to it. A round is as young as the last time at which the topic was seen to end before it, so neither
a clock that is set nor a record that is heard late makes anything look fresher than it is.
"""

import threading
from collections import deque
from collections.abc import Callable, Collection
from typing import NamedTuple

from api.protection.store import Ends
from infra import journal
from infra.clock import monotonic_s
from infra.following import Source, usable
from infra.log import LogUnavailable
from schemas.facts import Settled, SettlingStarted

_INPUTS = "retention-inputs"
_POLL_S, _AGAIN_S, _MARK_S = 0.5, 2.0, 2.0
_ROUNDS = 16
"""Rounds that may be under way at once (of workers that take over from each other)."""
_MARKS = 512


class Certain(NamedTuple):
    """One moment and what is certain of it."""

    since_s: float
    """``monotonic_s`` of the moment, or earlier."""
    unsettled: frozenset[int]
    """Partitions of ``segments`` whose cameras are left out: their footage is not judged up to then."""
    ends: Ends
    """What protection had said by then stands on topic ``protections`` before these offsets."""

    def holds_for(self, partitions: Collection[int] | None) -> bool:
        """True for cameras on these partitions; None: on any."""
        return not self.unsettled if partitions is None else self.unsettled.isdisjoint(partitions)


class Certainty:
    """Listens in a thread of its own from the first question on: who asks hourly must find the last round heard."""

    def __init__(self, open_source: Callable[[], Source], ends: Callable[[str], Ends]) -> None:
        """``open_source`` begins at the end of ``retention-inputs``; ``ends`` says where a topic ends now."""
        self._open_source, self._ends = open_source, ends
        self._latest: Certain | None = None
        self._begun: dict[int, float] = {}
        """Round → ``monotonic_s`` of a moment before it began."""
        self._marks: deque[tuple[int, float]] = deque(maxlen=_MARKS)
        """Where the topic ended, and ``monotonic_s`` of a moment before it was asked."""
        self._changed, self._stop = threading.Condition(), threading.Event()
        self._thread: threading.Thread | None = None

    def within(self, age_s: float, wait_s: float, partitions: Collection[int] | None) -> Certain | None:
        """What is certain of a moment no more than ``age_s`` ago, waited for if need be; None: nothing."""
        deadline_s = monotonic_s() + wait_s
        with self._changed:
            self._ensure_listening()
            while True:
                found, now_s = self._latest, monotonic_s()
                if found and now_s - found.since_s <= age_s and found.holds_for(partitions):
                    return found
                if now_s >= deadline_s or self._stop.is_set():
                    return None
                self._changed.wait(deadline_s - now_s)

    def close(self) -> None:
        """Stop listening; who waits is sent home."""
        self._stop.set()
        with self._changed:
            self._changed.notify_all()
            thread = self._thread
        if thread:
            thread.join(5)

    def _ensure_listening(self) -> None:
        if not (self._thread and self._thread.is_alive()) and not self._stop.is_set():
            self._thread = threading.Thread(target=self._listen, name="certainty", daemon=True)
            self._thread.start()

    def _listen(self) -> None:
        """Until closed. A broker that is away is asked again; what was certain grows old meanwhile."""
        while not self._stop.is_set():
            try:
                self._follow(self._open_source())
            except LogUnavailable as away:
                journal.get("api").warning("what is protected is not certain", reason=str(away))
                self._stop.wait(_AGAIN_S)

    def _follow(self, source: Source) -> None:
        self._begun.clear()
        self._marks.clear()
        try:
            while not self._stop.is_set():
                self._mark()
                for record, fact in usable(source.poll(_POLL_S), "api"):
                    self._hear(fact, record.offset)
        finally:
            source.close()

    def _mark(self) -> None:
        """Note, now and then, where the topic ends."""
        now_s = monotonic_s()
        if not self._marks or now_s - self._marks[-1][1] >= _MARK_S:
            self._marks.append((self._ends(_INPUTS).get(0, 0), now_s))

    def _hear(self, fact: object, offset: int) -> None:
        """A round begins, or one that we heard begin is over."""
        if isinstance(fact, SettlingStarted):
            if before := [seen_s for end, seen_s in self._marks if end <= offset]:
                self._begun[fact.settle_id] = before[-1]
            while len(self._begun) > _ROUNDS:
                del self._begun[min(self._begun, key=self._begun.__getitem__)]
        elif isinstance(fact, Settled) and (since_s := self._begun.pop(fact.settle_id, None)) is not None:
            unsettled = frozenset(at for at, end in enumerate(fact.segment_ends) if end < 0)
            found = Certain(since_s, unsettled, self._ends("protections"))
            with self._changed:
                self._latest = found
                self._changed.notify_all()
