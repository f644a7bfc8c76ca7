-- What retention decided to delete, and what became of it.
-- Filled by: RangeExpired, RestoreRequested, RangeRestored and DeletionOrdered on topic `expirations` (rows.py beside this
-- file). Read by: the view of view.sql, for GET /media/{media}/explain, GET /expirations and data teams.
--
-- Each fact is a row that says what it knows; the engine makes one of all rows of an expiration by minima and maxima, so a
-- fact told twice, later or in another batch changes nothing. What a fact does not say is 0 or NULL, and loses.
-- `is_decided` has an index because the few that wait are sought among all that ever were.

CREATE TABLE IF NOT EXISTS {db}.expirations (
  media LowCardinality(String) COMMENT 'Camera',
  expiration_id UInt64 COMMENT 'Of the decision',
  start_ms SimpleAggregateFunction(max, Int64) COMMENT 'This footage will go: from here, UTC ms',
  end_ms SimpleAggregateFunction(max, Int64) COMMENT 'To here (half-open)',
  reason SimpleAggregateFunction(max, String) COMMENT 'depth, keep, room, quota, hard_cap; empty: RangeExpired has not come',
  policy_version SimpleAggregateFunction(max, String) COMMENT 'Policy under which it was decided',
  detail SimpleAggregateFunction(max, String) CODEC(ZSTD(1)) COMMENT 'The rule and its values, for people',
  size_bytes SimpleAggregateFunction(max, UInt64) COMMENT 'Bytes that will go',
  segments SimpleAggregateFunction(max, UInt64) COMMENT 'Segments that will go',
  expired_ms SimpleAggregateFunction(max, Int64) COMMENT 'When it was decided, UTC ms',
  delete_after_ms SimpleAggregateFunction(max, Int64) COMMENT 'Until then it can be taken back',
  requested_ms SimpleAggregateFunction(min, Nullable(Int64)) COMMENT 'When a person first asked for it back; NULL: nobody did',
  restored_ms SimpleAggregateFunction(min, Nullable(Int64)) COMMENT 'When it was taken back; NULL: it was not',
  restored_by SimpleAggregateFunction(max, String) COMMENT 'Who asked for that, or protection',
  ordered_ms SimpleAggregateFunction(min, Nullable(Int64)) COMMENT 'When its deletion was ordered; NULL: it was not',
  ordered_bytes SimpleAggregateFunction(max, Nullable(UInt64)) COMMENT 'Bytes ordered to go',
  ordered_segments SimpleAggregateFunction(max, Nullable(UInt64)) COMMENT 'Segments ordered to go',
  ordered_policy SimpleAggregateFunction(max, String) COMMENT 'Policy under which it was ordered',
  is_decided SimpleAggregateFunction(max, UInt8) COMMENT '1: taken back, or ordered',
  src_partition SimpleAggregateFunction(max, UInt16) COMMENT 'Partition of its facts on topic expirations',
  src_offset SimpleAggregateFunction(max, UInt64) COMMENT 'Offset of the latest of them',
  INDEX by_id expiration_id TYPE bloom_filter(0.001) GRANULARITY 1,
  INDEX by_start start_ms TYPE minmax GRANULARITY 1,
  INDEX by_end end_ms TYPE minmax GRANULARITY 1,
  INDEX by_decision is_decided TYPE minmax GRANULARITY 1
) ENGINE = AggregatingMergeTree
ORDER BY (media, expiration_id)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'One row per expiration; RangeExpired and what follows it';
