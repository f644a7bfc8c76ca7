-- Which generations of each projection exist. Filled by: the projections service (first generation, failures) and
-- `sightlog rebuild` (everything else). Read by: the projections service every second, the CLI, the API.
-- Not a projection: it holds decisions of operators about tables, no facts about cameras.

CREATE TABLE IF NOT EXISTS {db}.generations (
  `projection` LowCardinality(String) COMMENT 'Name of the projection',
  number UInt32 COMMENT 'Generation, from 1',
  state LowCardinality(String) COMMENT 'building, live, kept, failed, dropped',
  shape String COMMENT 'Hash of the table DDL it was made from',
  reason String COMMENT 'Why it failed',
  changed_ms Int64 COMMENT 'When the state changed, UTC ms',
  rev UInt64 COMMENT 'The later change wins'
) ENGINE = ReplacingMergeTree(rev) ORDER BY (projection, number)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Generations of projections and their states';

CREATE TABLE IF NOT EXISTS {db}.barriers (
  `projection` LowCardinality(String) COMMENT 'Name of the projection',
  mark UInt64 COMMENT 'Which barrier this is; renewing it keeps the mark',
  offsets String COMMENT 'JSON {topic: {partition: offset}}: its generations read no further; a partition not named stands still',
  until_ms Int64 COMMENT 'The barrier falls by itself at this time, UTC ms: a dead CLI holds nobody',
  rev UInt64 COMMENT 'The later one wins'
) ENGINE = ReplacingMergeTree(rev) ORDER BY projection
COMMENT 'Where generations wait while they are compared';

CREATE TABLE IF NOT EXISTS {db}.obeyed (
  `projection` LowCardinality(String) COMMENT 'Name of the projection',
  number UInt32 COMMENT 'Generation',
  mark UInt64 COMMENT 'The barrier it obeys: nothing further will be written while it stands'
) ENGINE = ReplacingMergeTree(mark) ORDER BY (projection, number)
COMMENT 'Barriers that the projections service has made each generation obey';
