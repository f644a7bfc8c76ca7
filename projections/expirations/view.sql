-- The public name of expirations; right without FINAL. Times as DateTime64 for people, as *_ms for programs. Of a
-- decision that was both taken back and ordered (nobody may say that) the order is shown: then the footage is gone.

CREATE OR REPLACE VIEW {public}.expirations SQL SECURITY DEFINER AS
SELECT
  media, expiration_id,
  fromUnixTimestamp64Milli(start_ms, 'UTC') AS started_at,
  fromUnixTimestamp64Milli(end_ms, 'UTC') AS ended_at,
  start_ms, end_ms,
  multiIf(ordered_ms IS NOT NULL, 'ordered', restored_ms IS NOT NULL, 'restored', 'expired') AS state, is_decided,
  reason, policy_version, detail, size_bytes, segments,
  fromUnixTimestamp64Milli(expired_ms, 'UTC') AS expired_at,
  fromUnixTimestamp64Milli(delete_after_ms, 'UTC') AS delete_after,
  expired_ms, delete_after_ms,
  fromUnixTimestamp64Milli(requested_ms, 'UTC') AS requested_at, requested_ms,
  fromUnixTimestamp64Milli(restored_ms, 'UTC') AS restored_at, restored_ms, restored_by,
  fromUnixTimestamp64Milli(ordered_ms, 'UTC') AS ordered_at, ordered_ms, ordered_bytes, ordered_segments,
  ordered_policy, src_partition, src_offset
FROM {db}.expirations FINAL WHERE reason != '';
