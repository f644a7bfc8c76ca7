"""The service ``processor:episodes``: the entry that puts saves in order, and the lifecycle that decides them."""

from functools import partial

from infra.settings import Settings
from processors import worker
from processors.beside import Beside
from processors.episodes.agent import processor
from processors.episodes.entry.run import forward


def run(settings: Settings) -> None:
    """Do both until told to stop. Of several such processes one reads ``episodes``; all decide."""
    with Beside("entry", partial(forward, settings)).going_on() as entry:
        worker.run(settings, processor(settings), entry.judge)
