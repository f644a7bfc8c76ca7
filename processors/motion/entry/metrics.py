"""Figures of the scanner for Prometheus, made by a factory so that nothing exists at import."""

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge


class Metrics:
    """One set per process for the live verdicts, where ``run`` is empty, and one for those of all runs."""

    def __init__(self, run: str = "", registry: CollectorRegistry = REGISTRY) -> None:
        name = "sightlog_motion" if not run else "sightlog_motion_run"
        self.verdicts = Counter(f"{name}_verdicts", "Verdicts told", ("verdict", "level"), registry=registry)
        self.footage = Counter(f"{name}_footage_seconds", "Footage that was judged", registry=registry)
        self.cpu = Counter(f"{name}_cpu_seconds", "Processor time that took", registry=registry)
        self.bytes = Counter(f"{name}_read_bytes", "Bytes of footage that were read", registry=registry)
        self.ended = Counter(f"{name}_eyes_ended", "Processes that ended at footage", ("how",), registry=registry)
        self.letters = Counter(f"{name}_letters", "Records that could not be used", registry=registry)
        self.ticks = Counter(f"{name}_ticks", "Times told to a partition", registry=registry)
        self.lag = Gauge(f"{name}_lag_records", "Records on our partitions that are not read", registry=registry)
        self.ready = Gauge(f"{name}_backlog_segments", "Segments that only wait for their turn", registry=registry)
        self.footage_left = Gauge(
            f"{name}_backlog_seconds", "Footage that is read about and not judged", registry=registry
        )
        self.waiting = Gauge(f"{name}_waiting_segments", "Segments that wait for one before them", registry=registry)
        self.busy = Gauge(f"{name}_busy_ratio", "Share of the eyes that have something to do", registry=registry)
        self.known = Gauge(f"{name}_known_segments", "Segments remembered for baselines", registry=registry)
        self.away = Gauge(f"{name}_waiting", "1 while a server it needs is away", registry=registry)
