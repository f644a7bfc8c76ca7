"""Figures of the entry for Prometheus, made by a factory so that nothing exists at import."""

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge


class Metrics:
    """One set per process."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        entry, retention = "sightlog_retention_entry", "sightlog_retention"
        self.facts = Counter(f"{entry}_facts", "Facts told to retention", ("kind",), registry=registry)
        self.letters = Counter(f"{entry}_letters", "Records that could not be used", registry=registry)
        self.seated = Gauge(f"{entry}_seated", "1 in the process that feeds retention", registry=registry)
        self.waiting = Gauge(f"{entry}_waiting", "1 while the broker is away", registry=registry)
        self.lag = Gauge(f"{entry}_lag_records", "Records that retention does not know yet", registry=registry)
        self.rounds = Counter(f"{retention}_rounds", "Rounds of settling ended", ("outcome",), registry=registry)
        self.unsettled_s = Gauge(
            f"{retention}_unsettled_seconds",
            "Since the last time that footage was settled; while it grows, nothing is deleted",
            registry=registry,
        )
        self.unsettled = Gauge(
            f"{retention}_unsettled_partitions", "Partitions whose cameras lose nothing now", registry=registry
        )
