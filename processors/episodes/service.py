"""The service ``processor:episodes``."""

from infra.settings import Settings
from processors import worker
from processors.episodes.agent import processor


def run(settings: Settings) -> None:
    """Decide the lifecycle of episodes until told to stop."""
    worker.run(settings, processor(settings))
