"""The service ``processor:alarms``: the entry that reads mails, and the rules that mark the archive."""

from functools import partial

from infra.settings import Settings
from processors import worker
from processors.alarms.agent import processor
from processors.alarms.entry.run import read_mails
from processors.beside import Beside


def run(settings: Settings) -> None:
    """Do both until told to stop. Several such processes share the mails, and the marks."""
    with Beside("mails", partial(read_mails, settings)).going_on() as entry:
        worker.run(settings, processor(settings), entry.judge)
