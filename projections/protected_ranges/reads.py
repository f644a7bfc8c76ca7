"""The SELECTs behind protected ranges and locks. Block; raise what Database raises."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from infra.clickhouse import Database
from projections.columns import LAST_MS
from projections.visible import ms, reaching
from schemas.intervals import Span, subtract, union
from schemas.visible import Visible

__all__ = ["LAST_MS", "LockPlace", "Moment", "ProtectedReads", "StoredHold", "StoredLock", "StoredRange", "meant"]

_RANGE = "media, start_ms, end_ms, holds, policy_version, observed_ms"
_LOCK = (
    "media, lock_id, kind, start_ms, end_ms, reason, until_ms, requested_ms, requested_by, held_ms, released_ms,"
    " released_by"
)
_NEAR_MS = 7 * 86_400_000
"""How far before a window the range that reaches into it is looked for at first; then in all that is older."""


class StoredHold(Struct, frozen=True, order=True):
    """One reason why a range is protected."""

    kind: str
    """episode, lock or export."""
    id: int


class StoredRange(Struct, frozen=True, kw_only=True):
    """A stretch that exactly these holds cover."""

    media: str
    start_ms: int
    end_ms: int
    holds: tuple[StoredHold, ...]
    policy_version: str
    observed_ms: int

    @property
    def span(self) -> Span:
        """The stretch."""
        return Span(self.start_ms, self.end_ms)


class StoredLock(Struct, frozen=True, kw_only=True):
    """One lock, and what became of it."""

    media: str
    lock_id: int
    kind: str
    """lock: a person asked for it. export: the program, while it reads."""
    start_ms: int
    end_ms: int
    reason: str
    until_ms: int | None
    requested_ms: int
    requested_by: str
    held_ms: int | None
    """When a range named it for the first time; None: protection has not said so yet."""
    released_ms: int | None
    released_by: str

    @property
    def span(self) -> Span:
        """What was asked for."""
        return Span(self.start_ms, self.end_ms)

    @property
    def hold(self) -> StoredHold:
        """As ranges name it."""
        return StoredHold(self.kind, self.lock_id)

    @property
    def place(self) -> "LockPlace":
        """Where it stands among all locks."""
        return LockPlace(self.requested_ms, self.lock_id, self.media)


class LockPlace(NamedTuple):
    """Where a lock stands in the order of requests; equal times by id."""

    requested_ms: int
    lock_id: int
    media: str


class Moment(NamedTuple):
    """A stretch, and when something became of it."""

    at_ms: int
    span: Span


def meant(orders: Iterable[Moment], stored: Sequence[Moment]) -> list[Span]:
    """What orders mean, each with when it was decided: all of their stretches but what was stored after that."""
    left = (subtract([one.span], [each.span for each in stored if each.at_ms > one.at_ms]) for one in orders)
    return union(span for spans in left for span in spans)


class ProtectedReads:
    """Answers from the public views in database ``public``."""

    def __init__(self, database: Database, public: str) -> None:
        self._database = database
        self._public = public

    def within(self, media: str, span: Span) -> list[StoredRange]:
        """Ranges of a camera that reach into ``span``, by start."""
        return self.near([media], span).get(media, [])

    def near(self, names: Sequence[str], span: Span) -> dict[str, list[StoredRange]]:
        """Camera → its ranges that reach into ``span``, by start; those that have any.

        Ranges never overlap, so of those that start before it only the last can reach into it. The engine looks at what
        starts in the window and in the week before it; of a camera without a range in that week, at all that is older.
        """
        old_ms = max(0, span.start_ms - _NEAR_MS)
        before = self._last_before(names, old_ms, span.start_ms)
        quiet = set(names) - {one.media for one in before}
        found: dict[str, list[StoredRange]] = {}
        for one in [*self._last_before(sorted(quiet), 0, old_ms), *before, *self._started(names, span)]:
            if one.end_ms > span.start_ms:
                found.setdefault(one.media, []).append(one)
        return found

    def everywhere(self, span: Span, limit: int) -> list[StoredRange]:
        """At most ``limit`` ranges of any camera that reach into ``span``, by camera and start. Looks at all."""
        sql = f"""SELECT {_RANGE} FROM {{public:Identifier}}.protected_ranges
          WHERE {_before("to_ms")} AND ended_at > {_at("from_ms")} ORDER BY media, started_at LIMIT {{n:UInt32}}"""
        return self._ranges(sql, from_ms=span.start_ms, to_ms=span.end_ms, n=limit)

    def known(self, names: Sequence[str]) -> set[str]:
        """Those of ``names`` that anything was ever protected of and still is."""
        sql = "SELECT DISTINCT media FROM {public:Identifier}.protected_ranges WHERE media IN {names:Array(String)}"
        return {row["media"] for row in self._rows(sql, names=list(names))}

    def partitions(self, names: Sequence[str]) -> dict[str, int]:
        """Camera → the partition of its facts, on every topic that is keyed by cameras; those that are configured."""
        sql = "SELECT media, src_partition FROM {public:Identifier}.media WHERE media IN {names:Array(String)}"
        return {row["media"]: row["src_partition"] for row in self._rows(sql, names=list(names))}

    def locks(
        self,
        media: str | None,
        limit: int,
        after: LockPlace | None = None,
        kind: str = "lock",
        visible: Visible = None,
    ) -> list[StoredLock]:
        """At most ``limit`` locks of a camera (None: of all), those asked for last first, behind ``after``."""
        seen, values = reaching(visible, "start_ms", "end_ms", ms)
        parts = ["kind = {kind:String}", seen]
        parts += ["media = {media:String}"] if media is not None else []
        parts += (
            ["(requested_ms, lock_id, media) < ({at_ms:Int64}, {at_id:UInt64}, {at_media:String})"] if after else []
        )
        sql = f"""SELECT {_LOCK} FROM {{public:Identifier}}.locks WHERE {" AND ".join(parts)}
          ORDER BY requested_ms DESC, lock_id DESC, media DESC LIMIT {{n:UInt32}}"""
        at_ms, at_id, at_media = after or LockPlace(0, 0, "")
        values |= {"at_ms": at_ms, "at_id": at_id, "at_media": at_media}
        return self._locks(sql, media=media, kind=kind, n=limit, **values)

    def lock(self, lock_id: int) -> StoredLock | None:
        """The lock of this id; None when nobody asked for one."""
        sql = f"SELECT {_LOCK} FROM {{public:Identifier}}.locks WHERE lock_id = {{id:UInt64}} ORDER BY media LIMIT 1"
        return next(iter(self._locks(sql, id=lock_id)), None)

    def lock_spans(self) -> dict[str, list[Span]]:
        """Camera → where locks of people ever were, those that ended among them; a clean list."""
        rows = self._rows("SELECT DISTINCT media, start_ms, end_ms FROM {public:Identifier}.lock_spans")
        found: dict[str, list[Span]] = {}
        for row in rows:
            found.setdefault(row["media"], []).append(Span(row["start_ms"], row["end_ms"]))
        return {name: union(spans) for name, spans in found.items()}

    def in_force(self, locks: Iterable[StoredLock]) -> set[StoredHold]:
        """The holds of those locks that a range carries now."""
        wanted = {one.hold: one.media for one in locks}
        if not wanted:
            return set()
        sql = """SELECT DISTINCT hold.kind AS kind, hold.id AS id FROM (
            SELECT arrayJoin(holds) AS hold FROM {public:Identifier}.protected_ranges
            WHERE media IN {names:Array(String)} AND arrayExists(one -> one.kind != 'episode', holds))
          WHERE hold.id IN {ids:Array(UInt64)}"""
        rows = self._rows(sql, names=sorted(set(wanted.values())), ids=sorted({hold.id for hold in wanted}))
        return set(msgspec.convert(rows, list[StoredHold])) & wanted.keys()

    def doomed(self, media: str, span: Span) -> list[Span]:
        """Footage in ``span`` whose deletion was ordered and is not told to be done; what was stored since is not."""
        sql = """SELECT start_ms, end_ms, expired_ms FROM {public:Identifier}.expirations AS ordered
          LEFT JOIN (
            SELECT expiration_id, sum(segments) AS done FROM {public:Identifier}.deletions
            WHERE media = {media:String} GROUP BY expiration_id) AS deleted USING (expiration_id)
          WHERE media = {media:String} AND is_decided = 1 AND state = 'ordered' AND ordered_segments > done
            AND start_ms < {to_ms:Int64} AND end_ms > {from_ms:Int64} ORDER BY start_ms"""
        rows = self._rows(sql, media=media, from_ms=span.start_ms, to_ms=span.end_ms)
        orders = [Moment(row["expired_ms"], Span(row["start_ms"], row["end_ms"])) for row in rows]
        return meant(orders, self._stored_since(media, orders)) if orders else []

    def _stored_since(self, media: str, orders: Sequence["Moment"]) -> list["Moment"]:
        """Footage where these orders are that was stored after the first of them was decided."""
        sql = f"""SELECT start_ms, end_ms, observed_ms FROM {{public:Identifier}}.segments
          WHERE media = {{media:String}} AND started_at >= {_at("from_ms")} AND {_before("to_ms")}
            AND observed_ms > {{since_ms:Int64}} ORDER BY started_at"""
        hull = Span(min(one.span.start_ms for one in orders), max(one.span.end_ms for one in orders))
        since_ms = min(one.at_ms for one in orders)
        rows = self._rows(sql, media=media, from_ms=hull.start_ms, to_ms=hull.end_ms, since_ms=since_ms)
        return [Moment(row["observed_ms"], Span(row["start_ms"], row["end_ms"])) for row in rows]

    def _started(self, names: Sequence[str], span: Span) -> list[StoredRange]:
        """Ranges that start in ``span``, by camera and start."""
        sql = f"""SELECT {_RANGE} FROM {{public:Identifier}}.protected_ranges WHERE media IN {{names:Array(String)}}
          AND started_at >= {_at("from_ms")} AND {_before("to_ms")} ORDER BY media, started_at"""
        return self._ranges(sql, names=list(names), from_ms=span.start_ms, to_ms=span.end_ms)

    def _last_before(self, names: Sequence[str], from_ms: int, to_ms: int) -> list[StoredRange]:
        """Of each camera the range that starts last in this time; of those that have one."""
        if not names or from_ms >= to_ms:
            return []
        sql = f"""SELECT {_RANGE} FROM {{public:Identifier}}.protected_ranges WHERE media IN {{names:Array(String)}}
          AND started_at >= {_at("from_ms")} AND {_before("to_ms")} ORDER BY started_at DESC LIMIT 1 BY media"""
        return self._ranges(sql, names=list(names), from_ms=from_ms, to_ms=to_ms)

    def _ranges(self, sql: str, **values: Any) -> list[StoredRange]:
        return msgspec.convert(self._rows(sql, **values), list[StoredRange])

    def _locks(self, sql: str, **values: Any) -> list[StoredLock]:
        return msgspec.convert(self._rows(sql, **values), list[StoredLock])

    def _rows(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        return self._database.rows(sql, {"public": self._public, **values})


def _at(name: str) -> str:
    return f"fromUnixTimestamp64Milli({{{name}:Int64}}, 'UTC')"


def _before(name: str) -> str:
    return f"started_at < {_at(name)}"
