"""``python -m infra.embedded.resolve FOLDER COORDINATE…``: jars without Maven, through jgo.

A program of its own: jgo prints, keeps caches and takes seconds, none of which belongs into the supervisor.
"""

import shutil
import sys
import tempfile
from pathlib import Path

import jgo


def main() -> None:
    """Copy every jar the coordinates need into the folder."""
    folder, coordinates = Path(sys.argv[1]), sys.argv[2:]
    with tempfile.TemporaryDirectory() as cache:
        for jar in jgo.build("+".join(coordinates), cache_dir=Path(cache)).all_jars:
            shutil.copy(jar, folder / jar.name)


if __name__ == "__main__":
    main()
