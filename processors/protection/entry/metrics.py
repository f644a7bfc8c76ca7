"""Figures of the entry for Prometheus, made by a factory so that nothing exists at import."""

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge


class Metrics:
    """One set per process."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        entry = "sightlog_hold_entry"
        self.read = Counter(f"{entry}_read", "Records read", ("topic",), registry=registry)
        self.told = Counter(f"{entry}_told", "Facts about holds told", registry=registry)
        self.letters = Counter(f"{entry}_letters", "Records that are no fact", registry=registry)
        self.ticks = Counter(f"{entry}_ticks", "Times told to a partition", registry=registry)
        self.waiting = Gauge(f"{entry}_waiting", "1 while the broker is away", registry=registry)
        self.lag = Gauge(f"{entry}_lag_records", "Records on our partitions that are not read", registry=registry)
