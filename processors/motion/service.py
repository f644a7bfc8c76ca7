"""The service ``processor:motion``: footage is looked at, and looked at again, and the rules mark the archive."""

from functools import partial

from infra.settings import Settings
from processors import worker
from processors.beside import Beside
from processors.motion.agent import processor
from processors.motion.entry.run import scan_segments
from processors.motion.runs.run import look_again
from processors.motion.turns import Turns


def run(settings: Settings) -> None:
    """Do all three until told to stop. Several such processes share the footage, the runs and the episodes."""
    turns = Turns()
    scanner = Beside("scanner", partial(scan_segments, settings, turns))
    runs = Beside("runs", partial(look_again, settings, turns.may_others))

    def judge() -> None:
        scanner.judge()
        runs.judge()

    with scanner.going_on(), runs.going_on():
        worker.run(settings, processor(settings), judge)
