-- What PostgreSQL is given and asked; each part is called by the name behind `-- name:`. Parameters are psycopg's.
-- Wide columns come first, so that nothing is lost to alignment; NULL where the product stores '', it costs nothing.

-- name: tables
CREATE UNLOGGED TABLE media (media text PRIMARY KEY, labels text[] NOT NULL);
CREATE UNLOGGED TABLE episodes (
  episode_id bigint NOT NULL, opened_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
  started_at timestamptz NOT NULL, ended_at timestamptz NOT NULL, accepted_at timestamptz NOT NULL,
  closed_at timestamptz, score double precision, match_score double precision, preview_timestamp timestamptz,
  save_id bigint NOT NULL, src_offset bigint NOT NULL, version integer NOT NULL, src_partition smallint NOT NULL,
  media text NOT NULL, close_reason text, episode_type text NOT NULL, title text, source text NOT NULL, hostname text,
  labels text[], license_plate_text text, payload jsonb, detections jsonb, preview_key text, frame_preview_key text,
  preview_dropped text);
CREATE UNLOGGED TABLE episodes_past (LIKE episodes);
CREATE UNLOGGED TABLE segments (
  started_at timestamptz NOT NULL, ended_at timestamptz NOT NULL, observed_at timestamptz NOT NULL,
  size_bytes bigint NOT NULL, src_offset bigint NOT NULL, width_px integer NOT NULL, height_px integer NOT NULL,
  frames integer NOT NULL, init_len integer NOT NULL, src_partition smallint NOT NULL, media text NOT NULL,
  object_key text NOT NULL, sha256 bytea NOT NULL, container text NOT NULL, video_codec text NOT NULL,
  audio_codec text, codecs text NOT NULL, run_id text NOT NULL, origin text NOT NULL,
  keyframe_ms bigint[] NOT NULL, keyframe_offset bigint[] NOT NULL, keyframe_bytes integer[] NOT NULL,
  gop_bytes integer[] NOT NULL);

-- name: indexes
ALTER TABLE episodes ADD PRIMARY KEY (episode_id, media);
CREATE INDEX ON episodes (media, opened_at);
CREATE INDEX ON episodes (opened_at);
CREATE INDEX ON episodes (src_offset, src_partition);
CREATE INDEX ON episodes USING gist (tstzrange(started_at, ended_at, CASE WHEN started_at = ended_at THEN '[]' ELSE '[)' END));
ALTER TABLE episodes_past ADD PRIMARY KEY (episode_id, media, version);
CREATE INDEX ON episodes_past (src_offset, src_partition);
ALTER TABLE segments ADD PRIMARY KEY (media, started_at);
CREATE INDEX ON segments USING brin (started_at);
VACUUM (ANALYZE, FREEZE);

-- name: histogram
SELECT (extract(epoch FROM hour) * 1000)::bigint, episode_type, episodes FROM (
  SELECT date_trunc('hour', opened_at) AS hour, episode_type, count(*) AS episodes FROM episodes
  WHERE opened_at >= to_timestamp(%(from_ms)s / 1000.0) AND opened_at < to_timestamp(%(to_ms)s / 1000.0)
  GROUP BY 1, 2) AS found

-- name: histogram of a label
SELECT (extract(epoch FROM hour) * 1000)::bigint, episode_type, episodes FROM (
  SELECT date_trunc('hour', opened_at) AS hour, episode_type, count(*) AS episodes FROM episodes
  WHERE opened_at >= to_timestamp(%(from_ms)s / 1000.0) AND opened_at < to_timestamp(%(to_ms)s / 1000.0)
    AND media IN (SELECT media FROM media WHERE %(label)s = ANY (labels))
  GROUP BY 1, 2) AS found

-- name: overlap
SELECT media, episode_id FROM episodes WHERE tstzrange(started_at, ended_at, CASE WHEN started_at = ended_at THEN '[]' ELSE '[)' END)
  && tstzrange(to_timestamp(%(from_ms)s / 1000.0), to_timestamp(%(to_ms)s / 1000.0))

