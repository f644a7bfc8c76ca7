"""Figures of the projections service, for ``/metrics``."""

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_BY = ("projection", "generation")


class Metrics:
    """One set per process; labels are projection, generation and, where it matters, topic."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        prefix = "sightlog_projection"
        self.rows = Counter(f"{prefix}_rows", "Rows written", _BY, registry=registry)
        self.facts = Counter(f"{prefix}_facts", "Records read, letters included", _BY, registry=registry)
        self.letters = Counter(f"{prefix}_letters", "Records that could not be used", _BY, registry=registry)
        self.batches = Counter(f"{prefix}_batches", "Inserts that ended in a checkpoint", _BY, registry=registry)
        self.seconds = Histogram(
            f"{prefix}_write_seconds", "Rows, letters and checkpoint", _BY, registry=registry, buckets=_BUCKETS
        )
        self.lag = Gauge(f"{prefix}_lag_facts", "Facts not in the tables", (*_BY, "topic"), registry=registry)
        self.watermark = Gauge(
            f"{prefix}_watermark_ms",
            "Event time, UTC ms, of the slowest partition that lags; of the newest fact where none lags",
            (*_BY, "topic"),
            registry=registry,
        )
        self.waiting = Gauge(f"{prefix}_waiting", "1 while a server it needs is away", _BY, registry=registry)
