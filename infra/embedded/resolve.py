"""``python -m infra.embedded.resolve FOLDER COORDINATE…``: jars without Maven, through jgo.

A program of its own: jgo prints, keeps caches and takes seconds, none of which belongs into the supervisor.
"""

import shutil
import sys
from pathlib import Path

from jgo.maven import MavenContext


def main() -> None:
    """Copy the jar of every coordinate (``group:artifact:version``) into the folder; nothing else is resolved."""
    folder, coordinates = Path(sys.argv[1]), sys.argv[2:]
    maven = MavenContext(timeout=60)
    for coordinate in coordinates:
        group, artifact, version = coordinate.split(":")
        shutil.copy(maven.project(group, artifact).at_version(version).artifact().resolve(), folder)


if __name__ == "__main__":
    main()
