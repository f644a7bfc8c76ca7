-- The public name of cameras; right without FINAL.

CREATE OR REPLACE VIEW {public}.media SQL SECURITY DEFINER AS
SELECT
  media, observed_ms, fromUnixTimestamp64Milli(observed_ms, 'UTC') AS changed_at, source, title, enabled, audio,
  depth_ms, keep_ms, quota_bytes, catch, labels, mail_login, mail_password, mail_aliases, time_zone, motion, protect,
  groups, folder, changed_by, src_partition, src_offset
FROM {db}.media FINAL;
