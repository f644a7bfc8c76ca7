-- Cameras. Filled by: MediaConfigured and MediaRemoved on topic `media` (rows.py beside this file).
-- Read by: reads.py beside this file, for the camera list and one camera. Passwords never get here: rows.py cuts them.
-- What ALTER adds came later: a table of an older Sightlog gets it at the next start, and no rebuild is needed.

CREATE TABLE IF NOT EXISTS {db}.media (
  media String COMMENT 'Camera',
  observed_ms Int64 COMMENT 'When it was configured, UTC ms',
  source String COMMENT 'Where the recorder reads, secrets shown as ***; empty: fed by ingest or mail only',
  title String COMMENT 'Name for people',
  enabled Bool COMMENT 'false: known, but not recorded',
  audio LowCardinality(String) COMMENT 'keep or drop',
  depth_ms UInt64 COMMENT 'Continuous archive, ms',
  keep_ms Nullable(UInt64) COMMENT 'How long episodes may live beyond depth, ms; NULL: while there is room',
  quota_bytes Nullable(UInt64) COMMENT 'Most it may store; NULL: no limit of its own',
  catch Array(String) COMMENT 'Words that make a mail an alarm',
  labels Array(String) COMMENT 'Free words to group cameras by',
  changed_by String COMMENT 'Who configured or removed it',
  is_deleted UInt8 COMMENT '1: removed by an operator; its footage stays until retention takes it',
  src_partition UInt16 COMMENT 'Partition of the fact on topic media',
  src_offset UInt64 COMMENT 'Offset of the fact on topic media',
  rev UInt64 DEFAULT src_offset * 65536 + src_partition COMMENT 'The later fact wins; never equal for two facts'
) ENGINE = ReplacingMergeTree(rev, is_deleted)
ORDER BY media
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'One row per camera; MediaConfigured and MediaRemoved';

ALTER TABLE {db}.media
  ADD COLUMN IF NOT EXISTS mail_login String COMMENT 'Login of its own for mail; empty: the listener\'s',
  ADD COLUMN IF NOT EXISTS mail_password String COMMENT '*** where it has one',
  ADD COLUMN IF NOT EXISTS mail_aliases Array(String) COMMENT 'Other names its mails go by: NAME or NAME#CHANNEL',
  ADD COLUMN IF NOT EXISTS time_zone String COMMENT 'IANA zone of its clock; empty: that of the settings',
  ADD COLUMN IF NOT EXISTS motion String DEFAULT '{}' COMMENT 'How motion is sought, JSON; what it lacks is at its default',
  ADD COLUMN IF NOT EXISTS protect String DEFAULT '{}' COMMENT 'Which episodes keep footage, JSON; what it lacks is at its default',
  ADD COLUMN IF NOT EXISTS groups Array(String) COMMENT 'Groups whose members may do something with it; none: admins only',
  ADD COLUMN IF NOT EXISTS folder String COMMENT 'Where it stands in lists, site/floor';
