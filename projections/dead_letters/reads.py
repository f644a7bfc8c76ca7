"""The SELECTs behind ``sightlog letters`` and ``/dead-letters``. Block; raise what Database raises."""

from typing import NamedTuple

import msgspec
from msgspec import Struct

from infra.clickhouse import Database
from projections.dead_letters.redrive import Original, originals, redrive
from projections.dead_letters.shown import SECRET_TOPICS, as_text, mail_in, without_raw

__all__ = [
    "SECRET_TOPICS", "CountedLetters", "LetterPlace", "LetterReads", "LetterSearch", "MailLetters", "Original",
    "StoredLetter", "as_text", "mail_in", "originals", "redrive", "without_raw",
]  # fmt: skip

_VALUE_BYTES = 64 << 10
"""Longer values are left out of lists."""
_ROUTES = 10_000
_RECORD = "consumer, topic, partition, offset, hex(key) AS key"
_REST = "length(value) AS size_bytes, error, reason, failed_ms, code_version"
_COLUMNS = f"{_RECORD}, hex(value) AS content, {_REST}"
_SHORT = f"{_RECORD}, if(length(value) > {_VALUE_BYTES}, NULL, hex(value)) AS content, {_REST}"
_FILTERS = """({consumer:String} = '' OR consumer = {consumer:String})
          AND ({topic:String} = '' OR topic = {topic:String})
          AND ({error:String} = '' OR error = {error:String})"""


class LetterSearch(Struct, frozen=True, kw_only=True):
    """Which letters; empty: all."""

    consumer: str = ""
    topic: str = ""
    error: str = ""


class LetterPlace(NamedTuple):
    """Where a letter stands in lists: newest first, then by consumer and record."""

    failed_ms: int
    consumer: str
    topic: str
    partition: int
    offset: int


class MailLetters(Struct, frozen=True, kw_only=True):
    """The letters about mails that came by one way."""

    route: str
    letters: int
    reason: str
    """Of the newest."""
    place: str
    """Of its record: ``topic/partition/offset``."""
    failed_ms: int

    def joined(self, other: "MailLetters") -> "MailLetters":
        """Both as one; the newer one tells why."""
        newer = max(self, other, key=lambda one: (one.failed_ms, one.place))
        return msgspec.structs.replace(newer, letters=self.letters + other.letters)


class CountedLetters(Struct, frozen=True, kw_only=True):
    """Letters of one consumer with one error word."""

    consumer: str
    error: str
    letters: int
    last_ms: int
    """When the last one was written."""


class StoredLetter(Struct, frozen=True, kw_only=True):
    """One record that one consumer could not use."""

    consumer: str
    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    """None also where nobody may see it (topics of ``SECRET_TOPICS``), and where it is too long for a list."""
    size_bytes: int | None
    """Of the value; None: none, or nobody may see it."""
    error: str
    reason: str
    failed_ms: int
    code_version: str

    @property
    def place(self) -> str:
        """Where the record stands: ``topic/partition/offset``."""
        return f"{self.topic}/{self.partition}/{self.offset}"

    @property
    def letter_place(self) -> LetterPlace:
        """Where the letter stands in lists."""
        return LetterPlace(self.failed_ms, self.consumer, self.topic, self.partition, self.offset)


class LetterReads:
    """Answers about dead letters from the public view in database ``public``."""

    def __init__(self, database: Database, public: str) -> None:
        self._database = database
        self._public = public

    def page(
        self, limit: int, before_ms: int = 1 << 62, consumer: str = "", topic: str = "", error: str = ""
    ) -> list[StoredLetter]:
        """At most ``limit`` letters that failed before ``before_ms``, newest first; empty filters let all pass."""
        sql = f"""SELECT {_COLUMNS} FROM {{public:Identifier}}.dead_letters
          WHERE failed_ms < {{before_ms:Int64}} AND {_FILTERS}
          ORDER BY failed_ms DESC, consumer, topic, partition, offset LIMIT {{n:UInt32}}"""
        return self._letters(sql, before_ms=before_ms, consumer=consumer, topic=topic, error=error, n=limit)

    def listed(self, search: LetterSearch, limit: int, after: LetterPlace | None = None) -> list[StoredLetter]:
        """At most ``limit`` letters, newest first, those behind ``after``; long values left out."""
        at = after or LetterPlace(1 << 62, "", "", 0, 0)
        sql = f"""SELECT {_SHORT} FROM {{public:Identifier}}.dead_letters
          WHERE {_FILTERS} AND (failed_ms < {{at_ms:Int64}} OR failed_ms = {{at_ms:Int64}}
            AND (consumer, topic, partition, offset)
              > ({{at_consumer:String}}, {{at_topic:String}}, {{at_partition:UInt16}}, {{at_offset:UInt64}}))
          ORDER BY failed_ms DESC, consumer, topic, partition, offset LIMIT {{n:UInt32}}"""
        return self._letters(
            sql, n=limit, at_ms=at.failed_ms, at_consumer=at.consumer, at_topic=at.topic, at_partition=at.partition,
            at_offset=at.offset, **msgspec.structs.asdict(search),
        )  # fmt: skip

    def counted(self) -> list[CountedLetters]:
        """Letters by consumer and error word, the most first."""
        sql = """SELECT consumer, error, count() AS letters, max(failed_ms) AS last_ms
          FROM {public:Identifier}.dead_letters GROUP BY consumer, error ORDER BY letters DESC, consumer, error"""
        return msgspec.convert(self._database.rows(sql, {"public": self._public}), list[CountedLetters])

    def mails_since(self, since_ms: int) -> list[MailLetters]:
        """Letters about mails since then, by the way the mails came; the busiest ways where there are very many."""
        sql = f"""SELECT hex(key) AS route, count() AS letters, argMax(why, at_ms) AS reason,
            argMax(record, at_ms) AS place, max(at_ms) AS failed_ms
          FROM (
            SELECT key, reason AS why, failed_ms AS at_ms,
              concat(topic, '/', toString(partition), '/', toString(offset)) AS record
            FROM {{public:Identifier}}.dead_letters
            WHERE topic = 'mails' AND failed_ms > {{since_ms:Int64}} AND key IS NOT NULL)
          GROUP BY key ORDER BY letters DESC, route LIMIT {_ROUTES}"""
        rows = self._database.rows(sql, {"public": self._public, "since_ms": since_ms})
        for row in rows:
            row["route"] = bytes.fromhex(row["route"]).decode(errors="replace")
        return msgspec.convert(rows, list[MailLetters])

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
            content = row.pop("content")
            row["value"] = None if content is None else bytes.fromhex(content)
        return msgspec.convert(rows, list[StoredLetter])
