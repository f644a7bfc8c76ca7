-- The archive's rows, as the engine computes them: names in dollars are filled in by archive.py.

-- name: media
SELECT
  concat('camera-', toString(number)) AS media, $start_ms AS observed_ms, '' AS source, '' AS title, true AS enabled,
  'drop' AS audio, 21600000 AS depth_ms, CAST(NULL AS Nullable(UInt64)) AS keep_ms,
  CAST(NULL AS Nullable(UInt64)) AS quota_bytes, ['motion'] AS catch, if(number % 4, ['yard'], ['gate']) AS labels,
  '' AS changed_by, 0 AS is_deleted, 0 AS src_partition, number AS src_offset
FROM numbers($cameras)

-- name: segments
SELECT
  concat('camera-', toString(number % $cameras)) AS media,
  toInt64($start_ms + intDiv(number, $cameras) * $segment_ms) AS start_ms, start_ms + $segment_ms AS end_ms,
  toInt64(end_ms + 100 + sipHash64(number, 1) % 200) AS observed_ms,
  concat('segments/', media, '/', formatDateTime(fromUnixTimestamp64Milli(start_ms, 'UTC'), '%Y/%m/%d/', 'UTC'),
    toString(start_ms), '.mp4') AS object_key,
  lower(hex(SHA256(toString(number)))) AS sha256, 'fmp4' AS container, 'h264' AS video_codec, '' AS audio_codec,
  'avc1.640028' AS codecs, toUInt32(1920) AS width_px, toUInt32(1080) AS height_px, toUInt32(150) AS frames,
  concat('run-', media, '-', toString(intDiv(intDiv(number, $cameras), 2400))) AS run_id, toUInt32(1200) AS init_len,
  [start_ms, start_ms + 2000, start_ms + 4000] AS keyframe_ms,
  arrayMap(one -> toUInt32(60000 + sipHash64(number, 2, one) % 30000), [0, 1, 2]) AS keyframe_bytes,
  arrayMap(one -> toUInt32(100000 + sipHash64(number, 3, one) % 200000), [0, 1, 2]) AS gop_bytes,
  [toUInt64(1200), toUInt64(1200 + keyframe_bytes[1] + gop_bytes[1]),
    toUInt64(1200 + keyframe_bytes[1] + gop_bytes[1] + keyframe_bytes[2] + gop_bytes[2])] AS keyframe_offset,
  toUInt64(keyframe_offset[3] + keyframe_bytes[3] + gop_bytes[3]) AS size_bytes, 'recorder' AS origin,
  toUInt8(0) AS is_deleted, toUInt16(number % $cameras % $partitions) AS src_partition, toUInt64(number) AS src_offset
FROM numbers($first, $count)
WHERE sipHash64(number % $cameras, intDiv(intDiv(number, $cameras), 100)) % 12

-- name: episodes
SELECT
  concat('camera-', toString(number % $cameras)) AS media,
  toInt64($start_ms + intDiv(number, $cameras) * $step_ms) AS slot_ms,
  bitOr(bitShiftLeft(toUInt64(slot_ms - $epoch_ms), 22), number % $cameras) AS episode_id,
  toInt64(slot_ms + sipHash64(number, 1) % $step_ms) AS opened_ms,
  toInt64(multiIf(sipHash64(number, 2) % 5000 = 0, $day_ms + sipHash64(number, 3) % (4 * $day_ms),
    sipHash64(number, 2) % 10 = 1, 0, 2000 + sipHash64(number, 3) % 58000)) AS length_ms,
  least(opened_ms + length_ms, $end_ms) AS heard_ms,
  length_ms > 0 AND sipHash64(number, 9) % 4 = 0 AS is_told_twice,
  toUInt32(if($current, 1 + is_told_twice, 1)) AS version,
  toInt64(if($current, heard_ms, opened_ms)) AS updated_ms,
  if($current AND opened_ms + length_ms < $end_ms, heard_ms, NULL) AS closed_ms,
  opened_ms AS start_ms, ifNull(closed_ms, updated_ms) AS end_ms,
  toInt64(updated_ms + 50 + sipHash64(number, 4) % 900) AS accepted_ms, CAST(NULL AS Nullable(Int64)) AS preview_ms,
  if(closed_ms IS NOT NULL AND length_ms > $day_ms, 'lost', '') AS close_reason,
  ['generic', 'generic', 'generic', 'human', 'human', 'vehicle', 'vehicle', 'face'][1 + sipHash64(number, 5) % 8]
    AS episode_type,
  concat(episode_type, ' at ', ['the gate', 'the ramp', 'the yard'][1 + sipHash64(number, 6) % 3]) AS title,
  if(episode_type = 'generic', 'motion_detector', 'inference') AS source,
  concat('node-', toString(number % $cameras % 8)) AS hostname,
  arraySlice(['indoor', 'night', 'loading', 'visitor', 'staff'], 1 + sipHash64(number, 7) % 4, length_ms % 3) AS labels,
  if(source = 'inference', toFloat64(50 + sipHash64(number, 8) % 50) / 100, NULL) AS score,
  if(episode_type = 'vehicle', concat('SL', leftPad(toString(sipHash64(number, 10) % 100000), 5, '0')), '')
    AS license_plate_text,
  if(episode_type = 'vehicle', toFloat64(70 + sipHash64(number, 11) % 30) / 100, NULL) AS match_score,
  if(source = 'inference', concat('{"track":', toString(sipHash64(number, 12) % 1000000), ',"model":"yolo-11m","zone":"',
    ['entry', 'exit'][1 + sipHash64(number, 13) % 2], '","speed":', toString(sipHash64(number, 14) % 90), '}'), '')
    AS payload,
  if(source = 'inference', concat('[{"label":"', episode_type, '","box":[0.', toString(sipHash64(number, 15) % 1000),
    ',0.', toString(sipHash64(number, 16) % 1000), ',0.21,0.34]}]'), '') AS detections,
  if(sipHash64(number, 17) % 4 = 0, concat('previews/', lower(hex(SHA256(toString(number)))), '.jpg'), '')
    AS preview_key,
  '' AS frame_preview_key, '' AS preview_dropped,
  toUInt8(4 + 8 * notEmpty(labels) + 16 + 32 * notEmpty(license_plate_text)) AS given,
  toUInt64(sipHash64(number, 18, version) % 9000000000000000000) AS save_id,
  toUInt16(number % $cameras % $partitions) AS src_partition, toUInt64(number * 2 + version) AS src_offset
FROM numbers($first, $count) WHERE $current OR is_told_twice
