"""Figures of the entry for Prometheus, made by a factory so that nothing exists at import."""

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge


class Metrics:
    """One set per process."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        entry = "sightlog_episode_entry"
        self.saves = Counter(f"{entry}_saves", "Saves forwarded to episode-saves", registry=registry)
        self.letters = Counter(f"{entry}_letters", "Records that are no episode", registry=registry)
        self.pictures = Counter(f"{entry}_pictures", "Pictures stored", registry=registry)
        self.dropped = Counter(f"{entry}_pictures_dropped", "Saves with a picture not kept", registry=registry)
        self.ticks = Counter(f"{entry}_ticks", "Times told to a partition", registry=registry)
        self.missed = Counter(f"{entry}_missed", "Records that retention took before they were read", registry=registry)
        self.seated = Gauge(f"{entry}_seated", "1 in the process that reads topic episodes", registry=registry)
        self.waiting = Gauge(f"{entry}_waiting", "1 while a server it needs is away", registry=registry)
        self.lag = Gauge(f"{entry}_lag_records", "Records of topic episodes not forwarded", registry=registry)
