"""Figures of the reader of mails for Prometheus, made by a factory so that nothing exists at import."""

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """One set per process."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        entry = "sightlog_mail_entry"
        self.mails = Counter(f"{entry}_mails", "Mails read: alarm, or why not", ("outcome",), registry=registry)
        self.alarms = Counter(f"{entry}_alarms", "Alarms told", ("kind",), registry=registry)
        self.pictures = Counter(f"{entry}_pictures", "Pictures stored", registry=registry)
        self.dropped = Counter(f"{entry}_pictures_dropped", "Mails whose pictures were not kept", registry=registry)
        self.ticks = Counter(f"{entry}_ticks", "Times told to a partition", registry=registry)
        self.seconds = Histogram(f"{entry}_batch_seconds", "Kept, read, told", registry=registry, buckets=_BUCKETS)
        self.waiting = Gauge(f"{entry}_waiting", "1 while a server it needs is away", registry=registry)
        self.lag = Gauge(f"{entry}_lag_mails", "Mails on our partitions that are not read", registry=registry)
