"""The SELECTs about how full stores are. Block; raise what Database raises."""

import msgspec
from msgspec import Struct

from infra.clickhouse import Database
from schemas.intervals import Span


class StoredLevel(Struct, frozen=True, kw_only=True):
    """How full a store was at the end of a minute."""

    store: str
    observed_ms: int
    used_bytes: int
    capacity_bytes: int


class StoredExhaustion(Struct, frozen=True, kw_only=True):
    """What was told last of a store that had no room left to make."""

    store: str
    observed_ms: int
    used_bytes: int
    capacity_bytes: int
    locked_bytes: int
    is_over: bool


class StorageReads:
    """Answers from the public views in database ``public``."""

    def __init__(self, database: Database, public: str) -> None:
        self._database = database
        self._public = public

    def latest(self) -> list[StoredLevel]:
        """The last level of every store, by name."""
        sql = """SELECT store, observed_ms, used_bytes, capacity_bytes FROM {public:Identifier}.storage_levels
          ORDER BY store, minute_ms DESC LIMIT 1 BY store"""
        return msgspec.convert(self._database.rows(sql, {"public": self._public}), list[StoredLevel])

    def within(self, store: str, span: Span) -> list[StoredLevel]:
        """The levels of a store at the ends of the minutes that start in ``span``, by time."""
        sql = """SELECT store, observed_ms, used_bytes, capacity_bytes FROM {public:Identifier}.storage_levels
          WHERE store = {store:String} AND minute_ms >= {from_ms:Int64} AND minute_ms < {to_ms:Int64}
          ORDER BY minute_ms"""
        given = {"public": self._public, "store": store, "from_ms": span.start_ms, "to_ms": span.end_ms}
        return msgspec.convert(self._database.rows(sql, given), list[StoredLevel])

    def exhaustions(self) -> list[StoredExhaustion]:
        """What was told last of every store of which something was told, by name."""
        sql = """SELECT store, observed_ms, used_bytes, capacity_bytes, locked_bytes, is_over
          FROM {public:Identifier}.storage_exhaustions ORDER BY store, src_offset DESC LIMIT 1 BY store"""
        return msgspec.convert(self._database.rows(sql, {"public": self._public}), list[StoredExhaustion])
