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
