-- The public name of runs; right without FINAL. A run that nobody asked for is not shown.

CREATE OR REPLACE VIEW {public}.reprocess_runs SQL SECURITY DEFINER AS
SELECT
  run,
  multiIf(
    dropped_ms IS NOT NULL, 'dropped', applied_ms IS NOT NULL, 'promoted', promoted_ms IS NOT NULL, 'promoting',
    looked_ms IS NOT NULL, 'done', begun_ms IS NOT NULL, 'running', 'requested') AS state,
  anyIf(media, step = 'requested') AS media,
  anyIf(from_ms, step = 'requested') AS from_ms, anyIf(to_ms, step = 'requested') AS to_ms,
  fromUnixTimestamp64Milli(from_ms, 'UTC') AS from_at, fromUnixTimestamp64Milli(to_ms, 'UTC') AS to_at,
  anyIf(detector, step = 'requested') AS detector, anyIf(evidence, step = 'requested') AS evidence,
  anyIf(settings, step = 'requested') AS settings,
  anyIf(observed_ms, step = 'requested') AS requested_ms, anyIf(said_by, step = 'requested') AS requested_by,
  anyOrNullIf(observed_ms, step = 'started') AS begun_ms,
  anyIf(topic, step = 'started') AS topic, anyIf(stretches, step = 'started') AS stretches,
  anyOrNullIf(observed_ms, step = 'looked') AS looked_ms,
  anyOrNullIf(observed_ms, step = 'promoted') AS promoted_ms, anyIf(said_by, step = 'promoted') AS promoted_by,
  anyOrNullIf(observed_ms, step = 'applied') AS applied_ms,
  anyOrNullIf(observed_ms, step = 'dropped') AS dropped_ms, anyIf(said_by, step = 'dropped') AS dropped_by,
  anyIf(src_partition, step = 'requested') AS src_partition, anyIf(src_offset, step = 'requested') AS src_offset
FROM {db}.steps FINAL GROUP BY run HAVING countIf(step = 'requested') > 0;
