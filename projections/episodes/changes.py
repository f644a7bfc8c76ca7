"""The SELECTs behind the feed: what changed between two positions. Block; raise what Database raises.

A position is one offset per partition of topic ``episode-changes``. Everything before ``progress`` is in the tables, so
a reader that asks for changes from its own position up to there misses none; a change that stands on the topic twice
counts at its first position alone.
"""

from typing import Any, NamedTuple

from infra.clickhouse import Database
from projections.episodes.search import Search, where
from projections.episodes.stored import COLUMNS, StoredEpisode, episodes_of
from projections.visible import at

Vector = tuple[int, ...]
"""Partition → first offset not told yet; partitions behind its end: 0."""
_AT_ONCE = 20_000
_MOST_TIED = 20_000
_LAST_MS = 9_999_999_999_999
_BEFORE = "src_offset < {until:Array(UInt64)}[src_partition + 1]"


class Change(NamedTuple):
    """One accepted version and where it stands on the topic."""

    src_partition: int
    src_offset: int
    media: str


class ChangeReads:
    """Answers about changes from the public views in database ``public``."""

    def __init__(self, database: Database, public: str) -> None:
        self._database = database
        self._public = public

    def progress(self) -> Vector:
        """Up to where the tables are complete."""
        rows = self._rows("SELECT topic_partition, next_offset FROM {public:Identifier}.episode_progress")
        found = {row["topic_partition"]: row["next_offset"] for row in rows}
        return tuple(found.get(partition, 0) for partition in range(max(found, default=-1) + 1))

    def between(self, since: Vector, until: Vector) -> list[Change]:
        """Every change in ``[since, until)``, by partition and offset; those told before stand among them."""
        sql = f"""SELECT src_partition, src_offset, media FROM {{public:Identifier}}.episode_changes
          WHERE {_inside(since, until)} ORDER BY src_partition, src_offset"""
        return [Change(row["src_partition"], row["src_offset"], row["media"]) for row in self._rows(sql)]

    def told(self, search: Search, since: Vector, until: Vector) -> list[StoredEpisode]:
        """The versions that match and whose first position is in ``[since, until)``, by partition and offset."""
        condition, values = where(search)
        inside = _inside(since, until)
        sql = f"""SELECT {COLUMNS} FROM {{public:Identifier}}.episode_versions
          WHERE (media, opened_at, episode_id, version) IN (
              SELECT media, opened_at, episode_id, version FROM {{public:Identifier}}.episode_changes WHERE {inside})
            AND ({inside}) AND {condition}
          ORDER BY src_partition, src_offset"""
        return episodes_of(self._rows(sql, **values))

    def updated(
        self, search: Search, after_ms: int, until: Vector, limit: int
    ) -> tuple[list[StoredEpisode], int | None]:
        """Versions before ``until`` that match and were updated after ``after_ms``, by ``updated_at``; where to go on.

        None: there are no more. Versions of one time stay together: a page ends before those that do not fit, and is
        as long as need be where all of it has one time.
        """
        reach_ms = self._reach_ms(after_ms, until)
        found = self._updated(search, after_ms, reach_ms, until, limit + 1)
        if len(found) <= limit:
            return found, None if reach_ms == _LAST_MS else reach_ms
        tied_ms = found[-1].updated_ms
        whole = [one for one in found if one.updated_ms < tied_ms]
        whole = whole or self._updated(search, tied_ms - 1, tied_ms, until, _MOST_TIED)
        return whole, whole[-1].updated_ms

    def _reach_ms(self, after_ms: int, until: Vector) -> int:
        """Up to when to look in one go: a source of a hundred million versions is not looked through at once."""
        sql = f"""SELECT updated_ms FROM {{public:Identifier}}.episode_changes
          WHERE updated_at > {at("after_ms")} AND {_BEFORE} ORDER BY updated_at LIMIT 1 OFFSET {{n:UInt32}}"""
        rows = self._rows(sql, after_ms=after_ms, until=list(until), n=_AT_ONCE)
        return int(rows[0]["updated_ms"]) if rows else _LAST_MS

    def _updated(self, search: Search, after_ms: int, to_ms: int, until: Vector, limit: int) -> list[StoredEpisode]:
        """Versions updated in ``(after_ms, to_ms]``."""
        condition, values = where(search)
        values |= {"after_ms": after_ms, "to_ms": to_ms, "until": list(until), "n": limit}
        inside = f"updated_at > {at('after_ms')} AND updated_at <= {at('to_ms')} AND {_BEFORE}"
        sql = f"""SELECT {COLUMNS} FROM {{public:Identifier}}.episode_versions
          WHERE (media, opened_at, episode_id, version) IN (
              SELECT media, opened_at, episode_id, version FROM {{public:Identifier}}.episode_changes WHERE {inside})
            AND {inside} AND {condition}
          ORDER BY updated_at, media, episode_id, version LIMIT {{n:UInt32}}"""
        return episodes_of(self._rows(sql, **values))

    def _rows(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        return self._database.rows(sql, {"public": self._public, **values})


def _inside(since: Vector, until: Vector) -> str:
    """The condition that a position is in ``[since, until)``; whole numbers only, so they stand in the statement."""
    starts = since + (0,) * (len(until) - len(since))
    return (
        " OR ".join(
            f"(src_partition = {partition:d} AND src_offset >= {first:d} AND src_offset < {end:d})"
            for partition, (first, end) in enumerate(zip(starts, until, strict=False))
            if first < end
        )
        or "false"
    )
