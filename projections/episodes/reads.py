"""The SELECTs behind the episode list, one episode, its history, refusals and counts.

All block and raise what Database raises. What may be asked is in ``search.py``; what changed is in ``changes.py``.
"""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import msgspec
from msgspec import Struct

from infra.clickhouse import Database
from infra.clock import now_ms
from projections.columns import LAST_MS
from projections.episodes.changes import Change, ChangeReads, Vector
from projections.episodes.search import Search, where, where_to_look
from projections.episodes.stored import COLUMNS, StoredEpisode, StoredRefusal, episodes_of
from projections.visible import at, inside
from schemas.intervals import Span
from schemas.visible import Visible

__all__ = [
    "LAST_MS", "SORTS", "Change", "EpisodeReads", "Order", "Place", "RefusalSearch", "Search", "Sort",
    "StoredEpisode", "StoredRefusal", "Vector", "where",
]  # fmt: skip

Sort = Literal["opened_at", "updated_at", "started_at", "ended_at"]
SORTS: Mapping[Sort, str] = {
    "opened_at": "opened_ms", "updated_at": "updated_ms", "started_at": "start_ms", "ended_at": "end_ms",
}  # fmt: skip
"""What episodes can be ordered by → the field that holds it."""
_REACHES_MS = (6 * 3_600_000, 14 * 86_400_000)
"""How far a search by opening looks, try by try, before it looks everywhere."""
_COUNT_S = 0.5


class Place(NamedTuple):
    """Where an episode stands in an order: no two stand at the same place."""

    at_ms: int
    media: str
    episode_id: int


class Order(NamedTuple):
    """One direction through all episodes; equal times by camera, then id, in the same direction."""

    by: Sort
    descending: bool

    @property
    def turned(self) -> "Order":
        """The same order from its other end."""
        return Order(self.by, not self.descending)

    def place(self, episode: StoredEpisode) -> Place:
        """Where an episode stands."""
        return Place(getattr(episode, SORTS[self.by]), episode.media, episode.episode_id)


class RefusalSearch(Struct, frozen=True, kw_only=True):
    """Which refusals; None: not asked."""

    visible: Visible = None
    media: str | None = None
    episode_id: int | None = None
    reason: str | None = None
    from_ms: int | None = None
    to_ms: int | None = None


