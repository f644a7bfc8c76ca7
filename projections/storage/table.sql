-- How full stores were, and when one had no room left to make.
-- Filled by: StorageMeasured and StorageExhausted on topic `storage` (rows.py beside this file). Read by: reads.py beside
-- this file, for gauges, alerts, the forecast and data teams. The topic is kept for a week; rows stay until a rebuild.

CREATE TABLE IF NOT EXISTS {db}.storage_levels (
  store LowCardinality(String) COMMENT 'Which store',
  minute_ms Int64 CODEC(Delta, ZSTD(1)) COMMENT 'Start of the minute, UTC ms',
  observed_ms Int64 CODEC(Delta, ZSTD(1)) COMMENT 'When it was measured last in that minute, UTC ms',
  used_bytes UInt64 CODEC(T64, ZSTD(1)) COMMENT 'Used then',
  capacity_bytes UInt64 CODEC(T64, ZSTD(1)) COMMENT 'Room in all',
  src_partition UInt16 COMMENT 'Partition of the fact on topic storage',
  src_offset UInt64 CODEC(Delta, ZSTD(1)) COMMENT 'Offset of the fact on topic storage',
  rev UInt64 DEFAULT src_offset * 65536 + src_partition CODEC(Delta, ZSTD(1)) COMMENT 'The later fact of a minute wins'
) ENGINE = ReplacingMergeTree(rev)
ORDER BY (store, minute_ms)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'One row per store and minute, its last measurement; StorageMeasured';

CREATE TABLE IF NOT EXISTS {db}.storage_exhaustions (
  store LowCardinality(String) COMMENT 'Which store',
  observed_ms Int64 CODEC(Delta, ZSTD(1)) COMMENT 'When it was told, UTC ms',
  used_bytes UInt64 COMMENT 'Used then',
  capacity_bytes UInt64 COMMENT 'Room in all',
  locked_bytes UInt64 COMMENT 'Of footage under manual locks, which never go',
  is_over Bool COMMENT 'true: there is room again',
  src_partition UInt16 COMMENT 'Partition of the fact on topic storage',
  src_offset UInt64 COMMENT 'Offset of the fact on topic storage',
  rev UInt64 DEFAULT bitNot(src_offset * 65536 + src_partition) COMMENT 'The first position wins'
) ENGINE = ReplacingMergeTree(rev)
ORDER BY (store, observed_ms)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'One row per time that no room was left to make, or was again; StorageExhausted';
