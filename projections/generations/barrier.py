"""Makes every generation of a projection stand at one common place, for as long as they are compared."""

import threading
from collections.abc import Callable, Iterable
from types import TracebackType

from infra import journal
from infra.clickhouse import DatabaseError, DatabaseUnavailable
from infra.clock import monotonic_s, now_ms, sleep_s
from projections.generations.store import Generation, Generations, Held, Offsets

_FALLS_MS = 10_000
_RENEW_S = 2.0
_REACH_S = 60.0
_LOOK_S = 0.2
Reach = Callable[[Generation], Offsets]


class NotReached(RuntimeError):
    """The generations did not come to stand at one place in time."""


class Barrier:
    """A context in which generations read no further than told. It falls within 10 s of its owner's death."""

    def __init__(self, generations: Generations, projection: str, reach: Reach) -> None:
        """``reach`` says how far a generation has been written: its checkpoints."""
        self._generations = generations
        self._projection = projection
        self._reach = reach
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._renew, name="barrier", daemon=True)
        self._held = Held(now_ms(), {})

    def __enter__(self) -> "Barrier":
        self._hold()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        self._generations.release(self._projection)

    def gather(self, running: list[Generation]) -> None:
        """Stop them all, then let the slower ones read to where the fastest stands. Raises NotReached after 60 s."""
        numbers = {one.number for one in running}
        self._wait(lambda: numbers <= self._generations.obeying(self._projection, self._held.mark))
        goal = furthest(self._reach(one) for one in running)
        self._held = Held(self._held.mark + 1, goal)
        self._hold()
        self._wait(lambda: all(furthest([self._reach(one), goal]) == self._reach(one) for one in running))

    def _wait(self, condition: Callable[[], bool]) -> None:
        until_s = monotonic_s() + _REACH_S
        while not condition():
            if monotonic_s() > until_s:
                raise NotReached
            sleep_s(_LOOK_S)

    def _renew(self) -> None:
        while not self._over.wait(_RENEW_S):
            try:
                self._hold()
            except (DatabaseUnavailable, DatabaseError) as error:  # it may fall: then the rows will be seen to differ
                journal.get("projections").warning("barrier", reason=str(error))

    def _hold(self) -> None:
        self._generations.hold(self._projection, self._held, now_ms() + _FALLS_MS)


def furthest(reached: Iterable[Offsets]) -> dict[str, dict[int, int]]:
    """Per topic and partition the largest of several offsets."""
    goal: dict[str, dict[int, int]] = {}
    for offsets in reached:
        for topic, partitions in offsets.items():
            most = goal.setdefault(topic, {})
            for partition, offset in partitions.items():
                most[partition] = max(offset, most.get(partition, 0))
    return goal
