"""The generations of every projection as the database knows them. Thread-safe as far as ``Database`` is."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec
from msgspec import Struct

from infra.clickhouse import Database
from infra.clock import now_ms
from infra.settings import Settings
from projections.spec import Projection

State = Literal["building", "live", "kept", "failed", "dropped"]
"""building: reads, nobody is shown it. live: reads, the views show it. kept: stands still, for a rollback.
failed: stands still, ``reason`` says why. dropped: its database is gone."""
RUNNING: tuple[State, ...] = ("building", "live")
Offsets = Mapping[str, Mapping[int, int]]
"""Topic → partition → offset."""
_HERE = Path(__file__).parent


class Held(NamedTuple):
    """A barrier: no generation reads past ``offsets``; a partition that is not named stands still."""

    mark: int
    offsets: Offsets

    def stops(self, topic: str, partition: int, offset: int) -> bool:
        """True when the record there must not be read while the barrier stands."""
        return offset >= self.offsets.get(topic, {}).get(partition, 0)


class Generation(Struct, frozen=True, kw_only=True):
    """One generation of one projection."""

    projection: str
    number: int
    state: State
    shape: str
    reason: str = ""
    changed_ms: int = 0
    rev: int = 0


class Generations:
    """Creates, lists, publishes and drops generations. Raises what Database raises."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._public = settings.database
        self._meta = f"{settings.database}_projections"
        self._database = database

    def database_of(self, projection: str, number: int) -> str:
        """Name of the database that holds one generation's tables and checkpoints."""
        return f"{self._public}_{projection}_g{number}"

    def prepare(self) -> None:
        """Create the databases and tables that every generation needs. Safe to repeat."""
        for name in (self._public, self._meta):
            self._database.command(f"CREATE DATABASE IF NOT EXISTS {name}")
        self._run(_HERE / "table.sql", self._meta)

    def all(self) -> list[Generation]:
        """Every generation that still has a database, by projection and number."""
        sql = f"SELECT * FROM {self._meta}.generations FINAL WHERE state != 'dropped' ORDER BY projection, number"
        return msgspec.convert(self._database.rows(sql), list[Generation])

    def of(self, projection: str) -> list[Generation]:
        """The generations of one projection, oldest first."""
        return [generation for generation in self.all() if generation.projection == projection]

    def live(self, projection: str) -> Generation | None:
        """The generation that the public names show; None before the first start. Of two, a swap was cut short."""
        found = [generation for generation in self.of(projection) if generation.state == "live"]
        return max(found, key=lambda one: (one.changed_ms, one.number), default=None)

    def start(self, projection: Projection, state: State) -> Generation:
        """A new, empty generation with the next free number, its tables made."""
        sql = f"SELECT max(number) FROM {self._meta}.generations WHERE projection = {{projection:String}}"
        last = self._database.value(sql, {"projection": projection.name}) or 0
        generation = Generation(projection=projection.name, number=last + 1, state=state, shape=projection.shape())
        self.create_tables(projection, generation.number)
        return self.move(generation, state)

    def create_tables(self, projection: Projection, number: int) -> None:
        """The database, tables and checkpoints of a generation. Safe to repeat."""
        db = self.database_of(projection.name, number)
        self._database.command(f"CREATE DATABASE IF NOT EXISTS {db}")
        for statement in projection.table_statements(db):
            self._database.command(statement)
        self._run(_HERE / "checkpoint.sql", db)

    def move(self, generation: Generation, state: State, reason: str = "") -> Generation:
        """``generation`` in a new state, remembered."""
        changed = msgspec.structs.replace(
            generation, state=state, reason=reason, changed_ms=now_ms(), rev=generation.rev + 1
        )
        self._database.insert_json(f"{self._meta}.generations", msgspec.json.encode(changed))
        return changed

    def publish(self, projection: Projection, number: int) -> None:
        """Point the public names at a generation: each name in one step, readers see no gap."""
        for statement in projection.view_statements(self.database_of(projection.name, number), self._public):
            self._database.command(statement)

    def drop(self, generation: Generation) -> None:
        """Remove a generation's database for good."""
        self._database.command(f"DROP DATABASE IF EXISTS {self.database_of(generation.projection, generation.number)}")
        self.move(generation, "dropped")

    def hold(self, projection: str, held: Held, until_ms: int) -> None:
        """Let no running generation of a projection read past a barrier until ``until_ms``."""
        barrier = {"projection": projection, "mark": held.mark, "offsets": msgspec.json.encode(held.offsets).decode()}
        line = msgspec.json.encode(barrier | {"until_ms": until_ms, "rev": now_ms()})
        self._database.insert_json(f"{self._meta}.barriers", line)

    def release(self, projection: str) -> None:
        """Let the generations of a projection read on."""
        self.hold(projection, Held(0, {}), 0)

    def barriers(self) -> dict[str, Held]:
        """Projection → the barrier that stands."""
        sql = f"SELECT projection, mark, offsets FROM {self._meta}.barriers FINAL WHERE until_ms > {now_ms()}"
        return {
            row["projection"]: Held(row["mark"], msgspec.json.decode(row["offsets"], type=dict[str, dict[int, int]]))
            for row in self._database.rows(sql)
        }

    def obey(self, projection: str, number: int, mark: int) -> None:
        """Remember that a generation obeys a barrier."""
        line = msgspec.json.encode({"projection": projection, "number": number, "mark": mark})
        self._database.insert_json(f"{self._meta}.obeyed", line)

    def obeying(self, projection: str, mark: int) -> set[int]:
        """The generations that obey the barrier."""
        sql = (
            f"SELECT number FROM {self._meta}.obeyed FINAL"
            " WHERE projection = {projection:String} AND mark = {mark:UInt64}"
        )
        return {row["number"] for row in self._database.rows(sql, {"projection": projection, "mark": mark})}

    def _run(self, file: Path, db: str) -> None:
        code = "\n".join(line for line in file.read_text("utf-8").splitlines() if not line.startswith("--"))
        for statement in code.replace("{db}", db).split(";\n"):
            if statement.strip():
                self._database.command(statement)
