"""Figures of the level for Prometheus, made by a factory so that nothing exists at import."""

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge


class Metrics:
    """One set per process."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        self.used = Gauge("sightlog_storage_used_bytes", "Used of the store, as measured last", registry=registry)
        self.capacity = Gauge("sightlog_storage_capacity_bytes", "What the store may hold", registry=registry)
        self.measured = Counter("sightlog_storage_measurements", "Measurements", ("outcome",), registry=registry)
