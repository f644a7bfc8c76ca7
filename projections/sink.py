"""Rows → tables, then letters → log, then checkpoint: in this order, so that a crash anywhere only repeats rows.

A repeated row is the same row (same key, same ``rev``), and the engine keeps one of them.
"""

from collections.abc import Sequence

from confluent_kafka import Message

from infra.clickhouse import Database, DatabaseError
from projections.batch import Batch
from projections.generations.checkpoints import Checkpoints
from projections.letters import Refusals
from projections.spec import Projection, columns

_BAD_ROW = frozenset({6, 25, 26, 27, 32, 33, 38, 41, 53, 69, 70, 72, 117, 128, 130, 131, 321, 349, 407})
"""ClickHouse codes that one row can provoke (CANNOT_PARSE_*, TYPE_MISMATCH, INCORRECT_DATA, TOO_LARGE_* …). Any other
refusal is about the table or about us, and letters would only hide it."""
_INSERT = {"max_partitions_per_insert_block": 0, "input_format_parallel_parsing": 0, "optimize_on_insert": 0}
"""A rebuild meets years of footage in one batch. Parallel parsing costs more CPU than it saves at this size. Rows that
replace others of their own batch may stand beside them until a merge: views read FINAL, and replacing them at once
costs a third of the insert."""


class Sink:
    """Writes the batches of one generation. DatabaseUnavailable or LogUnavailable: write the same batch again."""

    def __init__(
        self, projection: Projection, db: str, database: Database, checkpoints: Checkpoints, refusals: Refusals
    ) -> None:
        self._projection = projection
        self._db = db
        self._database = database
        self._checkpoints = checkpoints
        self._refusals = refusals

    def write(self, batch: Batch) -> int:
        """Put a batch into the tables and remember how far it went; the number of rows."""
        written = self._insert_or_split(batch, batch.messages)
        self._refusals.settle()
        self._checkpoints.save(batch.read)
        return written

    def _insert_or_split(self, batch: Batch, messages: Sequence[Message]) -> int:
        """Insert; where the engine refuses a row, find it by halving and refuse its record."""
        try:
            return self._insert(batch)
        except DatabaseError as error:
            if error.code not in _BAD_ROW:
                raise
            if len(messages) == 1:
                self._refusals.refuse(batch.record(messages[0]), f"the database refuses its row: {error}")
                return 0
        middle = len(messages) // 2
        halves = (messages[:middle], messages[middle:])
        return sum(self._insert_or_split(batch.part(half), half) for half in halves)

    def _insert(self, batch: Batch) -> int:
        for row, lines in batch.lines.items():
            if lines:
                table = f"{self._db}.{self._projection.tables[row]}"
                self._database.insert_json(table, bytes(lines), columns(row), shape="JSONCompactEachRow", **_INSERT)
        return sum(batch.count(row) for row in batch.lines)
