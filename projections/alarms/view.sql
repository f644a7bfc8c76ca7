-- Public names of alarms; right without FINAL. Times as DateTime64 for people, as *_ms for programs.
-- `alarm_times` says where to look, not what is: a mail that came twice stands there twice.

CREATE OR REPLACE VIEW {public}.alarms SQL SECURITY DEFINER AS
SELECT
  media, alarm_id, kind, received_at, claimed_at,
  toUnixTimestamp64Milli(received_at) AS received_ms, toUnixTimestamp64Milli(claimed_at) AS claimed_ms,
  toUnixTimestamp64Milli(claimed_at) - toUnixTimestamp64Milli(received_at) AS skew_ms,
  matched, event, device, channel, vendor, subject, sender, recipient, peer, login, pictures, preview_key, mail_key,
  src_partition, src_offset
FROM {db}.alarms FINAL;

CREATE OR REPLACE VIEW {public}.alarm_times SQL SECURITY DEFINER AS
SELECT media, received_at, toUnixTimestamp64Milli(received_at) AS received_ms, alarm_id, kind, skew_ms
FROM {db}.times;

CREATE OR REPLACE VIEW {public}.alarm_reaches SQL SECURITY DEFINER AS
SELECT media, min(first_ms) AS first_ms, max(last_ms) AS last_ms FROM {db}.reaches GROUP BY media;
