"""Outages of servers that a worker needs: one journal line when one begins, one when all are back."""

from typing import Any

from prometheus_client import Gauge


class Outage:
    """What one worker says of it. For one thread."""

    def __init__(self, log: Any, waits: str, goes_on: str, gauge: Gauge | None = None) -> None:
        """``waits``, ``goes_on``: the lines in ``log``. ``gauge``: 1 while a server is away."""
        self._log, self._waits, self._goes_on, self._gauge = log, waits, goes_on, gauge
        self._is_on = False

    def say(self, why: str) -> None:
        """What is away now, and why; empty: nothing."""
        if bool(why) == self._is_on:
            return
        self._is_on = bool(why)
        if self._gauge is not None:
            self._gauge.set(self._is_on)
        if why:
            self._log.warning(self._waits, reason=why)
        else:
            self._log.info(self._goes_on)
