#!/bin/sh
# For the `motion` daemon: posts every finished movie as footage. In a camera's configuration file:
#
#     on_movie_end /path/to/motion.sh "%$" "%f"
#
# %$ is the camera's name, %f the file. The movie begins when motion says, else at the file's own time.
set -eu
exec "${SIGHTLOG:-sightlog}" ingest "$1" "$2" ${3:+--start "$3"}
