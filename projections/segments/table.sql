-- Footage: what is stored, what went, what is missing.
-- Filled by: SegmentRecorded, SegmentsDeleted and RecordingGap on topic `segments` (rows.py beside this file).
-- Read by: reads.py beside this file, for ranges, playlists, exports, days and the camera list.
-- Answers must read FINAL (the views do): a fact told twice, or a newer one for the same key, replaces by `rev`.
-- A week that has been quiet for an hour becomes one part, in which FINAL has nothing to merge: docs/decisions/0052.
-- What was ever stored, deleted or not, stays in `footage`, few bytes a segment, summed by hour: docs/decisions/0087.

CREATE TABLE IF NOT EXISTS {db}.segments (
  media LowCardinality(String) COMMENT 'Camera',
  start_ms Int64 EPHEMERAL COMMENT 'How rows arrive: UTC ms, stored as started_at',
  end_ms Int64 EPHEMERAL COMMENT 'How rows arrive: UTC ms, stored as ended_at',
  started_at DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(start_ms, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'First frame',
  ended_at DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(end_ms, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'End of the last frame (half-open)',
  observed_ms Int64 CODEC(Delta, ZSTD(1)) COMMENT 'When the recorder had stored it, UTC ms',
  object_key String CODEC(ZSTD(1)) COMMENT 'Object in the bucket',
  size_bytes UInt64 CODEC(T64, ZSTD(1)) COMMENT 'Size of the object',
  sha256 String CODEC(ZSTD(1)) COMMENT 'Checksum of the object, hexadecimal',
  container LowCardinality(String) COMMENT 'fmp4',
  video_codec LowCardinality(String) COMMENT 'FFmpeg name: h264, hevc …',
  audio_codec LowCardinality(String) COMMENT 'FFmpeg name; empty: no sound',
  codecs LowCardinality(String) COMMENT 'RFC 6381, for players',
  width_px UInt32 CODEC(T64, ZSTD(1)) COMMENT 'Picture width',
  height_px UInt32 CODEC(T64, ZSTD(1)) COMMENT 'Picture height',
  frames UInt32 CODEC(T64, ZSTD(1)) COMMENT 'Video frames in the object',
  run_id LowCardinality(String) COMMENT 'One unbroken recording; a new run is a discontinuity for players',
  init_len UInt32 CODEC(T64, ZSTD(1)) COMMENT 'Bytes of ftyp+moov at the start of the object',
  keyframe_ms Array(Int64) CODEC(Delta, ZSTD(1)) COMMENT 'Time of each key frame, UTC ms, ascending',
  keyframe_offset Array(UInt64) CODEC(T64, ZSTD(1)) COMMENT 'First byte of each key frame in the object',
  keyframe_bytes Array(UInt32) CODEC(T64, ZSTD(1)) COMMENT 'Size of each key frame',
  gop_bytes Array(UInt32) CODEC(T64, ZSTD(1)) COMMENT 'Video bytes after each key frame up to the next',
  origin LowCardinality(String) COMMENT 'recorder or ingest',
  is_deleted UInt8 COMMENT '1: the object is gone (SegmentsDeleted); the key stays as a tombstone',
  src_partition UInt16 COMMENT 'Partition of the fact on topic segments',
  src_offset UInt64 CODEC(Delta, ZSTD(1)) COMMENT 'Offset of the fact on topic segments',
  rev UInt64 DEFAULT src_offset * 65536 + src_partition CODEC(Delta, ZSTD(1)) COMMENT 'The later fact wins; never equal for two facts'
) ENGINE = ReplacingMergeTree(rev, is_deleted)
PARTITION BY toMonday(started_at)
ORDER BY (media, started_at)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1,
  min_age_to_force_merge_seconds = 3600, min_age_to_force_merge_on_partition_only = 1
COMMENT 'One row per stored segment; SegmentRecorded and SegmentsDeleted';

-- How far back a read must look for a segment that reaches into its window, and how old and new each camera's footage
-- is. Maxima and minima only, so a row inserted twice changes nothing.
CREATE TABLE IF NOT EXISTS {db}.extents (
  media String COMMENT 'Camera',
  first_ms SimpleAggregateFunction(min, Int64) COMMENT 'Start of the oldest segment ever stored, UTC ms',
  last_ms SimpleAggregateFunction(max, Int64) COMMENT 'End of the newest segment ever stored, UTC ms',
  longest_ms SimpleAggregateFunction(max, Int64) COMMENT 'Longest segment ever stored, ms'
) ENGINE = AggregatingMergeTree ORDER BY media
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Reach of each camera''s footage; from segments';

CREATE MATERIALIZED VIEW IF NOT EXISTS {db}.extents_of TO {db}.extents AS
SELECT
  toString(media) AS media,
  min(toUnixTimestamp64Milli(started_at)) AS first_ms,
  max(toUnixTimestamp64Milli(ended_at)) AS last_ms,
  max(toUnixTimestamp64Milli(ended_at) - toUnixTimestamp64Milli(started_at)) AS longest_ms
FROM {db}.segments WHERE NOT is_deleted GROUP BY media;

CREATE TABLE IF NOT EXISTS {db}.recording_gaps (
  media LowCardinality(String) COMMENT 'Camera',
  start_ms Int64 EPHEMERAL COMMENT 'How rows arrive: UTC ms, stored as started_at',
  end_ms Nullable(Int64) EPHEMERAL COMMENT 'How rows arrive: UTC ms, stored as ended_at',
  started_at DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(start_ms, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'Footage is missing from here',
  ended_at Nullable(DateTime64(3, 'UTC')) DEFAULT fromUnixTimestamp64Milli(end_ms, 'UTC') CODEC(ZSTD(1)) COMMENT 'To here; NULL: still so',
  observed_ms Int64 CODEC(Delta, ZSTD(1)) COMMENT 'When the recorder knew, UTC ms',
  reason LowCardinality(String) COMMENT 'source_lost, recorder_stopped, spool_full …',
  detail String CODEC(ZSTD(1)) COMMENT 'For people',
  src_partition UInt16 COMMENT 'Partition of the fact on topic segments',
  src_offset UInt64 CODEC(Delta, ZSTD(1)) COMMENT 'Offset of the fact on topic segments',
  rev UInt64 DEFAULT src_offset * 65536 + src_partition CODEC(Delta, ZSTD(1)) COMMENT 'The later fact wins: a gap with an end closes the same gap without one'
) ENGINE = ReplacingMergeTree(rev)
PARTITION BY toMonday(started_at)
ORDER BY (media, started_at)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'One row per stretch known to be missing; RecordingGap';

-- Every segment ever stored, and whether it is deleted. The greatest value of each column stays, so rows may come twice
-- and in any order: of a segment told with other content, the longer and the larger. A day in one part is summed already
-- (`hourly`, made anew by every merge); of a day in several parts only FINAL is right.
CREATE TABLE IF NOT EXISTS {db}.footage (
  media LowCardinality(String) COMMENT 'Camera',
  started_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'First frame',
  length_ms SimpleAggregateFunction(max, UInt64) CODEC(T64, ZSTD(1)) COMMENT 'To the end of the last frame; 0: only its deletion is known',
  size_bytes SimpleAggregateFunction(max, UInt64) CODEC(T64, ZSTD(1)) COMMENT 'Size of the object',
  stored_rev SimpleAggregateFunction(max, UInt64) CODEC(Delta, ZSTD(1)) COMMENT 'rev of the newest fact that stored it, plus 1; 0: none',
  deleted_rev SimpleAggregateFunction(max, UInt64) CODEC(Delta, ZSTD(1)) COMMENT 'The same of the newest that deleted it; greater: it is gone',
  PROJECTION hourly (
    SELECT
      media, toStartOfHour(started_at),
      minIf(toUnixTimestamp64Milli(started_at), length_ms > 0),
      maxIf(toUnixTimestamp64Milli(started_at) + length_ms, length_ms > 0),
      countIf(length_ms > 0), sum(length_ms), sum(size_bytes),
      countIf(stored_rev > deleted_rev), sumIf(length_ms, stored_rev > deleted_rev), sumIf(size_bytes, stored_rev > deleted_rev),
      minIf(toUnixTimestamp64Milli(started_at), stored_rev > deleted_rev),
      maxIf(toUnixTimestamp64Milli(started_at) + length_ms, deleted_rev > stored_rev)
    GROUP BY media, toStartOfHour(started_at))
) ENGINE = AggregatingMergeTree
PARTITION BY if(toYear(started_at) BETWEEN 2020 AND 2039, toYYYYMMDD(started_at), toYear(started_at))
ORDER BY (media, started_at)
SETTINGS deduplicate_merge_projection_mode = 'rebuild', fsync_after_insert = 1, fsync_part_directory = 1,
  min_age_to_force_merge_seconds = 3600, min_age_to_force_merge_on_partition_only = 1
COMMENT 'One row per segment ever stored; from segments';

CREATE MATERIALIZED VIEW IF NOT EXISTS {db}.footage_of TO {db}.footage AS
SELECT
  media, started_at, toUInt64(toUnixTimestamp64Milli(ended_at) - toUnixTimestamp64Milli(started_at)) AS length_ms,
  size_bytes, if(is_deleted, 0, rev + 1) AS stored_rev, if(is_deleted, rev + 1, 0) AS deleted_rev
FROM {db}.segments;

CREATE TABLE IF NOT EXISTS {db}.deletions (
  media LowCardinality(String) COMMENT 'Camera',
  start_ms Int64 EPHEMERAL COMMENT 'How rows arrive: UTC ms, stored as started_at',
  end_ms Int64 EPHEMERAL COMMENT 'How rows arrive: UTC ms, stored as ended_at',
  started_at DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(start_ms, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'Start of the first segment deleted',
  ended_at DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(end_ms, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'End of the last (half-open)',
  expiration_id UInt64 CODEC(ZSTD(1)) COMMENT 'The decision that ordered it',
  observed_ms Int64 CODEC(Delta, ZSTD(1)) COMMENT 'When the objects were known to be gone, UTC ms',
  segments UInt32 CODEC(T64, ZSTD(1)) COMMENT 'How many were deleted',
  size_bytes UInt64 CODEC(T64, ZSTD(1)) COMMENT 'Bytes freed',
  src_partition UInt16 COMMENT 'Partition of the fact on topic segments',
  src_offset UInt64 CODEC(Delta, ZSTD(1)) COMMENT 'Offset of the fact on topic segments',
  rev UInt64 DEFAULT src_offset * 65536 + src_partition CODEC(Delta, ZSTD(1)) COMMENT 'The later fact wins'
) ENGINE = ReplacingMergeTree(rev)
PARTITION BY toMonday(started_at)
ORDER BY (media, started_at, expiration_id, ended_at)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1,
  min_age_to_force_merge_seconds = 3600, min_age_to_force_merge_on_partition_only = 1
COMMENT 'One row per stretch deleted; SegmentsDeleted';
