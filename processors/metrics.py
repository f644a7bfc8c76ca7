"""Figures of a processor, for ``/metrics``."""

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_BY = ("processor",)


class Metrics:
    """One set per processor, labelled with its consumer name."""

    def __init__(self, consumer: str, registry: CollectorRegistry = REGISTRY) -> None:
        def counter(name: str, about: str) -> Counter:
            return Counter(f"sightlog_processor_{name}", about, _BY, registry=registry).labels(consumer)

        def gauge(name: str, about: str) -> Gauge:
            return Gauge(f"sightlog_processor_{name}", about, _BY, registry=registry).labels(consumer)

        self.facts = counter("facts", "Records taken, letters included")
        self.outputs = counter("outputs", "Facts made and acknowledged")
        self.letters = counter("letters", "Records that could not be used")
        self.loaded = counter("loaded_states", "States read from the changelog")
        self.holes = counter("holes", "Jumps in the offsets of the source")
        self.lag = gauge("lag_facts", "Facts on our partitions that are not taken")
        self.partitions = gauge("partitions", "Partitions of the source held by this worker")
        self.loading = gauge("loading", "1 while states are read from the changelog")
        self.waiting = gauge("waiting", "1 while the broker is away")
        seconds = Histogram(
            "sightlog_processor_batch_seconds", "Fold, outputs, states", _BY, registry=registry, buckets=_BUCKETS
        )
        self.seconds = seconds.labels(consumer)
