"""A projection loop over records in memory and the real engine, whose process may die at any insert."""

import random
from typing import Any

import pytest

from infra.clickhouse import Database
from infra.deadletter import Brake
from infra.log import Record
from infra.settings import Settings
from projections.batch import Batch
from projections.generations.checkpoints import Checkpoints
from projections.generations.digest import TableDigest, digests
from projections.generations.store import Generation, Generations
from projections.letters import Letters
from projections.loop import Loop
from projections.policy import FlushPolicy
from projections.sink import Sink
from projections.spec import Projection
from tests.fakes import FakeLog
from tests.memory_consumer import MemoryConsumer


class Crash(Exception):
    """The process dies here."""


class CrashingDatabase:
    """A Database whose process dies at its ``at``-th insert, before or after the engine has it."""

    def __init__(self, database: Database, at: int | None, after: bool) -> None:
        self._database = database
        self._left = at
        self._after = after

    def insert_json(self, *given: Any, **named: Any) -> None:
        dies = self._left == 0
        if self._left is not None:
            self._left -= 1
        if dies and not self._after:
            raise Crash
        self._database.insert_json(*given, **named)
        if dies:
            raise Crash

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)


class House:
    """Makes generations of one projection in the real engine and folds records into them."""

    def __init__(self, settings: Settings, projection: Projection) -> None:
        self.public = settings.database
        self._projection = projection
        self._database = Database(settings)
        self._generations = Generations(settings, self._database)
        self._generations.prepare()

    def generation(self) -> Generation:
        return self._generations.start(self._projection, "kept")

    def db(self, generation: Generation) -> str:
        return self._generations.database_of(self._projection.name, generation.number)

    def fold(
        self,
        generation: Generation,
        records: list[Record],
        take: int = 40,
        crash_at: int | None = None,
        after: bool = False,
    ) -> FakeLog:
        """Read from the checkpoint to the end; raises Crash where told to."""
        log = FakeLog()
        letters = Letters(log, self._projection.consumer, Brake(100))
        database: Any = CrashingDatabase(self._database, crash_at, after)
        checkpoints = Checkpoints(database, self.db(generation))
        sink = Sink(self._projection, self.db(generation), database, checkpoints, letters)
        consumer: Any = MemoryConsumer(records, take)
        names = {topic: topic for topic in self._projection.topics}
        Loop(
            consumer, names, lambda: Batch(self._projection, names, letters.refuse), sink, checkpoints, letters,
            FlushPolicy(take, 1 << 30, 10**9), lambda: consumer.is_drained,
        ).run()  # fmt: skip
        return log

    def told(self, records: list[Record], take: int = 40) -> Generation:
        """A new generation that nothing disturbed."""
        generation = self.generation()
        self.fold(generation, records, take)
        return generation

    def told_twice_in_any_order(self, records: list[Record]) -> Generation:
        """A new generation to which every batch was delivered twice, none in its place."""
        generation = self.generation()
        batches = [records[at : at + 30] for at in range(0, len(records), 30)] * 2
        random.Random(5).shuffle(batches)
        for batch in batches:
            self.forget_reading(generation)
            self.fold(generation, batch, take=30)
        return generation

    def told_through_a_crash(self, records: list[Record], at: int, after: bool) -> Generation:
        """A new generation whose process died at its ``at``-th insert; another went on from the checkpoint."""
        generation = self.generation()
        with pytest.raises(Crash):
            self.fold(generation, records, take=100, crash_at=at, after=after)
        self.fold(generation, records)
        return generation

    def forget_reading(self, generation: Generation) -> None:
        self._database.command(f"TRUNCATE TABLE {self.db(generation)}.checkpoints")

    def digests(self, generation: Generation) -> list[TableDigest]:
        return digests(self._database, self._projection, self.db(generation))

    def publish(self, generation: Generation) -> None:
        """Let the public names show this generation."""
        self._generations.publish(self._projection, generation.number)

    def command(self, sql: str) -> None:
        """Run a statement."""
        self._database.command(sql)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The answer of the engine, as tuples."""
        return [tuple(row.values()) for row in self.dicts(sql)]

    def dicts(self, sql: str) -> list[dict[str, Any]]:
        """The answer of the engine, by name."""
        return self._database.rows(sql)
