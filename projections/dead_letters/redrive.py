"""The original records behind dead letters, byte for byte, also those whose value the public view hides."""

from base64 import b64decode
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from infra.clickhouse import Database
from infra.settings import Settings
from projections.generations.store import Generations


class Original(NamedTuple):
    """A record as it first stood on its topic."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None

    @property
    def place(self) -> str:
        """Where it first stood: ``topic/partition/offset``."""
        return f"{self.topic}/{self.partition}/{self.offset}"


def originals(database: Database, settings: Settings, places: Iterable[tuple[str, int, int]]) -> Iterator[Original]:
    """The record at each (topic, partition, offset) that has a letter, once, in the order of ``places``."""
    generations = Generations(settings, database)
    if (live := generations.live("dead_letters")) is None:
        return
    sql = f"""SELECT key, value FROM {generations.database_of("dead_letters", live.number)}.dead_letters FINAL
      WHERE topic = {{topic:String}} AND partition = {{partition:UInt16}} AND offset = {{offset:UInt64}} LIMIT 1"""
    for topic, partition, offset in places:
        row = database.one(sql, {"topic": topic, "partition": partition, "offset": offset})
        if row is not None:
            yield Original(topic, partition, offset, _bytes(row["key"]), _bytes(row["value"]))


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else b64decode(text)
