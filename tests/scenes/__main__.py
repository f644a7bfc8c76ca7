"""``python -m tests.scenes FOLDER [--set NAME] [--only TEXT]``: makes the scenes that are not there yet."""

import argparse
from pathlib import Path

from tests.scenes.catalogue import SETS
from tests.scenes.coding import make

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("folder", type=Path)
parser.add_argument("--set", default="tune", choices=SETS)
parser.add_argument("--only", default="", help="scenes whose names hold this text")
options = parser.parse_args()
for scene in SETS[options.set]:
    if options.only in scene.name and not (options.folder / f"{scene.name}.json").exists():
        print(make(scene, options.folder), flush=True)
