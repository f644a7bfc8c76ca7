-- Runs that look at the past again. Filled by: the facts on topic `reprocess` (rows.py beside this file). Read by: view.sql,
-- for GET /reprocess, `sightlog reprocess` and the view `segment_scans`. One row per run and step; what was said first
-- stays, as it does for those who do the work.

CREATE TABLE IF NOT EXISTS {db}.steps (
  run String COMMENT 'Name of the run',
  step LowCardinality(String) COMMENT 'requested, started, looked, promoted, applied, dropped',
  observed_ms Int64 COMMENT 'When it was said, UTC ms',
  said_by LowCardinality(String) COMMENT 'Who said it',
  media Array(String) COMMENT 'Cameras that were asked for; empty: every camera',
  from_ms Int64 COMMENT 'Footage from here, UTC ms',
  to_ms Int64 COMMENT 'To here (half-open)',
  detector LowCardinality(String) COMMENT 'name@version',
  evidence LowCardinality(String) COMMENT 'footage, or looks: stored ones judged anew',
  settings String CODEC(ZSTD(1)) COMMENT 'In what it differs from the settings of each camera, JSON',
  topic LowCardinality(String) COMMENT 'Where the records are that it is about: segments or motion; empty: not started',
  stretches Array(Tuple(partition UInt32, begin UInt64, end UInt64)) COMMENT 'These records: [begin, end) of each partition',
  src_partition UInt16 COMMENT 'Partition of the fact on topic reprocess',
  src_offset UInt64 COMMENT 'Offset of the fact on topic reprocess',
  rev UInt64 DEFAULT bitNot(src_offset * 65536 + src_partition) COMMENT 'The first position wins'
) ENGINE = ReplacingMergeTree(rev)
ORDER BY (run, step)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'One row per run and step; ReprocessRequested and the facts that follow it';
