"""Makes every generation of a projection stand at one common place, for as long as they are compared."""

import threading
from types import TracebackType

from infra import journal, kafka
from infra.clickhouse import DatabaseError, DatabaseUnavailable
from infra.clock import now_ms
from infra.settings import Settings
from projections.generations.store import Generations, Offsets
from projections.spec import Projection

_FALLS_MS = 10_000
_RENEW_S = 2.0


class Barrier:
    """A context in which no generation reads past today's topic ends. It falls within 10 s of its owner's death."""

    def __init__(self, settings: Settings, generations: Generations, projection: Projection) -> None:
        self._generations = generations
        self._projection = projection
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._renew, name="barrier", daemon=True)
        self.offsets: Offsets = {topic: kafka.end_offsets(settings, topic) for topic in projection.topics}

    def __enter__(self) -> "Barrier":
        self._hold()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        self._generations.release(self._projection.name)

    def is_reached(self, next_offsets: Offsets, begins: Offsets) -> bool:
        """True when a reader at ``next_offsets`` has read all there is before the barrier."""
        return all(
            max(next_offsets.get(topic, {}).get(partition, 0), begins[topic][partition]) >= offset
            for topic, offsets in self.offsets.items()
            for partition, offset in offsets.items()
        )

    def _renew(self) -> None:
        while not self._over.wait(_RENEW_S):
            try:
                self._hold()
            except (DatabaseUnavailable, DatabaseError) as error:  # it may fall; who compares will see the rows differ
                journal.get("projections").warning("barrier", reason=str(error))

    def _hold(self) -> None:
        self._generations.hold(self._projection.name, self.offsets, now_ms() + _FALLS_MS)
