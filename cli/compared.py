"""What a run found beside what counts now, by camera: asked of the public tables."""

from typing import Any

import httpx

from cli.client import answer

JOIN_MS = 3000
"""Motion further apart is counted as another stretch."""
_SQL = """
SELECT media, side, count() AS segments, countIf(verdict = 'unreadable') AS unreadable,
  arraySort(groupArrayArray(arrayFilter(one -> one.1 < one.2,
    arrayMap(one -> (one.start_ms, least(one.end_ms, until_ms)), spans)))) AS moved,
  arraySum(one -> one.2 - one.1, moved) AS motion_ms,
  arrayCount((later, earlier) -> later.1 - earlier.2 > {join:Int64}, arrayPopFront(moved), arrayPopBack(moved))
    + notEmpty(moved) AS stretches
FROM (
  SELECT media, if(run = '', 'live', 'run') AS side, verdict, spans,
    leadInFrame(from_ms, 1, end_ms) OVER (
      PARTITION BY media, run, detector, version ORDER BY start_ms ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING) AS until_ms
  FROM segment_scans
  WHERE run IN ('', {run:String}) AND (empty({media:Array(String)}) OR has({media:Array(String)}, media))
    AND started_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
    AND ended_at > fromUnixTimestamp64Milli({from:Int64}, 'UTC')
)
GROUP BY media, side ORDER BY media, side
"""
"""A verdict speaks of the end of the segment before it where only its first picture told what became of that."""
_FIELDS = ("segments", "unreadable", "motion_ms", "stretches")
Side = dict[str, int]


def compared(api: httpx.Client, run: dict[str, Any]) -> dict[str, dict[str, Side]]:
    """Camera → ``live`` and ``run``: segments judged, unreadable, length of motion, stretches of it."""
    parameters = {
        "run": run["run"], "media": run["media"], "from": run["from_ms"], "to": run["to_ms"], "join": JOIN_MS,
    }  # fmt: skip
    rows = answer(api.post("/sql", json={"sql": _SQL, "parameters": parameters}))["data"]
    found: dict[str, dict[str, Side]] = {}
    for row in rows:
        sides = found.setdefault(row["media"], {side: dict.fromkeys(_FIELDS, 0) for side in ("live", "run")})
        sides[row["side"]] = {name: int(row[name]) for name in _FIELDS}
    return found
