"""The SELECTs behind reports and what-if: hours of footage, what protects them, what goes. Block; raise what Database
raises.

Answers about many cameras are arrays: there are millions of hours. A camera's number in them is its place in the list
of names that was asked about.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from infra.clickhouse import Database
from projections.columns import LAST_MS
from schemas.intervals import Span
from schemas.protection import ProtectConfig
from schemas.what_if import HELD, HOUR, Held, Hours

__all__ = ["LAST_MS", "SAID_PROTECTED", "FootageReads", "Waiting"]

_NUMBER = "transform(toString(media), {names:Array(String)}, range(length({names:Array(String)})), toUInt64(0))"
_CAMERA = f"toInt64({_NUMBER}) AS camera"
_DAYS = "toDate(hour) IN {days:Array(Date)}"
_WINDOW = """media IN {names:Array(String)} AND hour < toDateTime(intDiv({to_ms:Int64}, 1000), 'UTC')
  AND hour >= toStartOfHour(toDateTime(intDiv({from_ms:Int64}, 1000), 'UTC'))"""
SAID_PROTECTED = ": protected"
"""What a decision to make room says, in its detail, of footage that something protects."""
_LAST_HOUR_MS = 4_294_965_600_000
"""Hours are counted by DateTime, which ends in 2106."""


class Waiting(NamedTuple):
    """Decisions to delete that wait."""

    expirations: int
    size_bytes: int


class FootageReads:
    """Answers from the public views in database ``public``."""

    def __init__(self, database: Database, public: str) -> None:
        self._database = database
        self._public = public

    def recorded(self) -> list[str]:
        """Every camera that ever recorded, by name."""
        sql = "SELECT media FROM {public:Identifier}.segment_extents ORDER BY media"
        return [row["media"] for row in self._database.rows(sql, {"public": self._public})]

    def hours(self, names: Sequence[str], span: Span) -> Hours:
        """Every hour of ``span`` in which footage of these cameras begins, by camera and hour.

        Days in one part are read from the sums of their part, the others segment by segment. A day whose part was
        another before and after it was read is read again, so nothing is counted twice.
        """
        summed = self._days()
        while True:
            found = self._hours(names, span, list(summed))
            now = self._days()
            if not (moved := {day for day, part in summed.items() if now.get(day) != part}):
                return found
            summed = {day: part for day, part in summed.items() if day not in moved}

    def held(self, names: Sequence[str], span: Span) -> Held:
        """What protects footage of these cameras in ``span``, and what did until it went all the same.

        Protection forgets what is deleted, so that is taken from the decisions, which say it of what they take.
        """
        sql = f"""SELECT {_CAMERA}, start_ms, end_ms, is_locked FROM (
            SELECT media, start_ms, end_ms, toInt64(arrayExists(hold -> hold.kind != 'episode', holds)) AS is_locked
            FROM {{public:Identifier}}.protected_ranges WHERE {_REACHES}
            UNION ALL
            SELECT media, start_ms, end_ms, toInt64(0) FROM {{public:Identifier}}.expirations
            WHERE {_REACHES} AND state = 'ordered'
              AND (reason = 'keep' OR position(detail, {{protected:String}}) > 0))
          ORDER BY camera, start_ms"""
        return self._array(sql, HELD, names, span, protected=SAID_PROTECTED)

    def held_by(self, names: Sequence[str], protect: ProtectConfig, span: Span) -> Held:
        """What would protect footage in ``span`` if the episodes of these cameras did so by ``protect``, and locks."""
        sql = f"""SELECT {_CAMERA}, start_ms, end_ms, is_locked FROM (
            SELECT media, start_ms, end_ms, toInt64(1) AS is_locked FROM {{public:Identifier}}.protected_ranges
            WHERE {_REACHES} AND arrayExists(hold -> hold.kind != 'episode', holds)
            UNION ALL
            SELECT media, if(source = 'alarm', start_ms, greatest(0, start_ms - {{before_ms:Int64}})),
              if(source = 'alarm', end_ms, end_ms + {{after_ms:Int64}}), toInt64(0)
            FROM {{public:Identifier}}.episodes
            WHERE media IN {{names:Array(String)}} AND {{enabled:Bool}} AND NOT has(labels, 'superseded')
              AND start_ms - {{before_ms:Int64}} < {{to_ms:Int64}} AND end_ms + {{after_ms:Int64}} > {{from_ms:Int64}}
              AND (empty({{types:Array(String)}}) OR has({{types:Array(String)}}, toString(episode_type))))
          WHERE end_ms > start_ms ORDER BY camera, start_ms"""
        given = {"before_ms": protect.before_ms, "after_ms": protect.after_ms}
        return self._array(sql, HELD, names, span, **given, enabled=protect.enabled, types=list(protect.types))

    def freed(self, names: Sequence[str], span: Span) -> int:
        """Bytes of these cameras that were deleted in ``span``."""
        sql = """SELECT sum(size_bytes) FROM {public:Identifier}.deletions WHERE media IN {names:Array(String)}
          AND observed_ms >= {from_ms:Int64} AND observed_ms < {to_ms:Int64}"""
        found: int = self._database.value(sql, self._given(names, span))
        return found

    def waiting(self, names: Sequence[str]) -> Mapping[str, Waiting]:
        """Camera → its decisions to delete that wait; those that have any."""
        sql = """SELECT media, count() AS expirations, sum(size_bytes) AS size_bytes
          FROM {public:Identifier}.expirations WHERE media IN {names:Array(String)} AND is_decided = 0 GROUP BY media"""
        rows = self._database.rows(sql, {"public": self._public, "names": list(names)})
        return {row["media"]: Waiting(row["expirations"], row["size_bytes"]) for row in rows}

    def _days(self) -> dict[date, str]:
        """Day → its one part; those that are in one."""
        rows = self._database.rows("SELECT day, part FROM {public:Identifier}.footage_days", {"public": self._public})
        return {row["day"]: row["part"] for row in rows}

    def _hours(self, names: Sequence[str], span: Span, days: Sequence[date]) -> Hours:
        sql = f"""SELECT {_CAMERA}, toInt64(toUnixTimestamp(hour)) * 1000 AS hour_ms, first_ms, last_ms, segments,
            recorded_ms, size_bytes, stored_ms, stored_bytes, first_stored_ms, last_deleted_ms
          FROM (
            SELECT * FROM {{public:Identifier}}.footage_sums WHERE {_DAYS} AND {_WINDOW}
            UNION ALL
            SELECT * FROM {{public:Identifier}}.footage_hourly WHERE NOT {_DAYS} AND {_WINDOW})
          WHERE segments > 0 ORDER BY camera, hour_ms"""
        return self._array(sql, HOUR, names, span, days=list(days))

    def _array(self, sql: str, kind: np.dtype[Any], names: Sequence[str], span: Span, **values: Any) -> NDArray[Any]:
        """The rows as records of ``kind``, column by column."""
        found = self._database.array(sql, self._given(names, span) | values)
        made = np.zeros(len(found), kind)
        for at, name in enumerate(kind.names or ()):
            if len(found):
                made[name] = found[:, at] if found.dtype.names is None else found[found.dtype.names[at]]
        return made

    def _given(self, names: Sequence[str], span: Span) -> dict[str, Any]:
        from_ms, to_ms = (min(max(0, ms), _LAST_HOUR_MS) for ms in span)
        return {"public": self._public, "names": list(names), "from_ms": from_ms, "to_ms": to_ms}


_REACHES = "media IN {names:Array(String)} AND start_ms < {to_ms:Int64} AND end_ms > {from_ms:Int64}"
