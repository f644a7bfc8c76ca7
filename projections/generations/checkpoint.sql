-- How far one generation has read. It stands in the generation's own database, beside its rows.
-- Filled by: the sink, after the rows are on disk. Read by: the consumer on assignment, lag and watermark reads.

CREATE TABLE IF NOT EXISTS {db}.checkpoints (
  topic LowCardinality(String) COMMENT 'Topic, without prefix',
  partition UInt16 COMMENT 'Partition of the topic',
  next_offset UInt64 COMMENT 'First offset not yet in the tables',
  watermark_ms Int64 COMMENT 'Latest event time among the facts read so far, UTC ms; 0: none yet',
  rev UInt64 COMMENT 'The later save wins, also where a topic was made anew and offsets began again'
) ENGINE = ReplacingMergeTree(rev) ORDER BY (topic, partition)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'First offset not yet in the tables, per topic and partition'
