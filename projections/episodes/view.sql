-- Public names of episodes; right without FINAL. Times as DateTime64 for people, as *_ms for programs.
-- `episode_changes` and `episode_progress` are for the feed: a reader asks episode_progress first, then reads positions
-- in [its cursor, next_offset) alone. Nothing before next_offset is still on its way, so nothing is skipped.

CREATE OR REPLACE VIEW {public}.episodes SQL SECURITY DEFINER AS
SELECT
  media, episode_id, version, opened_at, updated_at, closed_at, started_at, ended_at, accepted_at,
  close_reason, episode_type, title, source, hostname, labels, score, license_plate_text, match_score, payload,
  detections, preview_key, frame_preview_key, preview_dropped, preview_timestamp, given, save_id,
  toUnixTimestamp64Milli(started_at) AS start_ms, toUnixTimestamp64Milli(ended_at) AS end_ms,
  toUnixTimestamp64Milli(opened_at) AS opened_ms, toUnixTimestamp64Milli(updated_at) AS updated_ms,
  toUnixTimestamp64Milli(closed_at) AS closed_ms, toUnixTimestamp64Milli(accepted_at) AS accepted_ms,
  src_partition, src_offset
FROM {db}.episodes FINAL;

CREATE OR REPLACE VIEW {public}.episode_versions SQL SECURITY DEFINER AS
SELECT
  media, episode_id, version, opened_at, updated_at, closed_at, started_at, ended_at, accepted_at,
  close_reason, episode_type, title, source, hostname, labels, score, license_plate_text, match_score, payload,
  detections, preview_key, frame_preview_key, preview_dropped, preview_timestamp, given, save_id,
  toUnixTimestamp64Milli(started_at) AS start_ms, toUnixTimestamp64Milli(ended_at) AS end_ms,
  toUnixTimestamp64Milli(opened_at) AS opened_ms, toUnixTimestamp64Milli(updated_at) AS updated_ms,
  toUnixTimestamp64Milli(closed_at) AS closed_ms, toUnixTimestamp64Milli(accepted_at) AS accepted_ms,
  src_partition, src_offset
FROM {db}.versions FINAL;

CREATE OR REPLACE VIEW {public}.episode_refusals SQL SECURITY DEFINER AS
SELECT
  media, episode_id, save_id, reason, detail, refused_at, toUnixTimestamp64Milli(refused_at) AS observed_ms, record,
  preview_key, frame_preview_key, preview_dropped, src_partition, src_offset
FROM {db}.refusals FINAL;

CREATE OR REPLACE VIEW {public}.episodes_hourly SQL SECURITY DEFINER AS
SELECT
  dateTrunc('hour', opened_at) AS hour, media, episode_type, source, count() AS episodes, countIf(closed_at IS NULL) AS open,
  toUInt64(sum(toUnixTimestamp64Milli(ended_at) - toUnixTimestamp64Milli(started_at))) AS busy_ms, max(score) AS max_score
FROM {db}.episodes FINAL GROUP BY hour, media, episode_type, source;

CREATE OR REPLACE VIEW {public}.episode_changes SQL SECURITY DEFINER AS
SELECT
  src_partition, src_offset, media, opened_at, episode_id, version, updated_at, accepted_at,
  toUnixTimestamp64Milli(opened_at) AS opened_ms, toUnixTimestamp64Milli(updated_at) AS updated_ms,
  toUnixTimestamp64Milli(accepted_at) AS accepted_ms
FROM {db}.changes FINAL;

CREATE OR REPLACE VIEW {public}.episode_ids SQL SECURITY DEFINER AS
SELECT DISTINCT episode_id, media, opened_at, toUnixTimestamp64Milli(opened_at) AS opened_ms FROM {db}.ids;

CREATE OR REPLACE VIEW {public}.episode_spans SQL SECURITY DEFINER AS
SELECT media, opened_at, episode_id, version, started_at, ended_at, updated_at FROM {db}.episodes;

CREATE OR REPLACE VIEW {public}.episode_progress SQL SECURITY DEFINER AS
SELECT partition AS topic_partition, next_offset FROM {db}.checkpoints FINAL WHERE topic = 'episode-changes';
