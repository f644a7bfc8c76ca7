#!/bin/sh
# For MediaMTX: posts every finished recording segment as footage. In mediamtx.yml:
#
#     pathDefaults:
#       record: yes
#       recordFormat: fmp4
#       recordPath: /var/video/%path/%Y-%m-%d_%H-%M-%S-%f
#       runOnRecordSegmentComplete: /path/to/mediamtx.sh
#
# MediaMTX sets MTX_PATH and MTX_SEGMENT_PATH. A slash in a path becomes a dash in the camera's name. The segment's
# start is in its file name (the local clock of MediaMTX, which must run in UTC: `TZ=UTC mediamtx`).
set -eu
media=$(printf %s "$MTX_PATH" | tr / -)
name=$(basename "$MTX_SEGMENT_PATH")
start=$(printf %s "${name%.*}" |
    sed -En 's/^([0-9]{4}-[0-9]{2}-[0-9]{2})_([0-9]{2})-([0-9]{2})-([0-9]{2})-([0-9]{3})[0-9]*$/\1T\2:\3:\4.\5Z/p')
exec "${SIGHTLOG:-sightlog}" ingest "$media" "$MTX_SEGMENT_PATH" ${start:+--start "$start"}
