-- The public name of reviews; right without FINAL.

CREATE OR REPLACE VIEW {public}.reviews SQL SECURITY DEFINER AS
SELECT
  user, media, episode_id, reviewed, favourite, said_at, toUnixTimestamp64Milli(said_at) AS said_ms,
  src_partition, src_offset
FROM {db}.reviews FINAL;
