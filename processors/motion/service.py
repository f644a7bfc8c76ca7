"""The service ``processor:motion``: the scanner that looks at footage, and the rules that mark the archive."""

from functools import partial

from infra.settings import Settings
from processors import worker
from processors.beside import Beside
from processors.motion.agent import processor
from processors.motion.entry.run import scan_segments


def run(settings: Settings) -> None:
    """Do both until told to stop. Several such processes share the footage, and the episodes."""
    with Beside("scanner", partial(scan_segments, settings)).going_on() as entry:
        worker.run(settings, processor(settings), entry.judge)
