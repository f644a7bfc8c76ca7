"""When the partitions of ``holds`` are told the time. Pure."""

from collections.abc import Collection

from schemas.facts import HoldsTicked


class Ticks:
    """Says which partitions want a tick: all of ours, for a lock may end on any of them, however long it lasts."""

    def __init__(self, every_ms: int) -> None:
        self._every_ms = every_ms
        self._last_ms: dict[int, int] = {}

    def due(self, partitions: Collection[int], now_ms: int, uptime_ms: int, boot_id: str) -> list[HoldsTicked]:
        """The ticks to tell now. Counted in uptime, so that a clock that is set neither hastens nor delays them."""
        self._last_ms = {partition: last_ms for partition, last_ms in self._last_ms.items() if partition in partitions}
        late = [
            one for one in sorted(partitions) if uptime_ms >= self._last_ms.get(one, -self._every_ms) + self._every_ms
        ]
        self._last_ms |= dict.fromkeys(late, uptime_ms)
        return [HoldsTicked(partition=one, observed_ms=now_ms, boot_id=boot_id, uptime_ms=uptime_ms) for one in late]
