"""Where and when time must be told, so that marks which nothing joins any more are closed. Pure."""

from schemas.mail import AlarmsTicked


class Ticks:
    """Says when each partition of ``alarms`` needs a tick: while an episode may stand open there."""

    def __init__(self, every_ms: int) -> None:
        self._every_ms = every_ms
        self._until_ms: dict[int, int] = {}
        self._last_ms = 0

    def heard(self, partition: int, until_ms: int) -> None:
        """An episode may stand open on this partition until then."""
        self._until_ms[partition] = max(self._until_ms.get(partition, 0), until_ms)

    def is_due(self, at_ms: int) -> bool:
        """True when ticks would be told at ``at_ms``."""
        return bool(self._until_ms) and at_ms >= self._last_ms + self._every_ms

    def due(self, at_ms: int) -> list[AlarmsTicked]:
        """The ticks to tell at ``at_ms``, before which every mail has been read.

        However far time leaps, a partition is told once more after its last episode may be closed.
        """
        if not self.is_due(at_ms):
            return []
        self._last_ms = at_ms
        ticks = [AlarmsTicked(partition=partition, observed_ms=at_ms) for partition in sorted(self._until_ms)]
        self._until_ms = {partition: until_ms for partition, until_ms in self._until_ms.items() if until_ms >= at_ms}
        return ticks
