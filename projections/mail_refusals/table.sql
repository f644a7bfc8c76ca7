-- Logins and mails that the listener refused. Filled by: MailRefused on topic `mail-refusals` (rows.py beside this file).
-- Read by: view.sql, for the health of mails and data teams. The topic is kept for 90 days; rows stay until a rebuild.

CREATE TABLE IF NOT EXISTS {db}.mail_refusals (
  media LowCardinality(String) COMMENT 'Camera whose login or address it was; empty: none that is known',
  observed_ms Int64 EPHEMERAL COMMENT 'How rows arrive: UTC ms, stored as refused_at',
  refused_at DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(observed_ms, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'When the last of these was refused',
  reason LowCardinality(String) COMMENT 'login, login_needed, oversize, rate, recipients, relay, protocol, log_away, spool_full',
  detail String CODEC(ZSTD(1)) COMMENT 'For people; never holds a password',
  times UInt64 COMMENT 'So many alike, told together',
  peer LowCardinality(String) COMMENT 'IP address that was refused',
  login String CODEC(ZSTD(1)) COMMENT 'As whom it tried; empty: nobody',
  mail_from String CODEC(ZSTD(1)) COMMENT 'Envelope sender',
  recipient String CODEC(ZSTD(1)) COMMENT 'Envelope recipient; empty: none, or several',
  route String CODEC(ZSTD(1)) COMMENT 'Key of the fact: login, else recipient, else sender, else peer',
  src_partition UInt16 COMMENT 'Partition of the fact on topic mail-refusals',
  src_offset UInt64 CODEC(Delta, ZSTD(1)) COMMENT 'Offset of the fact on topic mail-refusals',
  rev UInt64 DEFAULT bitNot(src_offset * 65536 + src_partition) CODEC(Delta, ZSTD(1)) COMMENT 'The first position wins'
) ENGINE = ReplacingMergeTree(rev)
ORDER BY (media, refused_at, reason, peer, route)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'One row per refusal, alike ones together; MailRefused';
