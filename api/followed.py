"""One topic that a process of the API follows, in a thread of its own, from the first question on."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

from infra import clock, journal
from infra.following import Source, usable
from infra.log import LogUnavailable, Record

READY_S = 10.0
"""How long a question waits for the topic to be read for the first time."""
_POLL_S = 0.5
_AGAIN_S = 1.0
_LOOK_S = 0.02


class Followed:
    """Hands the facts of a topic on, in order within a partition. Thread-safe."""

    def __init__(self, topic: str, open_source: Callable[[], Source], take: Callable[[Record, Any], None]) -> None:
        """``take`` is called from one thread at a time, perhaps again with facts it had: a source may be replaced."""
        self._topic, self._open_source, self._take = topic, open_source, take
        self._ready, self._stop = threading.Event(), threading.Event()
        self._start = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def is_ready(self) -> bool:
        """True once all that stood on the topic at the start is known. Begins to follow where nobody has."""
        with self._start:
            if not (self._thread and self._thread.is_alive()) and not self._stop.is_set():
                self._thread = threading.Thread(target=self._follow, name=f"follow-{self._topic}", daemon=True)
                self._thread.start()
        return self._ready.is_set()

    def wait(self) -> None:
        """Return once the topic has been read. Raises LogUnavailable when that does not happen in time."""
        if not self.is_ready and not self._ready.wait(READY_S):
            raise self._unread()

    async def wait_async(self) -> None:
        """The same without holding a thread."""
        deadline_s = clock.monotonic_s() + READY_S
        while not self.is_ready:
            if clock.monotonic_s() >= deadline_s:
                raise self._unread()
            await asyncio.sleep(_LOOK_S)

    def close(self) -> None:
        """Stop following."""
        self._stop.set()
        if self._thread:
            self._thread.join(5)

    def _unread(self) -> LogUnavailable:
        return LogUnavailable(f"topic {self._topic} could not be read within {READY_S:.0f} s")

    def _follow(self) -> None:
        """Until told to stop. A broker that is away at the start is asked again and again."""
        while not self._stop.is_set():
            try:
                source = self._open_source()
            except LogUnavailable as error:
                journal.get("api").warning("a topic cannot be read yet", topic=self._topic, error=error)
                self._stop.wait(_AGAIN_S)
            else:
                self._hand_on(source)

    def _hand_on(self, source: Source) -> None:
        try:
            while not self._stop.is_set():
                for record, fact in usable(source.poll(_POLL_S), "api"):
                    self._take(record, fact)
                if source.caught_up:
                    self._ready.set()
        finally:
            source.close()
