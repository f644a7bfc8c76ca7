-- The public name of what the mail listener refused; right without FINAL.

CREATE OR REPLACE VIEW {public}.mail_refusals SQL SECURITY DEFINER AS
SELECT
  media, refused_at, toUnixTimestamp64Milli(refused_at) AS observed_ms, reason, detail, times, peer, login, mail_from,
  recipient, route, src_partition, src_offset
FROM {db}.mail_refusals FINAL;
