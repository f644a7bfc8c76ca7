-- Public names of footage; right without FINAL. Times as DateTime64 for people, as *_ms for programs.

CREATE OR REPLACE VIEW {public}.segments SQL SECURITY DEFINER AS
SELECT
  media, started_at, ended_at,
  toUnixTimestamp64Milli(started_at) AS start_ms, toUnixTimestamp64Milli(ended_at) AS end_ms,
  observed_ms, object_key, size_bytes, sha256, container, video_codec, audio_codec, codecs, width_px, height_px,
  frames, run_id, init_len, keyframe_ms, keyframe_offset, keyframe_bytes, gop_bytes, origin, src_partition, src_offset
FROM {db}.segments FINAL;

CREATE OR REPLACE VIEW {public}.recording_gaps SQL SECURITY DEFINER AS
SELECT
  media, started_at, ended_at,
  toUnixTimestamp64Milli(started_at) AS start_ms, toUnixTimestamp64Milli(ended_at) AS end_ms,
  observed_ms, reason, detail, src_partition, src_offset
FROM {db}.recording_gaps FINAL;

CREATE OR REPLACE VIEW {public}.segment_extents SQL SECURITY DEFINER AS
SELECT media, min(first_ms) AS first_ms, max(last_ms) AS last_ms, max(longest_ms) AS longest_ms
FROM {db}.extents GROUP BY media;

CREATE OR REPLACE VIEW {public}.deletions SQL SECURITY DEFINER AS
SELECT
  media, started_at, ended_at,
  toUnixTimestamp64Milli(started_at) AS start_ms, toUnixTimestamp64Milli(ended_at) AS end_ms,
  expiration_id, segments, size_bytes, fromUnixTimestamp64Milli(observed_ms, 'UTC') AS deleted_at, observed_ms,
  src_partition, src_offset
FROM {db}.deletions FINAL;

CREATE OR REPLACE VIEW {public}.footage_history SQL SECURITY DEFINER AS
SELECT
  media, started_at, fromUnixTimestamp64Milli(end_ms, 'UTC') AS ended_at,
  toUnixTimestamp64Milli(started_at) AS start_ms, toInt64(start_ms + length_ms) AS end_ms,
  size_bytes, deleted_rev > stored_rev AS is_deleted
FROM {db}.footage FINAL WHERE length_ms > 0;

CREATE OR REPLACE VIEW {public}.footage_hourly SQL SECURITY DEFINER AS
SELECT
  media, toStartOfHour(started_at) AS hour,
  minIf(toUnixTimestamp64Milli(started_at), length_ms > 0) AS first_ms,
  maxIf(toUnixTimestamp64Milli(started_at) + length_ms, length_ms > 0) AS last_ms,
  countIf(length_ms > 0) AS segments, sum(length_ms) AS recorded_ms, sum(f.size_bytes) AS size_bytes,
  countIf(stored_rev > deleted_rev) AS stored_segments, sumIf(length_ms, stored_rev > deleted_rev) AS stored_ms,
  sumIf(f.size_bytes, stored_rev > deleted_rev) AS stored_bytes,
  minIf(toUnixTimestamp64Milli(started_at), stored_rev > deleted_rev) AS first_stored_ms,
  maxIf(toUnixTimestamp64Milli(started_at) + length_ms, deleted_rev > stored_rev) AS last_deleted_ms
FROM {db}.footage AS f FINAL GROUP BY media, toStartOfHour(started_at);

-- The same from the sums of each part: right for the days of `footage_days`, and cheap. reads.py asks both.
CREATE OR REPLACE VIEW {public}.footage_sums SQL SECURITY DEFINER AS
SELECT
  media, toStartOfHour(started_at) AS hour,
  minIf(toUnixTimestamp64Milli(started_at), length_ms > 0) AS first_ms,
  maxIf(toUnixTimestamp64Milli(started_at) + length_ms, length_ms > 0) AS last_ms,
  countIf(length_ms > 0) AS segments, sum(length_ms) AS recorded_ms, sum(f.size_bytes) AS size_bytes,
  countIf(stored_rev > deleted_rev) AS stored_segments, sumIf(length_ms, stored_rev > deleted_rev) AS stored_ms,
  sumIf(f.size_bytes, stored_rev > deleted_rev) AS stored_bytes,
  minIf(toUnixTimestamp64Milli(started_at), stored_rev > deleted_rev) AS first_stored_ms,
  maxIf(toUnixTimestamp64Milli(started_at) + length_ms, deleted_rev > stored_rev) AS last_deleted_ms
FROM {db}.footage AS f GROUP BY media, toStartOfHour(started_at);

CREATE OR REPLACE VIEW {public}.footage_days SQL SECURITY DEFINER AS
SELECT toDate(parseDateTimeBestEffort(partition)) AS day, any(name) AS part
FROM system.parts WHERE database = '{db}' AND table = 'footage' AND active AND length(partition) = 8
GROUP BY partition HAVING count() = 1 AND min(level) > 0;
