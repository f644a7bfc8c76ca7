"""Where and when time must be told, so that episodes that no footage joins any more are closed. Pure."""

from schemas.motion import MotionTicked


class Ticks:
    """Says when each partition of ``motion`` needs a tick: while an episode may stand open there."""

    def __init__(self, every_ms: int) -> None:
        self._every_ms = every_ms
        self._until_ms: dict[int, int] = {}
        self._last_ms: dict[int, int] = {}

    def heard(self, partition: int, until_ms: int) -> None:
        """An episode may stand open on this partition until then."""
        self._until_ms[partition] = max(self._until_ms.get(partition, 0), until_ms)

    def forget(self, partition: int) -> None:
        """It is another's now."""
        self._until_ms.pop(partition, None)
        self._last_ms.pop(partition, None)

    def due(self, at_ms: int) -> list[int]:
        """The partitions that want to be told ``at_ms``."""
        return [one for one in self._until_ms if at_ms >= self._last_ms.get(one, 0) + self._every_ms]

    def tick(self, partition: int, at_ms: int) -> MotionTicked:
        """Tell it. However far time leaps, a partition is told once more after its last episode may be closed."""
        self._last_ms[partition] = at_ms
        if at_ms > self._until_ms.get(partition, 0):
            self._until_ms.pop(partition, None)
        return MotionTicked(partition=partition, observed_ms=at_ms)