class EpisodeReads:
    """Answers about episodes from the public views in database ``public``."""

    def __init__(self, database: Database, public: str) -> None:
        self._database = database
        self._public = public
        self.changes = ChangeReads(database, public)

    def page(
        self, search: Search, order: Order, limit: int, after: Place | None = None, inclusive: bool = False
    ) -> list[StoredEpisode]:
        """At most ``limit`` episodes in ``order``, those behind ``after`` (``inclusive``: and the one there)."""
        for bound in _nearby(search, order, after):
            found = self._page(search, order, limit, after, inclusive, bound)
            if len(found) == limit:
                return found
        return self._page(search, order, limit, after, inclusive, None)

    def count(self, search: Search, limit: int) -> int:
        """How many episodes match: exact below ``limit``, unless counting them takes longer than half a second."""
        condition, values = where(search)
        sql = f"""SELECT count() FROM (
          SELECT 1 FROM {{public:Identifier}}.episodes WHERE {condition} AND {where_to_look(search)}
          LIMIT {{n:UInt32}})"""
        bounded = {"max_execution_time": _COUNT_S, "timeout_overflow_mode": "break"}
        rows = self._database.rows(sql, {"public": self._public, "n": limit, **values}, **bounded)
        return int(next(iter(rows[0].values()))) if rows else 0

    def with_id(self, episode_id: int, visible: Visible, media: str | None = None) -> list[StoredEpisode]:
        """The episodes of this id, one per camera, the one taken last first."""
        seen, values = inside(visible, _STARTS, _ENDS, at)
        only = "" if media is None else "AND media = {media:String}"
        sql = f"""SELECT {COLUMNS} FROM {{public:Identifier}}.episodes
          WHERE (media, opened_at, episode_id) IN (
              SELECT media, opened_at, episode_id FROM {{public:Identifier}}.episode_ids
              WHERE episode_id = {{id:UInt64}}) AND {seen} {only}
          ORDER BY accepted_at DESC, media"""
        return self._episodes(sql, id=episode_id, media=media, **values)

    def versions(self, episode: StoredEpisode) -> list[StoredEpisode]:
        """Every accepted version of an episode, oldest first."""
        sql = f"""SELECT {COLUMNS} FROM {{public:Identifier}}.episode_versions
          WHERE media = {{media:String}} AND opened_at = {at("opened")} AND episode_id = {{id:UInt64}}
          ORDER BY version"""
        return self._episodes(sql, media=episode.media, opened=episode.opened_ms, id=episode.episode_id)

    def refusals(self, search: RefusalSearch, limit: int, after: tuple[int, int] | None = None) -> list[StoredRefusal]:
        """At most ``limit`` refused saves, newest first, those behind ``after`` (observed_ms, save_id)."""
        values = {name: value for name, value in msgspec.structs.asdict(search).items() if value is not None}
        seen, times = inside(values.pop("visible", None), ("refused_at", _SAID_OPENED), (), at)
        parts = [seen] + [_REFUSALS[name] for name in values]
        values |= times
        if after:
            parts.append(f"(refused_at, save_id) < ({at('after_ms')}, {{after_id:UInt64}})")
            values |= {"after_ms": after[0], "after_id": after[1]}
        sql = f"""SELECT media, episode_id, save_id, reason, detail, observed_ms, record
          FROM {{public:Identifier}}.episode_refusals WHERE {" AND ".join(parts)}
          ORDER BY refused_at DESC, save_id DESC LIMIT {{n:UInt32}}"""
        rows = self._database.rows(sql, {"public": self._public, "n": limit, **values})
        return msgspec.convert(rows, list[StoredRefusal])

    def overlapping(self, media: str, span: Span, limit: int) -> list[StoredEpisode]:
        """Episodes of a camera that reach into ``span``, marks of no length too, by start; at most ``limit``."""
        search = Search(media=(media,), overlaps_from=span.start_ms, overlaps_to=span.end_ms)
        return self._page(search, Order("started_at", False), limit, None, False, None)

    def days(self, media: str, visible: Visible = None) -> dict[str, int]:
        """UTC day, YYYY-MM-DD → episodes of a camera opened on it."""
        seen, values = inside(visible, _STARTS, _ENDS, at)
        sql = f"""SELECT toString(toDate(opened_at, 'UTC')) AS day, count() AS opened
          FROM {{public:Identifier}}.episodes WHERE media = {{media:String}} AND {seen} GROUP BY day"""
        rows = self._database.rows(sql, {"public": self._public, "media": media, **values})
        return {row["day"]: row["opened"] for row in rows}

    def activity(self, media: str, span: Span, step_ms: int, visible: Visible = None) -> dict[int, int]:
        """Number of a step of ``span`` → episodes of a camera opened in it."""
        seen, values = inside(visible, _STARTS, _ENDS, at)
        sql = f"""SELECT intDiv(opened_ms - {{from_ms:Int64}}, {{step_ms:Int64}}) AS step, count() AS opened
          FROM {{public:Identifier}}.episodes WHERE media = {{media:String}}
            AND opened_at >= {at("from_ms")} AND opened_at < {at("to_ms")} AND {seen} GROUP BY step"""
        given = {"media": media, "from_ms": span.start_ms, "to_ms": span.end_ms, "step_ms": step_ms}
        rows = self._database.rows(sql, {"public": self._public, **given, **values})
        return {row["step"]: row["opened"] for row in rows}

    def _page(
        self, search: Search, order: Order, limit: int, after: Place | None, inclusive: bool, bound: str | None
    ) -> list[StoredEpisode]:
        condition, values = where(search)
        parts = [condition, where_to_look(search)] + ([bound] if bound else [])
        way = "DESC" if order.descending else "ASC"
        if after:
            beyond = ("<" if order.descending else ">") + ("=" if inclusive else "")
            edge = "<=" if order.descending else ">="
            parts.append(f"{order.by} {edge} {at('place_ms')}")  # the index knows one column at a time
            parts.append(
                f"({order.by}, media, episode_id) {beyond}"
                f" ({at('place_ms')}, {{place_media:String}}, {{place_id:UInt64}})"
            )
            values |= {"place_ms": after.at_ms, "place_media": after.media, "place_id": after.episode_id}
        sql = f"""SELECT {COLUMNS} FROM {{public:Identifier}}.episodes WHERE {" AND ".join(parts)}
          ORDER BY {order.by} {way}, media {way}, episode_id {way} LIMIT {{n:UInt32}}"""
        return self._episodes(sql, n=limit, **values)

    def _episodes(self, sql: str, **values: Any) -> list[StoredEpisode]:
        return episodes_of(self._database.rows(sql, {"public": self._public, **values}))


def _nearby(search: Search, order: Order, after: Place | None) -> list[str]:
    """Bounds on the opening, from near to far: a page found inside one is the page; looking everywhere is dear."""
    if order.by != "opened_at":
        return []
    if order.descending:
        tops = [after.at_ms if after else None, search.opened_at_lt, search.overlaps_to]
        top_ms = min((one for one in tops if one is not None), default=now_ms())
        return [f"opened_at >= fromUnixTimestamp64Milli({max(0, top_ms - reach)}, 'UTC')" for reach in _REACHES_MS]
    floors = [one for one in (after.at_ms if after else None, search.opened_at_gte) if one is not None]
    return [f"opened_at < fromUnixTimestamp64Milli({max(floors) + reach}, 'UTC')" for reach in _REACHES_MS if floors]


_STARTS, _ENDS = ("opened_at", "started_at"), ("ended_at",)
_SAID_OPENED = "fromUnixTimestamp64Milli(JSONExtractInt(record, 'opened_at'), 'UTC')"
_REFUSALS: Mapping[str, str] = {
    "media": "media = {media:String}",
    "episode_id": "episode_id = {episode_id:UInt64}",
    "reason": "reason = {reason:String}",
    "from_ms": f"refused_at >= {at('from_ms')}",
    "to_ms": f"refused_at < {at('to_ms')}",
}
