"""How far a generation has read, kept in its own database beside its rows."""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from infra.clickhouse import Database
from projections.batch import Place, Read


class Checkpoint(NamedTuple):
    """One partition's saved reading. ``rev`` grows with every save."""

    next_offset: int
    watermark_ms: int
    rev: int


class Checkpoints:
    """Loads and saves the checkpoints of one generation. Single writer per partition."""

    def __init__(self, database: Database, db: str) -> None:
        self._database = database
        self._table = f"{db}.checkpoints"
        self._known: dict[Place, Checkpoint] = {}

    def load(self) -> dict[Place, Checkpoint]:
        """Every partition's checkpoint; a partition never read is missing."""
        sql = f"SELECT topic, partition, next_offset, watermark_ms, rev FROM {self._table} FINAL"
        self._known = {
            (row["topic"], row["partition"]): Checkpoint(row["next_offset"], row["watermark_ms"], row["rev"])
            for row in self._database.rows(sql)
        }
        return dict(self._known)

    def save(self, read: Mapping[Place, Read]) -> None:
        """Remember what has been read; call it only when the rows before are in the tables."""
        changed = {place: self._after(place, now) for place, now in read.items()}
        lines = [
            {"topic": place[0], "partition": place[1], **checkpoint._asdict()} for place, checkpoint in changed.items()
        ]
        self._database.insert_json(self._table, msgspec.json.Encoder().encode_lines(lines))
        self._known |= changed

    def _after(self, place: Place, now: Read) -> Checkpoint:
        before = self._known.get(place, Checkpoint(0, 0, 0))
        return Checkpoint(now.next_offset, max(now.watermark_ms, before.watermark_ms), before.rev + 1)
