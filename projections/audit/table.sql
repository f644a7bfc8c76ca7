-- What people did. Filled by: ActionAudited on topic `audit` (rows.py beside this file).
-- Read by: view.sql, for GET /audit and for admins in SQL. Nothing here is a secret: facts hold none.
--
-- By time: the question is nearly always "what happened lately", and the others are found by the skipping indexes.

CREATE TABLE IF NOT EXISTS {db}.actions (
  action_id UInt64 CODEC(ZSTD(1)) COMMENT 'Made by the API when it happened',
  observed_ms Int64 EPHEMERAL COMMENT 'How rows arrive: UTC ms, stored as acted_at',
  acted_at DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(observed_ms, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'When; of what is counted together, when it happened last',
  user LowCardinality(String) COMMENT 'Login; admin-token, nobody where nobody has one',
  who String CODEC(ZSTD(1)) COMMENT 'The user, and the token or link that was used',
  via LowCardinality(String) COMMENT 'session, token, share, admin-token, none',
  action LowCardinality(String) COMMENT 'signed-in, sign-in-refused, signed-out, viewed, exported, protected, released, restored, shared, marked, deleted, changed, queried',
  media LowCardinality(String) COMMENT 'Camera; empty: it is about none, or about several',
  from_ms Nullable(Int64) EPHEMERAL COMMENT 'How rows arrive: UTC ms, stored as from_at',
  to_ms Nullable(Int64) EPHEMERAL COMMENT 'How rows arrive: UTC ms, stored as to_at',
  from_at Nullable(DateTime64(3, 'UTC')) DEFAULT fromUnixTimestamp64Milli(from_ms, 'UTC') CODEC(ZSTD(1)) COMMENT 'Footage it is about; NULL: about none',
  to_at Nullable(DateTime64(3, 'UTC')) DEFAULT fromUnixTimestamp64Milli(to_ms, 'UTC') CODEC(ZSTD(1)) COMMENT 'Its end',
  subject String CODEC(ZSTD(1)) COMMENT 'What it was done to: user/anna, lock/123',
  detail String CODEC(ZSTD(1)) COMMENT 'In words; of a query the statement',
  peer LowCardinality(String) COMMENT 'Address that it came from',
  src_partition UInt16 COMMENT 'Partition of the fact on topic audit',
  src_offset UInt64 CODEC(Delta, ZSTD(1)) COMMENT 'Offset of the fact on topic audit',
  rev UInt64 DEFAULT bitNot(src_offset * 65536 + src_partition) CODEC(Delta, ZSTD(1)) COMMENT 'The first position wins',
  INDEX by_user user TYPE set(64) GRANULARITY 1,
  INDEX by_media media TYPE set(256) GRANULARITY 1,
  INDEX by_action action TYPE set(16) GRANULARITY 1
) ENGINE = ReplacingMergeTree(rev)
ORDER BY (acted_at, action_id)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'One row per thing that somebody did; ActionAudited';
