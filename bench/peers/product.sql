-- What is asked of the public views, as a data team writes it. Parameters are ClickHouse's.

-- name: histogram
SELECT toUnixTimestamp(toStartOfHour(opened_at)) * 1000 AS hour_ms, episode_type, count() AS found FROM episodes
WHERE opened_at >= fromUnixTimestamp64Milli({from_ms:Int64}, 'UTC')
  AND opened_at < fromUnixTimestamp64Milli({to_ms:Int64}, 'UTC')
GROUP BY hour_ms, episode_type

-- name: histogram of a label
SELECT toUnixTimestamp(toStartOfHour(opened_at)) * 1000 AS hour_ms, episode_type, count() AS found FROM episodes
WHERE opened_at >= fromUnixTimestamp64Milli({from_ms:Int64}, 'UTC')
  AND opened_at < fromUnixTimestamp64Milli({to_ms:Int64}, 'UTC')
  AND media IN (SELECT media FROM media WHERE has(labels, {label:String}))
GROUP BY hour_ms, episode_type

-- name: range merge
SELECT media, greatest(from_ms, {from_ms:Int64}), least(to_ms, {to_ms:Int64}) FROM (
  SELECT media, toUnixTimestamp64Milli(started_at) AS from_ms, toUnixTimestamp64Milli(
    leadInFrame(before, 1, reach) OVER (
      PARTITION BY media ORDER BY started_at ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)) AS to_ms
  FROM (
    SELECT media, started_at, max(ended_at) OVER (PARTITION BY media) AS reach, max(ended_at) OVER (
      PARTITION BY media ORDER BY started_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
    FROM segments
    WHERE started_at > fromUnixTimestamp64Milli({from_ms:Int64} - 600000, 'UTC')
      AND started_at < fromUnixTimestamp64Milli({to_ms:Int64}, 'UTC')
      AND ended_at > fromUnixTimestamp64Milli({from_ms:Int64}, 'UTC'))
  WHERE started_at > before)
