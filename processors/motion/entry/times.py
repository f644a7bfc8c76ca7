"""Time, for whoever waits: segments whose predecessor does not come, and episodes that nothing joins any more."""

from collections.abc import Collection

from infra.clock import monotonic_s, now_ms
from infra.settings import Settings
from processors.motion.entry.desk import Desk
from processors.motion.entry.metrics import Metrics
from processors.motion.entry.passing import Deadlines, Passing, Seen
from processors.motion.entry.reader import Reader
from processors.motion.entry.telling import Telling
from processors.motion.entry.ticks import Ticks
from processors.motion.entry.wishes import Wishes

_WORK_MS = 60_000
"""So long a verdict may take."""


class Times:
    """What a scanner knows of time on its partitions."""

    def __init__(
        self, settings: Settings, desk: Desk, reader: Reader, telling: Telling, metrics: Metrics, wishes: Wishes
    ) -> None:
        """Raises LogUnavailable."""
        self._desk, self._reader, self._telling, self._metrics = desk, reader, telling, metrics
        self._wishes = wishes
        self._passing, self._deadlines = Passing(settings), Deadlines(settings.motion_wait_ms)
        self._ticks = Ticks(settings.tick_ms)
        self._window_ms = settings.motion_wait_ms + 2 * settings.tick_ms + _WORK_MS
        self._goals: dict[int, tuple[int, int]] = {}
        """Partition → time to tell there, once everything before an offset is judged."""
        self._ours: set[int] = set()

    def moved(self, partition: int) -> None:
        """A verdict there may have opened an episode, or kept one open."""
        if (join_ms := self._wishes.join_ms) is not None:
            self._ticks.heard(partition, now_ms() + self._window_ms + join_ms)

    def drop(self, partitions: Collection[int]) -> None:
        """They are not ours any more."""
        self._deadlines.drop(partitions)
        self._ours -= set(partitions)
        for partition in partitions:
            self._ticks.forget(partition)
            self._goals.pop(partition, None)

    def turn(self) -> None:
        """Say what time it is where somebody waits. Raises LogUnavailable."""
        for partition in set(self._reader.partitions) - self._ours:
            self._ours.add(partition)
            self.moved(partition)  # by whoever had it before us
        for partition in self._ours:
            self._deadlines.watch(partition, self._desk.due_ms(partition))
        if self._deadlines.passed(monotonic_s()) or self._silent():
            self._passing.ask()
        if (seen := self._passing.answer()) is not None:
            self._see(seen)
        self._tell()

    def _silent(self) -> list[int]:
        """Partitions that want to be told the time, and for which nothing is under way."""
        return [partition for partition in self._ticks.due(now_ms()) if partition not in self._goals]

    def _see(self, seen: Seen) -> None:
        for partition, due_ms in self._deadlines.passed(seen.at_s).items():
            if self._reader.position(partition) >= seen.ends.get(partition, 0):
                self._desk.pass_time(partition, due_ms + 1)
        for partition in self._silent():
            if end := seen.ends.get(partition, 0):
                self._goals[partition] = (seen.at_ms, end)
            else:
                self._ticks.forget(partition)

    def _tell(self) -> None:
        for partition, (at_ms, end) in list(self._goals.items()):
            if self._reader.reached(partition) >= end:
                del self._goals[partition]
                self._telling.tell(self._ticks.tick(partition, at_ms), partition=partition)
                self._metrics.ticks.inc()
