"""A processor of a few lines: it counts the ticks of each partition, and closes what has been silent."""

from collections.abc import Sequence
from concurrent.futures import Future

from infra.log import Position
from processors.changelog import Chunk
from processors.spec import Processor, States
from processors.store import State
from schemas import codec, topics
from schemas.codec import AnyFact
from schemas.errors import BadFact
from schemas.facts import ClockTicked, WorkerSeated

BUG_MS, BAD_MS = 666, 667
"""Ticks at these times meet a bug, and make a fact that cannot be told."""


def fold(fact: ClockTicked, states: States) -> Sequence[AnyFact]:
    """Each tick says how many there have been."""
    if fact.observed_ms == BUG_MS:
        raise ZeroDivisionError("told to fail")
    count = int(states.get(b"count") or b"0") + 1
    states.put(b"count", str(count).encode(), mark_ms=fact.observed_ms)
    if fact.observed_ms == BAD_MS:
        raise BadFact("told to be bad")
    return [WorkerSeated(worker=f"{fact.partition}/{count}", observed_ms=fact.observed_ms)]


TOY = Processor(name="toy", version=1, source=topics.EPISODE_SAVES, fold=fold)


def tick(at_ms: int, partition: int = 0) -> bytes:
    """The value of a record."""
    return codec.encode(ClockTicked(partition=partition, observed_ms=at_ms))


class FakeChangelog:
    """A changelog in memory."""

    def __init__(self) -> None:
        self.states: dict[int, list[State]] = {}
        self.reads = 0

    def append(self, state: State) -> "Future[Position]":
        kept = self.states.setdefault(state.partition, [])
        kept.append(state)
        done: Future[Position] = Future()
        done.set_result(Position("toy-states", state.partition, len(kept) - 1))
        return done

    def ends(self) -> dict[int, tuple[int, int]]:
        return {partition: (0, len(self.states.get(partition, ()))) for partition in range(4)}

    def read(self, goals: dict[int, tuple[int, int]], is_stopped: object) -> "list[Chunk]":
        self.reads += 1
        return [(self.states[part][start:to], {part: to}) for part, (start, to) in goals.items() if start < to]
