"""How far a partition may be committed: up to the first record that is not done. Pure."""

import heapq
from typing import NamedTuple


class Commit(NamedTuple):
    """What may be committed of a partition."""

    offset: int
    came_ms: int
    """When the log took the record there, or the last before: how far back the next reader must begin."""


class Ledger:
    """The records of one partition that were taken and are not done. Takes them in the order of their offsets."""

    def __init__(self) -> None:
        self._open: list[tuple[int, int]] = []
        self._done: set[int] = set()
        self._next: Commit | None = None

    def take(self, offset: int, came_ms: int) -> None:
        """A record is in hand."""
        heapq.heappush(self._open, (offset, came_ms))
        self._next = Commit(offset + 1, came_ms)

    def done(self, offset: int) -> None:
        """It needs nothing more."""
        self._done.add(offset)
        while self._open and self._open[0][0] in self._done:
            self._done.discard(heapq.heappop(self._open)[0])

    @property
    def reached(self) -> Commit | None:
        """Everything before is done; None: nothing was taken yet."""
        return Commit(*self._open[0]) if self._open else self._next
