-- Alarms: what each mail said of which camera.
-- Filled by: AlarmReceived on topic `alarms` (rows.py beside this file); AlarmsTicked makes no row.
-- Read by: the views of view.sql, for GET /alarms, the health of mails, the silence alert and data teams.
--
-- One mail is one alarm of a camera, however often it comes: a camera that got no 250 sends the same bytes again, later,
-- and that is the same alarm_id with another time of receipt. So the key of `alarms` holds no time, and of one alarm the
-- first position on the topic stays (`rev` falls with the position). `times` has every coming of every mail, by camera and
-- time: it says where to look. `reaches` has the first and last of each camera. Both are filled from each block of
-- `alarms` before the insert is acknowledged: right for the reasons of docs/decisions/0045.

CREATE TABLE IF NOT EXISTS {db}.alarms (
  media LowCardinality(String) COMMENT 'Camera',
  alarm_id UInt64 CODEC(ZSTD(1)) COMMENT 'Of camera and mail: the same mail again is the same alarm',
  kind LowCardinality(String) COMMENT 'start, stop, test, other',
  received_ms Int64 EPHEMERAL COMMENT 'How rows arrive: UTC ms, stored as received_at',
  claimed_ms Nullable(Int64) EPHEMERAL COMMENT 'How rows arrive: UTC ms, stored as claimed_at',
  received_at DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(received_ms, 'UTC') CODEC(ZSTD(1)) COMMENT 'When the listener had the whole mail',
  claimed_at Nullable(DateTime64(3, 'UTC')) DEFAULT fromUnixTimestamp64Milli(claimed_ms, 'UTC') CODEC(ZSTD(1)) COMMENT 'What the mail says itself; NULL: nothing sane',
  matched LowCardinality(String) COMMENT 'Catch word or vendor phrase found',
  event LowCardinality(String) COMMENT 'What happened, in the vendor''s words',
  device LowCardinality(String) COMMENT 'What the mail calls the device',
  channel LowCardinality(String) COMMENT 'What the mail calls the channel',
  vendor LowCardinality(String) COMMENT 'Reader that understood it; generic: none did',
  subject String CODEC(ZSTD(1)) COMMENT 'Subject, decoded',
  sender String CODEC(ZSTD(1)) COMMENT 'Who sent it',
  recipient String CODEC(ZSTD(1)) COMMENT 'To whom',
  peer LowCardinality(String) COMMENT 'IP address that sent it',
  login LowCardinality(String) COMMENT 'As whom it logged in; empty: nobody',
  pictures UInt32 COMMENT 'Pictures attached',
  preview_key String CODEC(ZSTD(1)) COMMENT 'Object that holds the first picture that can be shown; empty: none',
  mail_key String CODEC(ZSTD(1)) COMMENT 'Object that holds the mail as it came',
  src_partition UInt16 COMMENT 'Partition of the fact on topic alarms',
  src_offset UInt64 CODEC(ZSTD(1)) COMMENT 'Offset of the fact on topic alarms',
  rev UInt64 DEFAULT bitNot(src_offset * 65536 + src_partition) CODEC(ZSTD(1)) COMMENT 'The first position wins',
  INDEX by_id alarm_id TYPE bloom_filter(0.001) GRANULARITY 1
) ENGINE = ReplacingMergeTree(rev)
ORDER BY (media, alarm_id)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1, min_compress_block_size = 16384
COMMENT 'One row per camera and mail; AlarmReceived';

-- Partitions are weeks, as those of episodes.
CREATE TABLE IF NOT EXISTS {db}.times (
  media LowCardinality(String) COMMENT 'Camera',
  received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'When a mail came',
  alarm_id UInt64 CODEC(ZSTD(1)) COMMENT 'Its alarm',
  kind LowCardinality(String) COMMENT 'start, stop, test, other',
  skew_ms Nullable(Int64) CODEC(ZSTD(1)) COMMENT 'What it says of the time, less when it came; NULL: it says nothing sane',
  src_partition UInt16 COMMENT 'Partition of the fact on topic alarms',
  src_offset UInt64 CODEC(Delta, ZSTD(1)) COMMENT 'Offset of the fact on topic alarms',
  rev UInt64 CODEC(Delta, ZSTD(1)) COMMENT 'The first position wins'
) ENGINE = ReplacingMergeTree(rev)
PARTITION BY if(toYear(received_at) BETWEEN 2020 AND 2039, toYYYYMMDD(toDate32(received_at) - toDayOfWeek(received_at) + 1), toYear(received_at))
ORDER BY (media, received_at, alarm_id)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1,
  min_age_to_force_merge_seconds = 3600, min_age_to_force_merge_on_partition_only = 1
COMMENT 'One row per coming of a mail; from alarms';

CREATE MATERIALIZED VIEW IF NOT EXISTS {db}.times_of TO {db}.times AS
SELECT
  media, received_at, alarm_id, kind,
  toUnixTimestamp64Milli(claimed_at) - toUnixTimestamp64Milli(received_at) AS skew_ms, src_partition, src_offset, rev
FROM {db}.alarms;

CREATE TABLE IF NOT EXISTS {db}.reaches (
  media String COMMENT 'Camera',
  first_ms SimpleAggregateFunction(min, Int64) COMMENT 'When its first mail came, UTC ms',
  last_ms SimpleAggregateFunction(max, Int64) COMMENT 'When its last mail came, UTC ms'
) ENGINE = AggregatingMergeTree ORDER BY media
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'First and last mail of each camera; from alarms';

CREATE MATERIALIZED VIEW IF NOT EXISTS {db}.reaches_of TO {db}.reaches AS
SELECT
  toString(media) AS media, min(toUnixTimestamp64Milli(received_at)) AS first_ms,
  max(toUnixTimestamp64Milli(received_at)) AS last_ms
FROM {db}.alarms GROUP BY media;
