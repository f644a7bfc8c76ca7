"""The service ``processor:retention``: the entry that says what happens, and the rules that say what goes."""

from functools import partial

from infra.settings import Settings
from processors import worker
from processors.beside import Beside, Work
from processors.retention.agent import processor
from processors.retention.entry.run import tell_retention


def run(settings: Settings, measure: Work) -> None:
    """Do both until told to stop, and ``measure`` beside them. Of several such processes one works, the others wait."""
    entry, level = Beside("entry", partial(tell_retention, settings)), Beside("storage", measure)

    def judge() -> None:
        entry.judge()
        level.judge()

    with entry.going_on(), level.going_on():
        worker.run(settings, processor(settings), judge)
