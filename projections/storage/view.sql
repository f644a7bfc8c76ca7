-- Public names of levels and exhaustions; right without FINAL. Times as DateTime64 for people, as *_ms for programs.

CREATE OR REPLACE VIEW {public}.storage_levels SQL SECURITY DEFINER AS
SELECT
  store, fromUnixTimestamp64Milli(minute_ms, 'UTC') AS minute, minute_ms,
  fromUnixTimestamp64Milli(observed_ms, 'UTC') AS measured_at, observed_ms, used_bytes, capacity_bytes,
  used_bytes / capacity_bytes AS level_ratio, src_partition, src_offset
FROM {db}.storage_levels FINAL;

CREATE OR REPLACE VIEW {public}.storage_exhaustions SQL SECURITY DEFINER AS
SELECT
  store, fromUnixTimestamp64Milli(observed_ms, 'UTC') AS told_at, observed_ms, used_bytes, capacity_bytes, locked_bytes,
  is_over, src_partition, src_offset
FROM {db}.storage_exhaustions FINAL;
