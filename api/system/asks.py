"""Questions that are asked at the same time and waited for briefly: whoever is late is told with what he said last."""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, NamedTuple

from infra import clock, journal

WITHIN_S = 0.25
"""How long one round waits for everybody."""


class Ask(NamedTuple):
    """One question, and for how long its answer is good enough."""

    question: Callable[[], Any]
    """Blocks, and raises what is wrong."""
    fresh_ms: int = 1000


class Said(NamedTuple):
    """An answer, and when it was given; ``value`` None: none was given yet."""

    value: Any
    at_ms: int | None


NOTHING = Said(None, None)


class Asks:
    """Thread-safe. Of each question at most one is under way, however many people ask."""

    def __init__(self, asks: Mapping[str, Ask]) -> None:
        self._asks = asks
        self._pool = ThreadPoolExecutor(max(1, len(asks)), "system")
        self._said: dict[str, Said] = {}
        self._running: dict[str, Future[None]] = {}
        self._starting = threading.Lock()

    def told(self, within_s: float = WITHIN_S) -> dict[str, Said]:
        """Name → the latest answer; asked anew where it is too old, and waited for that long at most."""
        with self._starting:
            for name, ask in self._asks.items():
                if self._is_due(name, ask):
                    self._running[name] = self._pool.submit(self._answer, name, ask)
            running = list(self._running.values())
        wait(running, within_s)
        return {name: self._said.get(name, NOTHING) for name in self._asks}

    def close(self) -> None:
        """Ask no more; what is under way is left alone."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _is_due(self, name: str, ask: Ask) -> bool:
        under_way = self._running.get(name)
        if under_way is not None and not under_way.done():
            return False
        at_ms = self._said.get(name, NOTHING).at_ms
        return at_ms is None or clock.now_ms() - at_ms >= ask.fresh_ms

    def _answer(self, name: str, ask: Ask) -> None:
        try:
            self._said[name] = Said(ask.question(), clock.now_ms())
        except Exception as error:  # noqa: BLE001 - one that is away must not hide the others
            journal.get("api").warning("not known of the system", what=name, error=error)
            self._said.pop(name, None)
