-- Marks on the archive: every accepted version, the current one of each episode, and the saves that were refused.
-- Filled by: EpisodeAccepted and EpisodeRefused on topic `episode-changes` (rows.py beside this file).
-- Read by: the views of view.sql, for search, history, the feed, previews and data teams.
--
-- A fact told twice (same media, episode_id and version, later on the topic) is the same row, and the first position
-- stays: `rev` falls with the position. Rows are inserted into `versions` and `refusals` alone; `episodes`, `changes` and
-- `ids` are filled from each block of `versions` before the insert is acknowledged. A crash in between leaves them
-- behind, and the facts, not yet behind a checkpoint, are inserted again: docs/decisions/0045.
--
-- Partitions are weeks (their Monday, 20260105) from 2020 to 2039 and years before and after: what a source says of
-- the year 2286 is kept digit for digit, but strangers cannot make one folder for each of 14,900 weeks. A week that has
-- been quiet for an hour becomes one part, in which FINAL has nothing to merge. Blocks are small, because records are read
-- whole and a few at a time: docs/decisions/0052.

CREATE TABLE IF NOT EXISTS {db}.versions (
  media LowCardinality(String) COMMENT 'Camera',
  episode_id UInt64 CODEC(Delta, ZSTD(1)) COMMENT 'Made by the source',
  version UInt32 CODEC(T64, ZSTD(1)) COMMENT 'Grows by one with every accepted version of the episode, from 1',
  opened_ms Int64 EPHEMERAL COMMENT 'How rows arrive: UTC ms, stored as opened_at',
  updated_ms Int64 EPHEMERAL COMMENT 'How rows arrive: UTC ms, stored as updated_at',
  closed_ms Nullable(Int64) EPHEMERAL COMMENT 'How rows arrive: UTC ms, stored as closed_at',
  start_ms Int64 EPHEMERAL COMMENT 'How rows arrive: UTC ms, stored as started_at',
  end_ms Int64 EPHEMERAL COMMENT 'How rows arrive: UTC ms, stored as ended_at',
  accepted_ms Int64 EPHEMERAL COMMENT 'How rows arrive: UTC ms, stored as accepted_at',
  preview_ms Nullable(Int64) EPHEMERAL COMMENT 'How rows arrive: UTC ms, stored as preview_timestamp',
  opened_at DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(opened_ms, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'Set once by the source; part of the key',
  updated_at DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(updated_ms, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'Grows with every version',
  closed_at Nullable(DateTime64(3, 'UTC')) DEFAULT fromUnixTimestamp64Milli(closed_ms, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'Set once; NULL: still open',
  started_at DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(start_ms, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'What the source gave, else opened_at',
  ended_at DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(end_ms, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'closed_at, else updated_at; never before started_at',
  accepted_at DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(accepted_ms, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'When the save was taken (broker time)',
  close_reason LowCardinality(String) COMMENT 'Why it was closed; empty: not said',
  episode_type LowCardinality(String) COMMENT 'generic, face, vehicle, human, qr or a word of the source',
  title String CODEC(ZSTD(1)) COMMENT 'For people',
  source LowCardinality(String) COMMENT 'originator.source: api, inference, motion_detector, alarm, person',
  hostname LowCardinality(String) COMMENT 'originator.hostname',
  labels Array(String) CODEC(ZSTD(1)) COMMENT 'Free words of the source',
  score Nullable(Float64) CODEC(ZSTD(1)) COMMENT '0..1; NULL: not given',
  license_plate_text String CODEC(ZSTD(1)) COMMENT 'Number plate',
  match_score Nullable(Float64) CODEC(ZSTD(1)) COMMENT 'As given; NULL: not given',
  payload String CODEC(ZSTD(1)) COMMENT 'JSON object as saved; empty: none',
  detections String CODEC(ZSTD(1)) COMMENT 'JSON array as saved; empty: none',
  preview_key String CODEC(ZSTD(1)) COMMENT 'Object that holds the picture; empty: none',
  frame_preview_key String CODEC(ZSTD(1)) COMMENT 'Object that holds the whole frame; empty: none',
  preview_dropped LowCardinality(String) COMMENT 'Why a picture was not kept; empty: none was dropped',
  preview_timestamp Nullable(DateTime64(3, 'UTC')) DEFAULT fromUnixTimestamp64Milli(preview_ms, 'UTC') CODEC(ZSTD(1)) COMMENT 'Moment of the picture; NULL: not given',
  given UInt8 COMMENT 'Which optional fields the save had, where their columns cannot tell (sum): 1 started_at, 2 close_reason, 4 title, 8 labels, 16 originator, 32 license_plate_text',
  save_id UInt64 CODEC(ZSTD(1)) COMMENT 'The save it came from',
  src_partition UInt16 COMMENT 'Partition of the fact on topic episode-changes',
  src_offset UInt64 CODEC(Delta, ZSTD(1)) COMMENT 'Offset of the fact on topic episode-changes',
  rev UInt64 DEFAULT bitNot(src_offset * 65536 + src_partition) CODEC(Delta, ZSTD(1)) COMMENT 'The first position wins',
  INDEX by_id episode_id TYPE bloom_filter(0.001) GRANULARITY 1
) ENGINE = ReplacingMergeTree(rev)
PARTITION BY if(toYear(opened_at) BETWEEN 2020 AND 2039, toYYYYMMDD(toDate32(opened_at) - toDayOfWeek(opened_at) + 1), toYear(opened_at))
ORDER BY (media, opened_at, episode_id, version)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1,
  min_age_to_force_merge_seconds = 3600, min_age_to_force_merge_on_partition_only = 1, min_compress_block_size = 16384
COMMENT 'One row per accepted version; EpisodeAccepted';

-- How to ask. `opened_at` is in the key, so bounds on it are cheap. For what an update may change, FINAL makes the engine
-- look at every row; ask `episode_spans` (the same rows, those of past versions among them) for the keys first:
--   overlap with [from, to):  started_at < to AND ended_at > from AND (opened_at >= from AND opened_at < to OR
--     (media, opened_at, episode_id) IN (SELECT media, opened_at, episode_id FROM episode_spans WHERE
--       started_at < to AND ended_at > from AND (opened_at < from OR opened_at >= to)))
--   changed since:  updated_at > t AND
--     (media, opened_at, episode_id) IN (SELECT media, opened_at, episode_id FROM episode_spans WHERE updated_at > t)
--   by id:  episode_id = i AND (media, opened_at) IN (SELECT media, opened_at FROM episode_ids WHERE episode_id = i)
-- A filter on `media` belongs inside as well. Measured in docs/decisions/0046.
CREATE TABLE IF NOT EXISTS {db}.episodes (
  media LowCardinality(String) COMMENT 'Camera',
  episode_id UInt64 CODEC(Delta, ZSTD(1)) COMMENT 'Made by the source',
  version UInt32 CODEC(T64, ZSTD(1)) COMMENT 'The latest accepted one',
  opened_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'Set once by the source; part of the key',
  updated_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'Grows with every version',
  closed_at Nullable(DateTime64(3, 'UTC')) CODEC(Delta, ZSTD(1)) COMMENT 'Set once; NULL: still open',
  started_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'What the source gave, else opened_at',
  ended_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'closed_at, else updated_at; never before started_at',
  accepted_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'When the save was taken (broker time)',
  close_reason LowCardinality(String) COMMENT 'Why it was closed; empty: not said',
  episode_type LowCardinality(String) COMMENT 'generic, face, vehicle, human, qr or a word of the source',
  title String CODEC(ZSTD(1)) COMMENT 'For people',
  source LowCardinality(String) COMMENT 'originator.source: api, inference, motion_detector, alarm, person',
  hostname LowCardinality(String) COMMENT 'originator.hostname',
  labels Array(String) CODEC(ZSTD(1)) COMMENT 'Free words of the source',
  score Nullable(Float64) CODEC(ZSTD(1)) COMMENT '0..1; NULL: not given',
  license_plate_text String CODEC(ZSTD(1)) COMMENT 'Number plate',
  match_score Nullable(Float64) CODEC(ZSTD(1)) COMMENT 'As given; NULL: not given',
  payload String CODEC(ZSTD(1)) COMMENT 'JSON object as saved; empty: none',
  detections String CODEC(ZSTD(1)) COMMENT 'JSON array as saved; empty: none',
  preview_key String CODEC(ZSTD(1)) COMMENT 'Object that holds the picture; empty: none',
  frame_preview_key String CODEC(ZSTD(1)) COMMENT 'Object that holds the whole frame; empty: none',
  preview_dropped LowCardinality(String) COMMENT 'Why a picture was not kept; empty: none was dropped',
  preview_timestamp Nullable(DateTime64(3, 'UTC')) CODEC(ZSTD(1)) COMMENT 'Moment of the picture; NULL: not given',
  given UInt8 COMMENT 'As in versions',
  save_id UInt64 CODEC(ZSTD(1)) COMMENT 'The save it came from',
  src_partition UInt16 COMMENT 'Partition of the fact on topic episode-changes',
  src_offset UInt64 CODEC(Delta, ZSTD(1)) COMMENT 'Offset of the fact on topic episode-changes',
  rev UInt128 DEFAULT bitShiftLeft(toUInt128(version), 64) + bitNot(src_offset * 65536 + src_partition) CODEC(ZSTD(1)) COMMENT 'The highest version wins; of one version the first position',
  INDEX by_id episode_id TYPE bloom_filter(0.001) GRANULARITY 1,
  INDEX by_start started_at TYPE minmax GRANULARITY 1,
  INDEX by_end ended_at TYPE minmax GRANULARITY 1,
  INDEX by_update updated_at TYPE minmax GRANULARITY 1
) ENGINE = ReplacingMergeTree(rev)
PARTITION BY if(toYear(opened_at) BETWEEN 2020 AND 2039, toYYYYMMDD(toDate32(opened_at) - toDayOfWeek(opened_at) + 1), toYear(opened_at))
ORDER BY (media, opened_at, episode_id)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1,
  min_age_to_force_merge_seconds = 3600, min_age_to_force_merge_on_partition_only = 1, min_compress_block_size = 16384
COMMENT 'One row per episode, its latest version; from versions';

CREATE MATERIALIZED VIEW IF NOT EXISTS {db}.episodes_of TO {db}.episodes AS
SELECT * EXCEPT (rev) FROM {db}.versions;

-- Positions of versions on the topic, for readers that follow changes. A version told twice has two positions here; the
-- one that `episode_versions` names is the one that counts.
CREATE TABLE IF NOT EXISTS {db}.changes (
  src_partition UInt16 COMMENT 'Partition of the fact on topic episode-changes',
  src_offset UInt64 CODEC(Delta, ZSTD(1)) COMMENT 'Offset of the fact on topic episode-changes',
  media LowCardinality(String) COMMENT 'Camera',
  opened_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'Opening of the episode: with media, id and version the key of versions',
  episode_id UInt64 CODEC(ZSTD(1)) COMMENT 'Made by the source',
  version UInt32 CODEC(T64, ZSTD(1)) COMMENT 'The version accepted',
  updated_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'updated_at of that version',
  accepted_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'When the save was taken (broker time)',
  INDEX by_update updated_at TYPE minmax GRANULARITY 1
) ENGINE = ReplacingMergeTree
ORDER BY (src_partition, src_offset)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Where each accepted version stands on the topic; from versions';

CREATE MATERIALIZED VIEW IF NOT EXISTS {db}.changes_of TO {db}.changes AS
SELECT src_partition, src_offset, media, opened_at, episode_id, version, updated_at, accepted_at FROM {db}.versions;

-- Where the versions of an id are.
CREATE TABLE IF NOT EXISTS {db}.ids (
  episode_id UInt64 CODEC(Delta, ZSTD(1)) COMMENT 'Made by the source',
  media LowCardinality(String) COMMENT 'Camera',
  opened_at DateTime64(3, 'UTC') CODEC(ZSTD(1)) COMMENT 'Opening of the episode: with media and id the key of episodes'
) ENGINE = ReplacingMergeTree
ORDER BY (episode_id, media, opened_at)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'One row per episode, by id; from versions';

CREATE MATERIALIZED VIEW IF NOT EXISTS {db}.ids_of TO {db}.ids AS
SELECT episode_id, media, opened_at FROM {db}.versions;

CREATE TABLE IF NOT EXISTS {db}.refusals (
  media LowCardinality(String) COMMENT 'Camera',
  refused_ms Int64 EPHEMERAL COMMENT 'How rows arrive: UTC ms, stored as refused_at',
  refused_at DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(refused_ms, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'When the save was taken (broker time); one time for one save_id',
  episode_id UInt64 CODEC(ZSTD(1)) COMMENT 'Made by the source',
  save_id UInt64 CODEC(ZSTD(1)) COMMENT 'The save that was refused',
  reason LowCardinality(String) COMMENT 'stale, opened_at_changed, closed_at_changed, closed_before_opened',
  detail String CODEC(ZSTD(1)) COMMENT 'The rule and the two values, for people',
  record String CODEC(ZSTD(1)) COMMENT 'The record as saved, JSON, its pictures taken out',
  preview_key String CODEC(ZSTD(1)) COMMENT 'Object that holds the picture; empty: none',
  frame_preview_key String CODEC(ZSTD(1)) COMMENT 'Object that holds the whole frame; empty: none',
  preview_dropped LowCardinality(String) COMMENT 'Why a picture was not kept; empty: none was dropped',
  src_partition UInt16 COMMENT 'Partition of the fact on topic episode-changes',
  src_offset UInt64 CODEC(Delta, ZSTD(1)) COMMENT 'Offset of the fact on topic episode-changes',
  rev UInt64 DEFAULT bitNot(src_offset * 65536 + src_partition) CODEC(Delta, ZSTD(1)) COMMENT 'The first position wins',
  INDEX by_id episode_id TYPE bloom_filter(0.001) GRANULARITY 1
) ENGINE = ReplacingMergeTree(rev)
ORDER BY (media, refused_at, episode_id, save_id)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'One row per refused save; EpisodeRefused';
