"""The SELECTs behind the motion of one camera. Block; raise what Database raises."""

from typing import Any

import msgspec

from infra.clickhouse import Database
from projections.columns import LAST_MS
from projections.motion.stored import COLUMNS, LIVE, ScanCounts, ScanSearch, StoredScan

__all__ = ["LIVE", "MotionReads", "ScanCounts", "ScanSearch", "StoredScan"]

_LONGEST = """(SELECT toInt64(max(longest_ms)) FROM {public:Identifier}.segment_extents WHERE media = {media:String})"""
_WINDOW = f"""media = {{media:String}} AND ended_at > fromUnixTimestamp64Milli({{from_ms:Int64}}, 'UTC')
  AND started_at > fromUnixTimestamp64Milli({{from_ms:Int64}} - {_LONGEST}, 'UTC')"""
"""A segment that reaches into the window starts at most the camera's longest segment before it."""
_JUDGED = f"""{_WINDOW} AND run IN {{runs:Array(String)}} AND from_ms < {{to_ms:Int64}}
  AND started_at < fromUnixTimestamp64Milli({{to_ms:Int64}} + {_LONGEST}, 'UTC')"""
"""A verdict may speak of the end of the segment before its own."""
_THAT_COUNTS = "ORDER BY started_at, indexOf({runs:Array(String)}, run), src_offset DESC LIMIT 1 BY started_at"
_CELLS = "arrayMap(cell -> cell + 1, {cells:Array(UInt8)})"
_SEES = f"""arrayExists(grid -> arrayExists(cell -> grid[cell] >= {{min_energy:UInt8}}, {_CELLS}), look_grid)"""
_LOOKS = """, look_ms, look_level, look_score,
  arrayMap(grid -> base64Encode(reinterpret(grid, 'String')), look_grid) AS grids"""
_SEEN = f""", look_ms,
  arrayMap(grid -> arrayMax(arrayMap(cell -> grid[cell], {_CELLS})), look_grid) AS seen"""


class MotionReads:
    """Answers about verdicts from the public views in database ``public``."""

    def __init__(self, database: Database, public: str) -> None:
        self._database = database
        self._public = public

    def scans(
        self, search: ScanSearch, limit: int, after_ms: int | None = None, looks: bool = False
    ) -> list[StoredScan]:
        """At most ``limit`` verdicts, by start, those of segments that start after ``after_ms``.

        With ``looks`` each with all that was seen; with cells each with what was seen in them.
        """
        more = (_LOOKS if looks else "") + (_SEEN.replace(", look_ms", "") if looks else _SEEN) * bool(search.cells)
        sql = f"""SELECT {COLUMNS}{more} FROM {{public:Identifier}}.segment_scans
          WHERE media = {{media:String}} AND (started_at, run, detector, version) IN ({_places(search, after_ms)})
          ORDER BY started_at"""
        rows = self._rows(sql, search, n=limit, after_ms=after_ms)
        return msgspec.convert(rows, list[StoredScan])

    def counts(self, search: ScanSearch) -> ScanCounts:
        """How many segments that reach into the span got which verdict; conditions on what was seen do not count."""
        sql = f"""SELECT countIf(verdict = 'motion') AS motion, countIf(verdict = 'still' AND level != 'none') AS still,
            countIf(verdict = 'unreadable') AS unreadable, countIf(level = 'none' AND verdict = 'still') AS off,
            ({_UNSCANNED}) AS unscanned
          FROM (SELECT started_at, verdict, level FROM {{public:Identifier}}.segment_scans
            WHERE {_JUDGED} AND started_at < fromUnixTimestamp64Milli({{to_ms:Int64}}, 'UTC') {_THAT_COUNTS})"""
        return msgspec.convert(self._rows(sql, search)[0], ScanCounts)

    def _rows(self, sql: str, search: ScanSearch, **values: Any) -> list[dict[str, Any]]:
        asked = {name: value for name, value in msgspec.structs.asdict(search).items() if name != "span"}
        given = {name: list(value) if isinstance(value, tuple) else value for name, value in asked.items()}
        span = {"from_ms": min(search.span.start_ms, LAST_MS), "to_ms": min(search.span.end_ms, LAST_MS)}
        return self._database.rows(sql, {"public": self._public} | given | span | values)


_UNSCANNED = f"""SELECT count() FROM {{public:Identifier}}.segments
  WHERE {_WINDOW} AND started_at < fromUnixTimestamp64Milli({{to_ms:Int64}}, 'UTC') AND started_at NOT IN (
    SELECT started_at FROM {{public:Identifier}}.segment_scans
    WHERE {_WINDOW} AND run IN {{runs:Array(String)}}
      AND started_at < fromUnixTimestamp64Milli({{to_ms:Int64}}, 'UTC'))"""


def _places(search: ScanSearch, after_ms: int | None) -> str:
    """Keys of the verdicts that count and hold the conditions: few columns, because all of the window is looked at."""
    after = "AND started_at > fromUnixTimestamp64Milli({after_ms:Int64}, 'UTC')" if after_ms is not None else ""
    held = ["verdict IN {verdicts:Array(String)}"] if search.verdicts is not None else []
    held += ["sees"] if search.cells else []
    return f"""SELECT started_at, run, detector, version FROM (
        SELECT started_at, run, detector, version, verdict, {_SEES if search.cells else 1} AS sees
        FROM {{public:Identifier}}.segment_scans WHERE {_JUDGED} {after} {_THAT_COUNTS})
      WHERE {" AND ".join(held) or "true"} ORDER BY started_at LIMIT {{n:UInt32}}"""
