-- What DuckDB is given and asked; each part is called by the name behind `-- name:`. Parameters are DuckDB's.

-- name: media
CREATE TABLE media AS SELECT * FROM read_parquet($files)

-- name: episodes
CREATE TABLE episodes AS SELECT * EXCLUDE (slot_ms, length_ms, is_told_twice, opened_ms, updated_ms, closed_ms, start_ms,
    end_ms, accepted_ms, preview_ms, given),
  make_timestamp_ms(opened_ms) AS opened_at, make_timestamp_ms(updated_ms) AS updated_at,
  make_timestamp_ms(closed_ms) AS closed_at, make_timestamp_ms(start_ms) AS started_at,
  make_timestamp_ms(end_ms) AS ended_at, make_timestamp_ms(accepted_ms) AS accepted_at,
  make_timestamp_ms(preview_ms) AS preview_timestamp
FROM read_parquet($files);
CREATE INDEX by_id ON episodes (episode_id)

-- name: episodes_past
CREATE TABLE episodes_past AS SELECT * EXCLUDE (slot_ms, length_ms, is_told_twice, opened_ms, updated_ms, closed_ms,
    start_ms, end_ms, accepted_ms, preview_ms, given),
  make_timestamp_ms(opened_ms) AS opened_at, make_timestamp_ms(updated_ms) AS updated_at,
  make_timestamp_ms(closed_ms) AS closed_at, make_timestamp_ms(start_ms) AS started_at,
  make_timestamp_ms(end_ms) AS ended_at, make_timestamp_ms(accepted_ms) AS accepted_at,
  make_timestamp_ms(preview_ms) AS preview_timestamp
FROM read_parquet($files)

-- name: segments
CREATE TABLE segments AS SELECT * EXCLUDE (start_ms, end_ms, observed_ms, sha256, is_deleted),
  make_timestamp_ms(start_ms) AS started_at, make_timestamp_ms(end_ms) AS ended_at,
  make_timestamp_ms(observed_ms) AS observed_at, unhex(sha256) AS sha256
FROM read_parquet($files)

-- name: histogram
SELECT epoch_ms(date_trunc('hour', opened_at)) AS hour_ms, episode_type, count(*) FROM episodes
WHERE opened_at >= make_timestamp_ms($from_ms) AND opened_at < make_timestamp_ms($to_ms) GROUP BY 1, 2

-- name: histogram of a label
SELECT epoch_ms(date_trunc('hour', opened_at)) AS hour_ms, episode_type, count(*) FROM episodes
WHERE opened_at >= make_timestamp_ms($from_ms) AND opened_at < make_timestamp_ms($to_ms)
  AND media IN (SELECT media FROM media WHERE list_contains(labels, $label)) GROUP BY 1, 2

-- name: overlap
SELECT media, episode_id FROM episodes
WHERE started_at < make_timestamp_ms($to_ms) AND (ended_at > make_timestamp_ms($from_ms)
    OR started_at = ended_at AND ended_at = make_timestamp_ms($from_ms))

-- name: overlap of a camera
SELECT media, episode_id FROM episodes
WHERE media = $media AND started_at < make_timestamp_ms($to_ms) AND (ended_at > make_timestamp_ms($from_ms)
    OR started_at = ended_at AND ended_at = make_timestamp_ms($from_ms))

-- name: overlap of a day
SELECT episode_type, count(*) FROM episodes
WHERE started_at < make_timestamp_ms($to_ms) AND (ended_at > make_timestamp_ms($from_ms)
    OR started_at = ended_at AND ended_at = make_timestamp_ms($from_ms))
GROUP BY episode_type

-- name: range merge
SELECT media, greatest(min(epoch_ms(started_at)), $from_ms), least(max(epoch_ms(ended_at)), $to_ms) FROM (
  SELECT media, started_at, ended_at, sum(opens::int) OVER (PARTITION BY media ORDER BY started_at) AS island FROM (
    SELECT media, started_at, ended_at, coalesce(started_at > max(ended_at) OVER (
      PARTITION BY media ORDER BY started_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), true) AS opens
    FROM segments
    WHERE started_at > make_timestamp_ms($from_ms - 600000) AND started_at < make_timestamp_ms($to_ms)
      AND ended_at > make_timestamp_ms($from_ms)))
GROUP BY media, island

-- name: timeline
SELECT 'recorded', 0, greatest(min(epoch_ms(started_at)), $from_ms), least(max(epoch_ms(ended_at)), $to_ms) FROM (
  SELECT started_at, ended_at, sum(opens::int) OVER (ORDER BY started_at) AS island FROM (
    SELECT started_at, ended_at, coalesce(started_at > max(ended_at) OVER (
      ORDER BY started_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), true) AS opens
    FROM segments
    WHERE media = $media AND started_at > make_timestamp_ms($from_ms - 600000)
      AND started_at < make_timestamp_ms($to_ms) AND ended_at > make_timestamp_ms($from_ms)))
GROUP BY island
UNION ALL
SELECT title, episode_id, epoch_ms(started_at), epoch_ms(ended_at) FROM episodes
WHERE media = $media AND started_at < make_timestamp_ms($to_ms) AND (ended_at > make_timestamp_ms($from_ms)
    OR started_at = ended_at AND ended_at = make_timestamp_ms($from_ms))

-- name: by id
SELECT media, episode_id, title, license_plate_text, epoch_ms(updated_at) FROM episodes WHERE episode_id = $episode_id

-- name: newest
SELECT media, episode_id, title FROM episodes WHERE opened_at < make_timestamp_ms($archive_end_ms)
ORDER BY opened_at DESC, media DESC, episode_id DESC LIMIT 100

-- name: word
SELECT media, episode_id FROM episodes
WHERE opened_at >= make_timestamp_ms($from_ms) AND opened_at < make_timestamp_ms($to_ms)
  AND (contains(lower(title), $word) OR contains(lower(license_plate_text), $word) OR contains(lower(payload), $word)
    OR contains(lower(array_to_string(labels, ' ')), $word))

-- name: feed
SELECT media, episode_id, version, title FROM (
  SELECT media, episode_id, version, title, src_offset FROM episodes
  UNION ALL SELECT media, episode_id, version, title, src_offset FROM episodes_past)
WHERE src_offset >= $first AND src_offset < $end