-- name: overlap of a camera
SELECT media, episode_id FROM episodes WHERE media = %(media)s AND tstzrange(started_at, ended_at, CASE WHEN started_at = ended_at THEN '[]' ELSE '[)' END)
  && tstzrange(to_timestamp(%(from_ms)s / 1000.0), to_timestamp(%(to_ms)s / 1000.0))

-- name: overlap of a day
SELECT episode_type, count(*) FROM episodes
WHERE tstzrange(started_at, ended_at, CASE WHEN started_at = ended_at THEN '[]' ELSE '[)' END)
  && tstzrange(to_timestamp(%(from_ms)s / 1000.0), to_timestamp(%(to_ms)s / 1000.0))
GROUP BY episode_type

-- name: range merge
SELECT media, (extract(epoch FROM lower(span)) * 1000)::bigint, (extract(epoch FROM upper(span)) * 1000)::bigint FROM (
  SELECT media, unnest(range_agg(tstzrange(started_at, ended_at))
    * tstzmultirange(tstzrange(to_timestamp(%(from_ms)s / 1000.0), to_timestamp(%(to_ms)s / 1000.0)))) AS span
  FROM segments
  WHERE started_at > to_timestamp(%(from_ms)s / 1000.0) - interval '10 minutes'
    AND started_at < to_timestamp(%(to_ms)s / 1000.0) AND ended_at > to_timestamp(%(from_ms)s / 1000.0)
  GROUP BY media) AS found

-- name: timeline
SELECT 'recorded', 0, (extract(epoch FROM lower(span)) * 1000)::bigint, (extract(epoch FROM upper(span)) * 1000)::bigint
FROM (
  SELECT unnest(range_agg(tstzrange(started_at, ended_at))
    * tstzmultirange(tstzrange(to_timestamp(%(from_ms)s / 1000.0), to_timestamp(%(to_ms)s / 1000.0)))) AS span
  FROM segments
  WHERE media = %(media)s AND started_at > to_timestamp(%(from_ms)s / 1000.0) - interval '10 minutes'
    AND started_at < to_timestamp(%(to_ms)s / 1000.0) AND ended_at > to_timestamp(%(from_ms)s / 1000.0)) AS found
UNION ALL
SELECT title, episode_id, (extract(epoch FROM started_at) * 1000)::bigint, (extract(epoch FROM ended_at) * 1000)::bigint
FROM episodes WHERE media = %(media)s AND tstzrange(started_at, ended_at, CASE WHEN started_at = ended_at THEN '[]' ELSE '[)' END)
  && tstzrange(to_timestamp(%(from_ms)s / 1000.0), to_timestamp(%(to_ms)s / 1000.0))

-- name: by id
SELECT media, episode_id, title, coalesce(license_plate_text, ''), (extract(epoch FROM updated_at) * 1000)::bigint FROM episodes WHERE episode_id = %(episode_id)s

-- name: newest
SELECT media, episode_id, title FROM episodes WHERE opened_at < to_timestamp(%(archive_end_ms)s / 1000.0)
ORDER BY opened_at DESC, media DESC, episode_id DESC LIMIT 100

-- name: word
SELECT media, episode_id FROM episodes
WHERE opened_at >= to_timestamp(%(from_ms)s / 1000.0) AND opened_at < to_timestamp(%(to_ms)s / 1000.0)
  AND (title ILIKE %(like)s OR license_plate_text ILIKE %(like)s OR payload::text ILIKE %(like)s
    OR array_to_string(labels, ' ') ILIKE %(like)s)

-- name: feed
SELECT media, episode_id, version, title FROM (
  SELECT * FROM episodes UNION ALL SELECT * FROM episodes_past) AS versions
WHERE src_offset >= %(first)s AND src_offset < %(end)s
