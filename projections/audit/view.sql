-- The public name of what people did; right without FINAL.

CREATE OR REPLACE VIEW {public}.audit SQL SECURITY DEFINER AS
SELECT
  action_id, acted_at, toUnixTimestamp64Milli(acted_at) AS at_ms, user, who, via, action, media, from_at, to_at,
  toUnixTimestamp64Milli(from_at) AS from_ms, toUnixTimestamp64Milli(to_at) AS to_ms, subject, detail, peer,
  src_partition, src_offset
FROM {db}.actions FINAL;
