"""The registry of cameras, followed in a thread of its own: logins of mails, known also while servers are away."""

import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from infra.settings import Settings
from producers.cameras import News
from producers.known import KnownCameras
from schemas.facts import MediaConfigured


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
        news = News.of(self._settings, "smtp")
        while not self._stopping.is_set():
            if facts := news.poll(0.5):
                self._known.learn(facts)
                self._learn(self._known.facts)
        news.close()
