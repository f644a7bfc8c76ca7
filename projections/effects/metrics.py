"""Figures of the effects service for Prometheus, made by a factory so that nothing exists at import."""

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram

_BUCKETS = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """One set per process."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        effect = "sightlog_effect"
        self.orders = Counter(f"{effect}_orders", "Orders to delete that were carried out", registry=registry)
        self.objects = Counter(f"{effect}_objects_deleted", "Objects deleted", registry=registry)
        self.size_bytes = Counter(f"{effect}_bytes_deleted", "Bytes freed", registry=registry)
        self.left = Counter(
            f"{effect}_objects_left", "Objects ordered to go that stand: refused, or stored again", ("why",),
            registry=registry,
        )  # fmt: skip
        self.letters = Counter(f"{effect}_letters", "Orders that became letters", registry=registry)
        self.seconds = Histogram(
            f"{effect}_batch_seconds", "Looked up, deleted, verified, told", registry=registry, buckets=_BUCKETS
        )
        self.waiting = Gauge(f"{effect}_waiting", "1 while a server it needs is away", registry=registry)
        self.forbidden = Gauge(
            f"{effect}_forbidden", "1 while the store refuses everything: a person must act", registry=registry
        )
        self.lag = Gauge(f"{effect}_lag_records", "Records of expirations that are not taken", registry=registry)
