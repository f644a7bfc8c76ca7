"""The original records behind dead letters, byte for byte, also those whose value the public view hides."""

from base64 import b64decode
from collections.abc import Iterable, Iterator
from concurrent.futures import TimeoutError as NotInTime
from typing import NamedTuple

from infra.clickhouse import Database
from infra.log import FactLog, LogUnavailable
from infra.settings import Settings
from projections.generations.store import Generations

REDRIVEN = "sightlog-redriven"
"""Header on a record appended again: topic/partition/offset of the first."""
_ACKNOWLEDGE_S = 60.0


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


def redrive(log: FactLog, records: Iterable[Original]) -> int:
    """How many records stand on their topics again, acknowledged. Raises LogUnavailable; then some may as well."""
    sent = [log.append_raw(one.topic, one.key, one.value, ((REDRIVEN, one.place.encode()),)) for one in records]
    try:
        for future in sent:
            future.result(timeout=_ACKNOWLEDGE_S)
    except NotInTime:
        raise LogUnavailable(f"not acknowledged within {_ACKNOWLEDGE_S:.0f} s") from None
    return len(sent)


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else b64decode(text)
