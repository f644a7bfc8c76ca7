"""The service ``processor:protection``: the entry that tells of holds, and the rules that keep ranges."""

from functools import partial

from infra.settings import Settings
from processors import worker
from processors.beside import Beside
from processors.protection.agent import processor
from processors.protection.entry.run import tell_holds


def run(settings: Settings) -> None:
    """Do both until told to stop. Several such processes share the records, and the cameras."""
    with Beside("holds", partial(tell_holds, settings)).going_on() as entry:
        worker.run(settings, processor(settings), entry.judge)
