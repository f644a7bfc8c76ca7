from typing import Any

import msgspec
import pytest

from infra.clickhouse import DatabaseError, DatabaseUnavailable
from infra.deadletter import Brake
from infra.log import Record
from projections import registry
from projections.batch import Batch
from projections.generations.checkpoints import Checkpoints
from projections.letters import Letters
from projections.sink import Sink
from schemas import codec
from tests.fakes import FakeLog
from tests.footage_facts import START_MS, gap, segment
from tests.memory_consumer import MemoryMessage


class FakeDatabase:
    """Takes inserts in memory; refuses those that hold ``poison``."""

    def __init__(self, poison: bytes = b"", code: int = 27) -> None:
        self.steps: list[str] = []
        self.rows_of: dict[str, list[Any]] = {}
        self._poison = poison
        self._code = code

    def insert_json(self, table: str, lines: bytes, columns: Any = None, **settings: Any) -> None:
        if self._poison and self._poison in lines:
            raise DatabaseError("cannot parse", self._code)
        self.steps.append(table)
        self.rows_of.setdefault(table, []).extend(msgspec.json.decode(line) for line in lines.splitlines())


class Steps(FakeLog):
    def __init__(self, steps: list[str]) -> None:
        super().__init__()
        self._steps = steps

    def append_raw(self, topic: str, *rest: Any, **named: Any) -> Any:
        self._steps.append(topic)
        return super().append_raw(topic, *rest, **named)


def sink(database: FakeDatabase, log: FakeLog, limit: int = 100) -> tuple[Sink, Letters]:
    letters = Letters(log, "projection-segments", Brake(limit))
    checkpoints = Checkpoints(database, "g")  # type: ignore[arg-type]
    return Sink(registry.SEGMENTS, "g", database, checkpoints, letters), letters  # type: ignore[arg-type]


def batch(letters: Letters, *values: bytes) -> Batch:
    made = Batch(registry.SEGMENTS, {"segments": "segments"}, letters.refuse)
    for offset, value in enumerate(values):
        made.add(MemoryMessage(Record("segments", 0, offset, b"cam1", value, 0)), 0)  # type: ignore[arg-type]
    return made


def test_rows_come_first_then_letters_then_the_checkpoint() -> None:
    database = FakeDatabase()
    writer, letters = sink(database, Steps(database.steps))
    assert writer.write(batch(letters, codec.encode(segment()), b"{bad", codec.encode(gap()))) == 2
    assert database.steps == ["g.segments", "g.recording_gaps", "dead-letters", "g.checkpoints"]
    assert database.rows_of["g.checkpoints"] == [
        {"topic": "segments", "partition": 0, "next_offset": 3, "watermark_ms": START_MS + 6100, "rev": 1}
    ]


def test_no_checkpoint_is_saved_while_a_letter_is_not_acknowledged() -> None:
    database, log = FakeDatabase(), FakeLog()
    writer, letters = sink(database, log)
    log.down = True
    with pytest.raises(Exception, match="down"):
        writer.write(batch(letters, codec.encode(segment()), b"{bad"))
    assert "g.checkpoints" not in database.steps


def test_a_row_that_the_engine_refuses_is_found_lettered_and_the_others_are_written() -> None:
    database, log = FakeDatabase(poison=b"poison"), FakeLog()
    writer, letters = sink(database, log)
    values = [codec.encode(segment(start_ms=START_MS + at * 6000)) for at in range(9)]
    values[4] = codec.encode(segment(start_ms=START_MS, run="poison"))
    assert writer.write(batch(letters, *values)) == 8
    assert len(database.rows_of["g.segments"]) == 8
    assert [(fact.offset, fact.reason) for fact in log.facts] == [(4, "the database refuses its row: cannot parse")]
    assert database.rows_of["g.checkpoints"][0]["next_offset"] == 9


def test_a_refusal_that_is_not_about_a_row_is_our_bug_and_makes_no_letters() -> None:
    database, log = FakeDatabase(poison=b"cam1", code=60), FakeLog()
    writer, letters = sink(database, log)
    with pytest.raises(DatabaseError):
        writer.write(batch(letters, codec.encode(segment())))
    assert log.facts == []


def test_an_absent_database_is_passed_on() -> None:
    class Absent(FakeDatabase):
        def insert_json(self, *given: Any, **named: Any) -> None:
            raise DatabaseUnavailable("gone")

    writer, letters = sink(Absent(), FakeLog())
    with pytest.raises(DatabaseUnavailable):
        writer.write(batch(letters, codec.encode(segment())))


def test_a_later_save_of_a_checkpoint_wins_even_with_a_smaller_offset() -> None:
    database = FakeDatabase()
    writer, letters = sink(database, FakeLog())
    writer.write(batch(letters, codec.encode(segment()), codec.encode(gap())))
    writer.write(batch(letters, codec.encode(segment())))
    assert [(row["next_offset"], row["rev"]) for row in database.rows_of["g.checkpoints"]] == [(2, 1), (1, 2)]
