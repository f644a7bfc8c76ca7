"""Cameras exactly as configured, secrets included, followed from topic ``media``. The tables hold no secrets."""

import threading
from collections.abc import Callable

from infra.following import Source, usable
from infra.log import LogUnavailable
from schemas.facts import MediaConfigured, MediaRemoved

CameraFact = MediaConfigured | MediaRemoved

READY_S = 10.0
_POLL_S = 0.5


class Registry:
    """The last configuration of every camera. Follows in a thread of its own from the first question on."""

    def __init__(self, open_source: Callable[[], Source]) -> None:
        self._open_source = open_source
        self._known: dict[str, tuple[int, CameraFact]] = {}
        """Media → (offset, last fact); a media has one partition, so offsets order its facts."""
        self._ready, self._stop = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._start, self._learning = threading.Lock(), threading.Lock()

    def configured(self, media: str) -> MediaConfigured | None:
        """The configuration as it was sent; waits until the topic has been read. Raises LogUnavailable."""
        self._ensure_following()
        if not self._ready.wait(READY_S):
            raise LogUnavailable(f"topic media could not be read within {READY_S:.0f} s")
        _, fact = self._known.get(media, (0, None))
        return fact if isinstance(fact, MediaConfigured) else None

    def learn(self, fact: CameraFact, offset: int) -> None:
        """Take a fact that stands at ``offset``, unless a later one is known; so our own writes count at once."""
        with self._learning:
            if offset >= self._known.get(fact.media, (-1, fact))[0]:
                self._known[fact.media] = (offset, fact)

    def close(self) -> None:
        """Stop following."""
        self._stop.set()
        if self._thread:
            self._thread.join(5)

    def _ensure_following(self) -> None:
        """A follower that died (no broker at its start) is begun anew by the next question."""
        with self._start:
            if not (self._thread and self._thread.is_alive()) and not self._stop.is_set():
                self._thread = threading.Thread(target=self._follow, name="media-registry", daemon=True)
                self._thread.start()

    def _follow(self) -> None:
        source = self._open_source()
        try:
            while not self._stop.is_set():
                for record, fact in usable(source.poll(_POLL_S), "api"):
                    self.learn(fact, record.offset)
                if source.caught_up:
                    self._ready.set()
        finally:
            source.close()
