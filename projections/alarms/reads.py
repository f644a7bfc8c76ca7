"""The SELECTs behind the alarm list and one alarm; those behind the health of mails are in ``intake.py``.

All block and raise what Database raises. ``alarms`` is found by camera and id alone, so that a mail that comes twice is
one row; ``alarm_times`` says which ids a stretch of time holds.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from infra.clickhouse import Database
from infra.clock import now_ms
from projections.alarms.intake import Habit, IntakeReads, Mails, Reach
from projections.alarms.stored import COLUMNS, AlarmPlace, AlarmSearch, StoredAlarm
from projections.columns import LAST_MS
from projections.visible import at, inside, ms
from schemas.visible import Visible

__all__ = [
    "LAST_MS", "AlarmPlace", "AlarmReads", "AlarmSearch", "Habit", "IntakeReads", "Mails", "Reach", "StoredAlarm",
]  # fmt: skip

_REACHES_MS = (6 * 3_600_000, 14 * 86_400_000)
"""How far a search looks back, try by try, before it looks everywhere."""


class AlarmReads:
    """Answers about alarms from the public views in database ``public``."""

    def __init__(self, database: Database, public: str) -> None:
        self._database = database
        self._public = public
        self.intake = IntakeReads(database, public)

    def page(self, search: AlarmSearch, limit: int, after: AlarmPlace | None = None) -> list[StoredAlarm]:
        """At most ``limit`` alarms, newest first, those behind ``after``."""
        found: list[StoredAlarm] = []
        while True:
            places = self._places(search, limit, after)
            found += self._at(search, places)
            if len(found) >= limit or len(places) < limit:
                return found[:limit]
            after = places[-1]

    def with_id(self, alarm_id: int, visible: Visible, media: str | None = None) -> StoredAlarm | None:
        """The alarm of this id; None where the caller may see none."""
        seen, values = inside(visible, ("received_ms",), (), ms)
        parts = ["alarm_id = {id:UInt64}", seen]
        parts += [] if media is None else ["media = {media:String}"]
        sql = f"SELECT {COLUMNS} FROM {{public:Identifier}}.alarms WHERE {' AND '.join(parts)} ORDER BY media LIMIT 1"
        found = self._alarms(sql, id=alarm_id, media=media, **values)
        return found[0] if found else None

    def _places(self, search: AlarmSearch, limit: int, after: AlarmPlace | None) -> list[AlarmPlace]:
        """At most ``limit`` comings of mails, newest first: near first, because looking everywhere is dear."""
        found: list[AlarmPlace] = []
        for from_ms in _starts(search, after):
            found = self._comings(search, from_ms, limit, after)
            if len(found) == limit:
                break
        return found

    def _comings(
        self, search: AlarmSearch, from_ms: int | None, limit: int, after: AlarmPlace | None
    ) -> list[AlarmPlace]:
        asked = msgspec.structs.asdict(msgspec.structs.replace(search, from_ms=from_ms))
        seen, times = inside(asked.pop("visible"), ("received_at",), (), at)
        values = {name: _plain(value) for name, value in asked.items() if value is not None}
        parts = [seen, *(_CONDITIONS[name] for name in values)]
        values |= times
        if after:
            parts += [_BEFORE, f"(received_at, media, alarm_id) < ({at('at')}, {{at_media:String}}, {{at_id:UInt64}})"]
            values |= {"at": after.received_ms, "at_media": after.media, "at_id": after.alarm_id}
        sql = f"""SELECT DISTINCT received_at, received_ms, media, alarm_id FROM {{public:Identifier}}.alarm_times
          WHERE {" AND ".join(parts)} ORDER BY received_at DESC, media DESC, alarm_id DESC LIMIT {{n:UInt32}}"""
        rows = self._database.rows(sql, {"public": self._public, "n": limit, **values})
        return [AlarmPlace(row["received_ms"], row["media"], row["alarm_id"]) for row in rows]

    def _at(self, search: AlarmSearch, places: list[AlarmPlace]) -> list[StoredAlarm]:
        """The alarms at ``places``, in their order; a place where a mail came again holds none."""
        if not places:
            return []
        sql = f"""SELECT {COLUMNS} FROM {{public:Identifier}}.alarms WHERE (media, alarm_id) IN (SELECT key.1, key.2
          FROM (SELECT arrayJoin(arrayZip({{names:Array(String)}}, {{ids:Array(UInt64)}})) AS key))"""
        names, ids = [one.media for one in places], [one.alarm_id for one in places]
        found = {(one.media, one.alarm_id): one for one in self._alarms(sql, names=names, ids=ids)}
        rows = ((found.get((one.media, one.alarm_id)), one) for one in places)
        return [row for row, place in rows if row is not None and search.holds(row, place)]

    def _alarms(self, sql: str, **values: Any) -> list[StoredAlarm]:
        return msgspec.convert(self._database.rows(sql, {"public": self._public, **values}), list[StoredAlarm])


def _starts(search: AlarmSearch, after: AlarmPlace | None) -> Iterator[int | None]:
    """Where tries begin to look, from near to far; the last begins where the search does (None: at the first mail)."""
    tops = (after.received_ms if after else None, search.to_ms, now_ms())
    top_ms = min(one for one in tops if one is not None)
    for reach_ms in _REACHES_MS:
        if top_ms - reach_ms > (search.from_ms or 0):
            yield top_ms - reach_ms
    yield search.from_ms


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, tuple) else value


_BEFORE = f"received_at <= {at('at')}"
"""The index knows one column at a time."""
_CONDITIONS: Mapping[str, str] = {
    "media": "media IN {media:Array(String)}",
    "kind": "kind IN {kind:Array(String)}",
    "from_ms": f"received_at >= {at('from_ms')}",
    "to_ms": f"received_at < {at('to_ms')}",
}
