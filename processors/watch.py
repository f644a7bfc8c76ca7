"""Is a worker doing its work? Asked of the broker, not of Faust: a consumer can go silent without an error (#523)."""

from collections.abc import Mapping

STALL_S = 30.0


class Stuck(RuntimeError):
    """There is work, no reason not to do it, and it is not done. The process must be started anew."""


class Watch:
    """What was seen of a worker, look by look. ``now_s``: any clock that does not jump."""

    def __init__(self, now_s: float, stall_s: float = STALL_S) -> None:
        self._stall_s = stall_s
        self._since_s = now_s
        self._done = 0

    def look(self, done: int, lag: int, members: int, now_s: float) -> None:
        """Raises Stuck after ``stall_s`` in which nothing was done, though there was lag or nobody in the group.

        ``done`` grows with every record taken or loaded; ``lag``: facts of our partitions that are not taken;
        ``members``: workers that the group knows of.
        """
        if done != self._done or (members and not lag):
            self._done = done
            self.excuse(now_s)
        elif now_s - self._since_s >= self._stall_s:
            reason = f"{lag} facts to take" if members else "no seat in its consumer group"
            raise Stuck(f"it has {reason} and has done nothing for {now_s - self._since_s:.0f} s")

    def excuse(self, now_s: float) -> None:
        """There is a reason why nothing is done: the broker is away."""
        self._since_s = now_s


def lag(spans: Mapping[int, tuple[int, int]], positions: Mapping[int, int]) -> int:
    """Facts that are not taken. By partition: ``spans`` (first offset there, next one to be written), ``positions``
    (next one to be taken) of those that are ours."""
    return sum(
        max(0, end - max(begin, positions[partition]))
        for partition, (begin, end) in spans.items()
        if partition in positions
    )
