"""Where and when time must be told, so that silent episodes of our own can be closed (rule 1.11). Pure."""

from collections.abc import Iterable

from processors.episodes.rules import PATIENCE
from schemas.facts import ClockTicked

SKEW_MS = 1000
"""Time is told so much late: by then the broker, whose clock may differ, stamps no save with an earlier one."""


def settled_ms(last_ms: int, known_ms: int, is_at_end: bool) -> int:
    """The time before which every save has been forwarded.

    ``last_ms``: that of the save forwarded last. ``known_ms``: our own, when the broker told where its topic ends;
    it counts where all that stood there then has been forwarded (``is_at_end``), and nothing is ever ahead of it.
    """
    return (known_ms if is_at_end else min(last_ms, known_ms)) - SKEW_MS


class Ticks:
    """Says when each partition of ``episode-saves`` needs a tick: while an episode of ours may be open there."""

    def __init__(self, partitions: Iterable[int], start_ms: int, every_ms: int, timeout_ms: int) -> None:
        """At first every partition may hold one."""
        self._every_ms = every_ms
        self._for_ms = timeout_ms + 2 * every_ms
        self._patience_ms = PATIENCE * timeout_ms + every_ms
        self._until_ms = dict.fromkeys(partitions, start_ms + self._for_ms)
        self._once_ms = dict.fromkeys(self._until_ms, start_ms + self._patience_ms)
        self._last_ms = 0

    def heard(self, partition: int, at_ms: int, is_mark: bool = False) -> None:
        """A save of ours went to this partition at ``at_ms``. A mark wants one tick, when patience with it ends."""
        if is_mark:
            self._once_ms[partition] = at_ms + self._patience_ms
        else:
            self._until_ms[partition] = max(self._until_ms.get(partition, 0), at_ms + self._for_ms)

    def due(self, at_ms: int) -> list[ClockTicked]:
        """The ticks to tell at ``at_ms``, before which every save has been forwarded. Never two of one time.

        However far time leaps, a partition is told once more after its last episode may be closed.
        """
        if at_ms < self._last_ms + self._every_ms:
            return []
        self._last_ms = at_ms
        now = {partition for partition, once_ms in self._once_ms.items() if once_ms <= at_ms}
        told = sorted(now | self._until_ms.keys())
        self._once_ms = {partition: once_ms for partition, once_ms in self._once_ms.items() if partition not in now}
        self._until_ms = {partition: until_ms for partition, until_ms in self._until_ms.items() if until_ms >= at_ms}
        return [ClockTicked(partition=partition, observed_ms=at_ms) for partition in told]
