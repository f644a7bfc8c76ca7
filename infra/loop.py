"""A worker's main loop: it beats at every turn, and goes on until told to stop."""

import threading
from collections.abc import Callable

from infra.health import Beat
from infra.log import FactLog

_LOOK_S = 0.2


class Stopped(Exception):
    """Told to stop, or the seat is gone, before all was acknowledged: nothing of it may be committed."""


class Loop:
    """One worker's. Ask ``goes_on`` at every turn, and whenever something is waited for."""

    def __init__(self, stopping: threading.Event, beat: Beat) -> None:
        self._stopping = stopping
        self._beat = beat

    def goes_on(self, wait_s: float = 0) -> bool:
        """False once told to stop, which is waited for as long as ``wait_s``."""
        self._beat.touch()
        return not self._stopping.wait(wait_s)


def settle(log: FactLog, goes_on: Callable[[], bool]) -> None:
    """Return once all that was appended to ``log`` is answered. Raises Stopped where it does not go on meanwhile."""
    while log.flush(_LOOK_S):
        if not goes_on():
            raise Stopped
