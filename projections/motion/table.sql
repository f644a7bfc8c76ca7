-- Verdicts of the motion processor. Filled by: SegmentScanned on topic `motion` (rows.py beside this file); MotionTicked
-- makes no row. Read by: view.sql, for GET /media/{media}/motion, the progress of runs, `sightlog check` and data teams.
--
-- One row per segment, run, detector and version; of a verdict told twice the later stays, so that footage that could not
-- be read and now can has one verdict. The key has the time before the run: a stretch of one camera is one place on disk
-- whatever runs looked at it. A grid is a list of 144 bytes, or an empty one where nothing moved: so a region of the past is
-- found by a scan of one camera's grids, and most of them are empty. Sizes and times: docs/decisions/0072.

CREATE TABLE IF NOT EXISTS {db}.segment_scans (
  media LowCardinality(String) COMMENT 'Camera',
  start_ms Int64 EPHEMERAL COMMENT 'How rows arrive: UTC ms, stored as started_at',
  end_ms Int64 EPHEMERAL COMMENT 'How rows arrive: UTC ms, stored as ended_at',
  started_at DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(start_ms, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'First frame of the segment',
  ended_at DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(end_ms, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'End of its last frame (half-open)',
  observed_ms Int64 CODEC(Delta, ZSTD(1)) COMMENT 'When it was judged, UTC ms',
  run LowCardinality(String) COMMENT 'Empty: live; else the run that looked again',
  detector LowCardinality(String) COMMENT 'Detector that judged',
  version LowCardinality(String) COMMENT 'Its version',
  verdict LowCardinality(String) COMMENT 'motion, still, unreadable',
  reason String CODEC(ZSTD(1)) COMMENT 'Why it is unreadable, or why nobody looked',
  level LowCardinality(String) COMMENT 'The cheapest look that decided: none, keyframes, borders, all',
  parameters LowCardinality(String) COMMENT 'What the detector was told, JSON',
  begins_run Bool COMMENT 'The segment is the first of a recording',
  baseline_from_ms Nullable(Int64) CODEC(Delta, ZSTD(1)) COMMENT 'Footage from here on was the baseline, UTC ms; NULL: its own pictures alone',
  preview_key String CODEC(ZSTD(1)) COMMENT 'Object that holds the picture of its strongest moment; empty: none',
  preview_ms Nullable(Int64) CODEC(ZSTD(1)) COMMENT 'Moment of that picture, UTC ms',
  spans Array(Tuple(start_ms Int64, end_ms Int64, score Float64, peak_ms Nullable(Int64), zones Array(String))) CODEC(ZSTD(1)) COMMENT 'Stretches of motion, ascending',
  look_ms Array(Int64) CODEC(Delta, ZSTD(1)) COMMENT 'Moment of each look, UTC ms, ascending',
  look_level Array(LowCardinality(String)) COMMENT 'Which level looked',
  look_score Array(Float64) CODEC(ZSTD(1)) COMMENT 'Score of each look, 0..1',
  grids Array(String) EPHEMERAL COMMENT 'How rows arrive: base64, stored as look_grid',
  look_grid Array(Array(UInt8)) DEFAULT arrayMap(grid -> reinterpret(base64Decode(grid), 'Array(UInt8)'), grids) CODEC(ZSTD(1)) COMMENT 'Energy of each block at each look, 16 columns x 9 rows, row by row; an empty list: all zero',
  motion_ms Int64 DEFAULT arraySum(span -> greatest(0, least(span.end_ms, toUnixTimestamp64Milli(ended_at)) - greatest(span.start_ms, toUnixTimestamp64Milli(started_at))), spans) CODEC(T64, ZSTD(1)) COMMENT 'Length of its spans inside the segment',
  score Float64 DEFAULT greatest(arrayMax(arrayPushBack(look_score, 0)), arrayMax(arrayPushBack(spans.score, 0))) CODEC(ZSTD(1)) COMMENT 'Highest score of a look or a span',
  src_partition UInt16 COMMENT 'Partition of the fact on topic motion',
  src_offset UInt64 CODEC(Delta, ZSTD(1)) COMMENT 'Offset of the fact on topic motion',
  rev UInt64 DEFAULT src_offset * 65536 + src_partition CODEC(Delta, ZSTD(1)) COMMENT 'The later fact wins'
) ENGINE = ReplacingMergeTree(rev)
PARTITION BY toMonday(started_at)
ORDER BY (media, started_at, run, detector, version)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1,
  min_age_to_force_merge_seconds = 3600, min_age_to_force_merge_on_partition_only = 1
COMMENT 'One row per verdict; SegmentScanned';
