-- The sick bay. Filled by: DeadLettered on topic `dead-letters` (rows.py beside this file).
-- Read by: reads.py beside this file, for `sightlog letters`, GET /dead-letters and rebuilds.

CREATE TABLE IF NOT EXISTS {db}.dead_letters (
  consumer LowCardinality(String) COMMENT 'Who could not use the record',
  topic LowCardinality(String) COMMENT 'Topic of the record',
  partition UInt16 COMMENT 'Its partition',
  offset UInt64 COMMENT 'Its offset',
  key Nullable(String) CODEC(ZSTD(1)) COMMENT 'Its key, base64; NULL: none',
  value Nullable(String) CODEC(ZSTD(1)) COMMENT 'Its value, base64; NULL: none',
  error LowCardinality(String) COMMENT 'Short word for grouping',
  reason String CODEC(ZSTD(1)) COMMENT 'One sentence for a person',
  failed_ms Int64 CODEC(Delta, ZSTD(1)) COMMENT 'When it failed, UTC ms',
  code_version LowCardinality(String) COMMENT 'Version of Sightlog that failed',
  src_partition UInt16 COMMENT 'Partition of the fact on topic dead-letters',
  src_offset UInt64 CODEC(Delta, ZSTD(1)) COMMENT 'Offset of the fact on topic dead-letters',
  rev UInt64 DEFAULT src_offset * 65536 + src_partition CODEC(Delta, ZSTD(1)) COMMENT 'The later letter wins: a record that failed twice is one row'
) ENGINE = ReplacingMergeTree(rev)
ORDER BY (consumer, topic, partition, offset)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'One row per consumer and record that it could not use; DeadLettered';
