-- The public name of verdicts; right without FINAL. Times as DateTime64 for people, as *_ms for programs. What a dropped
-- run said is not shown.

CREATE OR REPLACE VIEW {public}.segment_scans SQL SECURITY DEFINER AS
SELECT
  media, started_at, ended_at,
  toUnixTimestamp64Milli(started_at) AS start_ms, toUnixTimestamp64Milli(ended_at) AS end_ms,
  arrayMin(arrayPushFront(arraySlice(look_ms, 1, 1), start_ms)) AS from_ms,
  observed_ms, run, detector, version, verdict, reason, level, motion_ms, score, spans,
  look_ms, look_level, look_score, look_grid, parameters, begins_run, baseline_from_ms, preview_key, preview_ms,
  src_partition, src_offset
FROM {db}.segment_scans FINAL
WHERE run NOT IN (SELECT run FROM {public}.reprocess_runs WHERE state = 'dropped');
