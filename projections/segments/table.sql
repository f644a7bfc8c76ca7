-- Footage: what is stored, what went, what is missing.
-- Filled by: SegmentRecorded, SegmentsDeleted and RecordingGap on topic `segments` (rows.py beside this file).
-- Read by: reads.py beside this file, for ranges, playlists, exports, days and the camera list.
-- Answers must read FINAL (the views do): a fact told twice, or a newer one for the same key, replaces by `rev`.
-- A week that has been quiet for an hour becomes one part, in which FINAL has nothing to merge: docs/decisions/0052.

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
