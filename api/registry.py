"""Cameras exactly as configured, secrets included, followed from topic ``media``. The tables hold no secrets."""

import threading
from collections.abc import Callable
from typing import Protocol

from infra import journal
from infra.log import LogUnavailable, Record
from schemas import codec
from schemas.errors import BadFact
from schemas.facts import MediaConfigured

READY_S = 10.0
_POLL_S = 0.5


class Source(Protocol):
    """What the registry reads; ``infra.kafka.Follower`` is one."""

    @property
    def caught_up(self) -> bool:
        """True once everything that stood on the topic at the start has been handed out."""

    def poll(self, timeout_s: float) -> list[Record]:
        """The next records; empty when none came in time."""

    def close(self) -> None:
        """Release the connection."""


class Registry:
    """The last configuration of every camera. Follows in a thread of its own from the first question on."""

    def __init__(self, open_source: Callable[[], Source]) -> None:
        self._open_source = open_source
        self._known: dict[str, MediaConfigured] = {}
        self._ready, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._follow, name="media-registry", daemon=True)
        self._start = threading.Lock()

    def configured(self, media: str) -> MediaConfigured | None:
        """The configuration as it was sent; waits until the topic has been read. Raises LogUnavailable."""
        with self._start:
            if not self._thread.is_alive() and not self._stop.is_set():
                self._thread.start()
        if not self._ready.wait(READY_S):
            raise LogUnavailable(f"topic media could not be read within {READY_S:.0f} s")
        return self._known.get(media)

    def close(self) -> None:
        """Stop following."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def _follow(self) -> None:
        source = self._open_source()
        try:
            while not self._stop.is_set():
                for record in source.poll(_POLL_S):
                    self._learn(record)
                if source.caught_up:
                    self._ready.set()
        finally:
            source.close()

    def _learn(self, record: Record) -> None:
        try:
            fact = codec.decode(record.topic, record.value)
        except BadFact as error:
            journal.get("api").warning("skipped", topic=record.topic, offset=record.offset, reason=error.reason)
            return
        if isinstance(fact, MediaConfigured):
            self._known[fact.media] = fact
        else:
            self._known.pop(fact.media, None)
