"""What a run found beside what counts now, by camera: asked of the public tables."""

from typing import Any

import httpx

from cli.client import answer

JOIN_MS = 3000
"""Motion further apart is counted as another stretch."""
_SQL = """
SELECT media, side, count() AS segments, countIf(verdict = 'unreadable') AS unreadable, sum(motion_ms) AS motion_ms,
  arraySort(groupArrayArray(arrayMap(one -> (one.start_ms, one.end_ms), spans))) AS moved,
  arrayCount((later, earlier) -> later.1 - earlier.2 > {join:Int64}, arrayPopFront(moved), arrayPopBack(moved))
    + notEmpty(moved) AS stretches
FROM (
  SELECT media, if(run = '', 'live', 'run') AS side, verdict, motion_ms, spans
  FROM segment_scans
  WHERE run IN ('', {run:String}) AND (empty({media:Array(String)}) OR has({media:Array(String)}, media))
    AND started_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
    AND ended_at > fromUnixTimestamp64Milli({from:Int64}, 'UTC')
)
GROUP BY media, side ORDER BY media, side
"""
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
