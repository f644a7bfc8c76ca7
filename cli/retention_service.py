"""Retention with the measuring that its time and level come from: processors and producers meet here."""

from functools import partial

from infra.settings import Settings
from processors.retention import service
from producers.storage.run import measure


def run(settings: Settings) -> None:
    """Do both until SIGTERM or SIGINT."""
    service.run(settings, partial(measure, settings))
