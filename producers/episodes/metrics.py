"""Figures of the intake for Prometheus, made by a factory so that nothing exists at import."""

from prometheus_client import REGISTRY, CollectorRegistry, Counter


class Metrics:
    """What analytics nodes gave."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        self.polls = Counter("sightlog_intake_polls", "Questions to nodes", ["outcome"], registry=registry)
        self.episodes = Counter("sightlog_intake_episodes", "Episodes of nodes published", registry=registry)
        self.letters = Counter("sightlog_intake_letters", "Episodes of nodes that were none", registry=registry)
