-- The public name of dead letters; right without FINAL. Key and value as they were, byte for byte, except values of
-- topics `media` and `sources`: those may hold a password or a token, so nobody sees them here.

CREATE OR REPLACE VIEW {public}.dead_letters SQL SECURITY DEFINER AS
SELECT
  consumer, topic, partition, offset, base64Decode(key) AS key, if(topic IN ('media', 'sources'), NULL, base64Decode(value)) AS value, error, reason,
  failed_ms, fromUnixTimestamp64Milli(failed_ms, 'UTC') AS failed_at, code_version, src_partition, src_offset
FROM {db}.dead_letters FINAL;
