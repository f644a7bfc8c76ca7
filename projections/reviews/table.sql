-- What users said of episodes. Filled by: EpisodeReviewed on topic `reviews` (rows.py beside this file).
-- Read by: view.sql, for GET /episodes and for admins in SQL. The topic is compacted: a rebuild knows the last of each.
--
-- Of one user by the id of the episode: so the list of episodes asks.

CREATE TABLE IF NOT EXISTS {db}.reviews (
  user LowCardinality(String) COMMENT 'Login; empty: with the admin token',
  media LowCardinality(String) COMMENT 'Camera',
  episode_id UInt64 CODEC(ZSTD(1)) COMMENT 'Of the episode',
  reviewed Bool COMMENT 'They have seen it',
  favourite Bool COMMENT 'They want to find it again',
  observed_ms Int64 EPHEMERAL COMMENT 'How rows arrive: UTC ms, stored as said_at',
  said_at DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(observed_ms, 'UTC') CODEC(ZSTD(1)) COMMENT 'When they said so last',
  src_partition UInt16 COMMENT 'Partition of the fact on topic reviews',
  src_offset UInt64 CODEC(Delta, ZSTD(1)) COMMENT 'Offset of the fact on topic reviews',
  rev UInt64 DEFAULT src_offset * 65536 + src_partition CODEC(Delta, ZSTD(1)) COMMENT 'The later fact wins; never equal for two facts'
) ENGINE = ReplacingMergeTree(rev)
ORDER BY (user, episode_id, media)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'One row per user and episode, what they said last; EpisodeReviewed';
