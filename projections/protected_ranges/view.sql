-- Public names of what must survive; right without FINAL. A lock that nobody asked for is not shown.

CREATE OR REPLACE VIEW {public}.protected_ranges SQL SECURITY DEFINER AS
SELECT
  media, started_at, ended_at,
  toUnixTimestamp64Milli(started_at) AS start_ms, toUnixTimestamp64Milli(ended_at) AS end_ms,
  holds, policy_version, observed_ms, src_partition, src_offset
FROM {db}.protected_ranges FINAL;

CREATE OR REPLACE VIEW {public}.locks SQL SECURITY DEFINER AS
SELECT
  media, lock_id,
  anyIf(kind, step = 'requested') AS kind,
  anyIf(start_ms, step = 'requested') AS start_ms, anyIf(end_ms, step = 'requested') AS end_ms,
  fromUnixTimestamp64Milli(start_ms, 'UTC') AS started_at, fromUnixTimestamp64Milli(end_ms, 'UTC') AS ended_at,
  anyIf(reason, step = 'requested') AS reason,
  anyIf(until_ms, step = 'requested') AS until_ms,
  anyIf(observed_ms, step = 'requested') AS requested_ms, anyIf(said_by, step = 'requested') AS requested_by,
  anyOrNullIf(observed_ms, step = 'held') AS held_ms,
  anyOrNullIf(observed_ms, step = 'released') AS released_ms, anyIf(said_by, step = 'released') AS released_by,
  anyIf(src_partition, step = 'requested') AS src_partition, anyIf(src_offset, step = 'requested') AS src_offset
FROM {db}.locks FINAL GROUP BY media, lock_id HAVING countIf(step = 'requested') > 0;

-- Where locks of people ever were: for those who put them on objects.
CREATE OR REPLACE VIEW {public}.lock_spans SQL SECURITY DEFINER AS
SELECT media, lock_id, start_ms, end_ms FROM {db}.locks FINAL WHERE step = 'requested' AND kind = 'lock';
