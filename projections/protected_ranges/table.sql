-- What must survive, and the locks that people asked for.
-- Filled by: RangeProtected, RangeReleased, LockRequested and LockReleased on topic `protections` (rows.py beside this file).
-- Read by: reads.py beside this file, for GET /media/{media}/ranges, locks and their receipts, and for media servers that
-- ask what to keep.
-- Ranges of a camera never overlap, so of all that start before a moment only the last can reach it: a window of any
-- camera is found by its key, however long its ranges are.

CREATE TABLE IF NOT EXISTS {db}.protected_ranges (
  media LowCardinality(String) COMMENT 'Camera',
  start_ms Int64 EPHEMERAL COMMENT 'How rows arrive: UTC ms, stored as started_at',
  end_ms Int64 EPHEMERAL COMMENT 'How rows arrive: UTC ms, stored as ended_at',
  started_at DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(start_ms, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'Protected from here',
  ended_at DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(end_ms, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'To here (half-open)',
  observed_ms Int64 CODEC(Delta, ZSTD(1)) COMMENT 'When it was said, UTC ms',
  holds Array(Tuple(kind LowCardinality(String), id UInt64)) CODEC(ZSTD(1)) COMMENT 'Why: each hold that covers it',
  policy_version LowCardinality(String) COMMENT 'Policy under which it was said',
  is_deleted UInt8 COMMENT '1: nothing begins here any more; the key stays as a tombstone',
  src_partition UInt16 COMMENT 'Partition of the fact on topic protections',
  src_offset UInt64 CODEC(Delta, ZSTD(1)) COMMENT 'Offset of the fact on topic protections',
  rev UInt64 DEFAULT src_offset * 65536 + src_partition CODEC(Delta, ZSTD(1)) COMMENT 'The later fact wins; never equal for two facts'
) ENGINE = ReplacingMergeTree(rev, is_deleted)
ORDER BY (media, started_at)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'One row per stretch that the same holds cover; RangeProtected and RangeReleased';

CREATE TABLE IF NOT EXISTS {db}.locks (
  lock_id UInt64 COMMENT 'Of the lock, or of what an export holds while it reads',
  media LowCardinality(String) COMMENT 'Camera',
  step LowCardinality(String) COMMENT 'requested, held (a range names it), released',
  observed_ms Int64 COMMENT 'When it was said, UTC ms',
  said_by LowCardinality(String) COMMENT 'Who asked, or gave it back',
  kind LowCardinality(String) COMMENT 'lock or export; empty: released',
  start_ms Int64 COMMENT 'requested: footage from here, UTC ms',
  end_ms Int64 COMMENT 'requested: to here (half-open)',
  reason String CODEC(ZSTD(1)) COMMENT 'requested: why, for people',
  until_ms Nullable(Int64) COMMENT 'requested: when it ends by itself; NULL: never',
  src_partition UInt16 COMMENT 'Partition of the fact on topic protections',
  src_offset UInt64 COMMENT 'Offset of the fact on topic protections',
  rev UInt64 DEFAULT bitNot(src_offset * 65536 + src_partition) COMMENT 'The first position wins'
) ENGINE = ReplacingMergeTree(rev)
ORDER BY (lock_id, media, step)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'One row per lock and step; LockRequested, LockReleased, and the first RangeProtected that names it';
