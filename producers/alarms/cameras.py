"""The registry of cameras, followed in a thread of its own: logins of mails, known also while servers are away."""

import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from infra import journal, kafka
from infra.log import LogUnavailable
from infra.settings import Settings
from producers.segments.known import KnownCameras
from schemas import codec, topics
from schemas.errors import BadFact
from schemas.facts import MediaConfigured, MediaRemoved

_log = journal.get("smtp")


class Cameras:
    """Calls ``learn`` with every camera: as last known at once, then as the registry has them, then at every change."""

    def __init__(self, settings: Settings, folder: Path, learn: Callable[[Iterable[MediaConfigured]], None]) -> None:
        self._settings, self._learn = settings, learn
        folder.mkdir(parents=True, exist_ok=True)
        self._known = KnownCameras(folder / "cameras.jsonl", "smtp")
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="cameras", daemon=True)

    def start(self) -> None:
        """Begin. ``learn`` is called before this returns, then from the thread."""
        self._learn(self._known.facts)
        self._thread.start()

    def stop(self) -> None:
        """Stop following."""
        self._stopping.set()
        self._thread.join(5)

    def _follow(self) -> None:
        follower = self._begun()
        if follower is None:
            return
        latest: dict[str, MediaConfigured | MediaRemoved] = {}
        while not self._stopping.is_set():
            for record in follower.poll(0.5):
                try:
                    fact = codec.decode(topics.MEDIA.name, record.value)
                except BadFact as error:
                    _log.warning("passed over a bad fact", topic=record.topic, offset=record.offset, error=error)
                    continue
                latest[fact.media] = fact
            if follower.caught_up and latest:
                self._known.learn(latest.values())
                self._learn(self._known.facts)
                latest.clear()
        follower.close()

    def _begun(self) -> kafka.Follower | None:
        """A follower of the registry, as soon as the broker answers; None when stopped before."""
        while not self._stopping.is_set():
            try:
                kafka.ensure_topics(self._settings, timeout_s=2)
                return kafka.Follower(self._settings, topics.MEDIA.name)
            except LogUnavailable as error:
                _log.warning("the broker does not answer yet", error=error)
                self._stopping.wait(1.0)
        return None
