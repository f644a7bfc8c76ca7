"""Something that a worker does beside its processor, in a thread of its own."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from infra.health import Beat

Work = Callable[[threading.Event, Beat], None]
"""Goes on until the event is set, and touches the beat all the while. Whatever it raises is a bug."""
STALL_S = 60.0
_JOIN_S = 15.0


class Silent(RuntimeError):
    """The thread lives and does nothing. The process must be started anew."""


class Beside:
    """One such thread. ``judge`` is what the worker asks of it."""

    def __init__(self, name: str, work: Work) -> None:
        self._stopping = threading.Event()
        self._beat = Beat()
        self._failure: BaseException | None = None
        self._work = work
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @contextmanager
    def going_on(self) -> Iterator["Beside"]:
        """It runs as long as the block; then it is asked to stop and waited for."""
        self._thread.start()
        try:
            yield self
        finally:
            self._stopping.set()
            self._thread.join(_JOIN_S)

    def judge(self) -> None:
        """Raises what it died of, or Silent."""
        if self._failure is not None:
            raise self._failure
        if self._beat.age_s() > STALL_S:
            raise Silent(f"{self._thread.name} has not moved for {self._beat.age_s():.0f} s")

    def _run(self) -> None:
        try:
            self._work(self._stopping, self._beat)
        except Exception as failure:  # noqa: BLE001 - handed to the worker, which leaves the process
            self._failure = failure
