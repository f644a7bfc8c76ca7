"""The SELECTs about what goes, is taken back and went. Block; raise what Database raises."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, get_args

import msgspec
from msgspec import Struct

from infra.clickhouse import Database
from projections.columns import LAST_MS
from projections.visible import inside, ms
from schemas.intervals import Span
from schemas.visible import Visible

__all__ = [
    "LAST_MS", "STATES", "ExpirationPlace", "ExpirationReads", "ExpirationSearch", "HistoryReads", "State",
    "StoredDeletion", "StoredExpiration", "StoredFootage",
]  # fmt: skip

State = Literal["expired", "restored", "ordered"]
"""expired: it will go, unless it is taken back. restored: it was taken back. ordered: nothing stops it any more."""
STATES: tuple[State, ...] = get_args(State)
_COLUMNS = (
    "media, expiration_id, start_ms, end_ms, state, reason, policy_version, detail, size_bytes, segments, expired_ms,"
    " delete_after_ms, requested_ms, restored_ms, restored_by, ordered_ms, ordered_bytes, ordered_segments,"
    " ordered_policy"
)
_TURN = "if(is_decided, -delete_after_ms, delete_after_ms)"
_ORDER = f"is_decided, {_TURN}, media, expiration_id"


class ExpirationPlace(NamedTuple):
    """Where an expiration stands: those that wait first, the next to go before others; then the latest decided."""

    is_decided: bool
    turn_ms: int
    """When it goes; of one that is decided, less than nothing: the later the smaller."""
    media: str
    expiration_id: int


class StoredExpiration(Struct, frozen=True, kw_only=True):
    """One decision to delete a stretch of footage, and what became of it."""

    media: str
    expiration_id: int
    start_ms: int
    end_ms: int
    state: State
    reason: str
    policy_version: str
    detail: str
    size_bytes: int
    segments: int
    expired_ms: int
    delete_after_ms: int
    requested_ms: int | None
    """When a person first asked for it back."""
    restored_ms: int | None
    restored_by: str
    ordered_ms: int | None
    ordered_bytes: int | None
    ordered_segments: int | None
    ordered_policy: str

    @property
    def place(self) -> ExpirationPlace:
        """Where it stands among all expirations."""
        is_decided = self.state != "expired"
        turn_ms = -self.delete_after_ms if is_decided else self.delete_after_ms
        return ExpirationPlace(is_decided, turn_ms, self.media, self.expiration_id)


class ExpirationSearch(Struct, frozen=True, kw_only=True):
    """Conditions that must all hold; None: not asked."""

    visible: Visible = None
    """Only footage that lies wholly inside what the caller may look at."""
    media: tuple[str, ...] | None = None
    """Any of these cameras."""
    state: State | None = None
    from_ms: int | None = None
    """Of footage that reaches behind this time."""
    to_ms: int | None = None
    """Of footage that begins before this time."""


class ExpirationReads:
    """Answers from the public view in database ``public``."""

    def __init__(self, database: Database, public: str) -> None:
        self._database = database
        self._public = public

    def at(self, media: str, at_ms: int) -> list[StoredExpiration]:
        """Every decision about the footage of a moment, the latest first."""
        return self.within(media, Span(at_ms, at_ms + 1))[::-1]

    def within(self, media: str, span: Span) -> list[StoredExpiration]:
        """Every decision about footage in ``span``, in the order in which they were made."""
        sql = f"""SELECT {_COLUMNS} FROM {{public:Identifier}}.expirations WHERE media = {{media:String}}
          AND start_ms < {{to_ms:Int64}} AND end_ms > {{from_ms:Int64}} ORDER BY expired_ms, start_ms, expiration_id"""
        return self._stored(sql, media=media, from_ms=span.start_ms, to_ms=span.end_ms)

    def one(self, expiration_id: int, media: str | None = None, visible: Visible = None) -> StoredExpiration | None:
        """The decision of this id; None when it is not known (of that camera)."""
        only = "" if media is None else "AND media = {media:String}"
        seen, values = inside(visible, ("start_ms",), ("end_ms",), ms)
        sql = f"""SELECT {_COLUMNS} FROM {{public:Identifier}}.expirations
          WHERE expiration_id = {{id:UInt64}} {only} AND {seen} ORDER BY media LIMIT 1"""
        return next(iter(self._stored(sql, id=expiration_id, media=media, **values)), None)

    def upcoming(self, media: str | None, limit: int) -> list[StoredExpiration]:
        """At most ``limit`` decisions that wait, of a camera or of all, the next to go first."""
        names = None if media is None else (media,)
        return self.page(ExpirationSearch(media=names, state="expired"), limit)

    def page(
        self, search: ExpirationSearch, limit: int, after: ExpirationPlace | None = None
    ) -> list[StoredExpiration]:
        """At most ``limit`` decisions in the order of their places, those behind ``after``."""
        asked = {name: value for name, value in msgspec.structs.asdict(search).items() if value is not None}
        seen, times = inside(asked.pop("visible", None), ("start_ms",), ("end_ms",), ms)
        parts = [seen] + [_CONDITIONS[name] for name in asked]
        parts += [_WAITING if search.state == "expired" else _DECIDED] if search.state else []
        values = {name: _plain(value) for name, value in asked.items()} | times
        if after:
            parts.append(f"({_ORDER}) > ({{at_1:UInt8}}, {{at_2:Int64}}, {{at_3:String}}, {{at_4:UInt64}})")
            values |= {"at_1": int(after.is_decided), "at_2": after.turn_ms, "at_3": after.media}
            values |= {"at_4": after.expiration_id}
        keys = f"""SELECT media, expiration_id FROM {{public:Identifier}}.expirations
          WHERE {" AND ".join(parts)} ORDER BY {_ORDER} LIMIT {{n:UInt32}}"""
        sql = f"""SELECT {_COLUMNS} FROM {{public:Identifier}}.expirations WHERE (media, expiration_id) IN ({keys})
          ORDER BY {_ORDER}"""
        return self._stored(sql, n=limit, **values)

    def _stored(self, sql: str, **values: Any) -> list[StoredExpiration]:
        return msgspec.convert(self._database.rows(sql, {"public": self._public, **values}), list[StoredExpiration])


class StoredFootage(Struct, frozen=True, kw_only=True):
    """A segment that was ever stored, and whether it is deleted."""

    start_ms: int
    end_ms: int
    size_bytes: int
    is_deleted: bool
    stored_ms: int
    """When it was known to be stored, the last time; 0: it is deleted."""


class StoredDeletion(Struct, frozen=True, kw_only=True):
    """A stretch of footage known to be gone."""

    start_ms: int
    end_ms: int
    expiration_id: int
    """The decision that ordered it; of none that is known: it was found missing."""
    observed_ms: int
    segments: int
    size_bytes: int


class HistoryReads:
    """What was ever stored and what is gone, from the public views in database ``public``."""

    def __init__(self, database: Database, public: str) -> None:
        self._database = database
        self._public = public

    def footage(self, media: str, span: Span, limit: int) -> list[StoredFootage]:
        """At most ``limit`` segments that were ever stored and reach into ``span``, by start."""
        near = """media = {media:String} AND started_at < fromUnixTimestamp64Milli({to_ms:Int64}, 'UTC')
            AND started_at > fromUnixTimestamp64Milli({from_ms:Int64} - (
              SELECT toInt64(max(longest_ms)) FROM {public:Identifier}.segment_extents
              WHERE media = {media:String}), 'UTC')"""
        sql = f"""SELECT start_ms, end_ms, size_bytes, is_deleted, stored_ms
          FROM {{public:Identifier}}.footage_history AS history
          LEFT JOIN (
            SELECT started_at, observed_ms AS stored_ms FROM {{public:Identifier}}.segments WHERE {near}) AS stands
          USING (started_at)
          WHERE {near} AND end_ms > {{from_ms:Int64}} ORDER BY started_at LIMIT {{n:UInt32}}"""
        return msgspec.convert(self._rows(sql, media, span, n=limit), list[StoredFootage], strict=False)

    def deletions(self, media: str, span: Span) -> list[StoredDeletion]:
        """Every stretch that is gone and reaches into ``span``, in the order in which it was known."""
        sql = """SELECT start_ms, end_ms, expiration_id, observed_ms, segments, size_bytes
          FROM {public:Identifier}.deletions WHERE media = {media:String}
            AND started_at < fromUnixTimestamp64Milli({to_ms:Int64}, 'UTC')
            AND ended_at > fromUnixTimestamp64Milli({from_ms:Int64}, 'UTC') ORDER BY observed_ms, start_ms"""
        return msgspec.convert(self._rows(sql, media, span), list[StoredDeletion])

    def reach(self, media: str) -> Span | None:
        """From the start of the first segment ever stored to the end of the last; None: nothing ever was."""
        sql = "SELECT first_ms, last_ms FROM {public:Identifier}.segment_extents WHERE media = {media:String}"
        rows = self._database.rows(sql, {"public": self._public, "media": media})
        return Span(rows[0]["first_ms"], rows[0]["last_ms"]) if rows else None

    def _rows(self, sql: str, media: str, span: Span, **values: Any) -> list[dict[str, Any]]:
        given = {"from_ms": min(span.start_ms, LAST_MS), "to_ms": min(span.end_ms, LAST_MS), **values}
        return self._database.rows(sql, {"public": self._public, "media": media, **given})


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, tuple) else value


_WAITING, _DECIDED = "is_decided = 0", "is_decided = 1"
"""Beside the state, because the table has an index for it."""
_CONDITIONS: Mapping[str, str] = {
    "media": "media IN {media:Array(String)}",
    "state": "state = {state:String}",
    "from_ms": "end_ms > {from_ms:Int64}",
    "to_ms": "start_ms < {to_ms:Int64}",
}
