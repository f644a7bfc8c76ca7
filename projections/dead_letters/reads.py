"""The SELECTs behind ``sightlog letters`` and ``GET /dead-letters``. Block; raise what Database raises."""

import msgspec
from msgspec import Struct

from infra.clickhouse import Database

_COLUMNS = (
    "consumer, topic, partition, offset, hex(key) AS key, hex(value) AS value, error, reason, failed_ms, code_version"
)


class StoredLetter(Struct, frozen=True, kw_only=True):
    """One record that one consumer could not use."""

    consumer: str
    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    """None also where nobody may see it: values of topic ``media`` may hold a password."""
    error: str
    reason: str
    failed_ms: int
    code_version: str

    @property
    def place(self) -> str:
        """Where the record stands: ``topic/partition/offset``."""
        return f"{self.topic}/{self.partition}/{self.offset}"


class LetterReads:
    """Answers about dead letters from the public view in database ``public``."""

    def __init__(self, database: Database, public: str) -> None:
        self._database = database
        self._public = public

    def page(
        self, limit: int, before_ms: int = 1 << 62, consumer: str = "", topic: str = "", error: str = ""
    ) -> list[StoredLetter]:
        """At most ``limit`` letters that failed before ``before_ms``, newest first; empty filters let all pass."""
        sql = f"""SELECT {_COLUMNS} FROM {{public:Identifier}}.dead_letters WHERE failed_ms < {{before_ms:Int64}}
          AND ({{consumer:String}} = '' OR consumer = {{consumer:String}})
          AND ({{topic:String}} = '' OR topic = {{topic:String}})
          AND ({{error:String}} = '' OR error = {{error:String}})
          ORDER BY failed_ms DESC, consumer, topic, partition, offset LIMIT {{n:UInt32}}"""
        return self._letters(sql, before_ms=before_ms, consumer=consumer, topic=topic, error=error, n=limit)

    def at(self, topic: str, partition: int, offset: int) -> list[StoredLetter]:
        """Every consumer's letter about one record."""
        sql = f"""SELECT {_COLUMNS} FROM {{public:Identifier}}.dead_letters
          WHERE topic = {{topic:String}} AND partition = {{partition:UInt16}} AND offset = {{offset:UInt64}}
          ORDER BY consumer"""
        return self._letters(sql, topic=topic, partition=partition, offset=offset)

    def _letters(self, sql: str, **values: object) -> list[StoredLetter]:
        rows = self._database.rows(sql, {"public": self._public, **values})
        for row in rows:  # bytes travel as hex: they need not be text
            row["key"] = None if row["key"] is None else bytes.fromhex(row["key"])
            row["value"] = None if row["value"] is None else bytes.fromhex(row["value"])
        return msgspec.convert(rows, list[StoredLetter])
