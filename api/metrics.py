"""What the API tells Prometheus: how long answers take, and how fresh they are. One registry per app."""

from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from api.alarms.silence import State
from api.archive import Lag
from projections.storage.reads import StoredExhaustion, StoredLevel

BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The figures of one app. Thread-safe."""

    def __init__(self) -> None:
        registry = CollectorRegistry()
        self._registry = registry
        self._answers = Histogram(
            "sightlog_http_seconds", "Time to the last byte", ["method", "route", "status"],
            registry=registry, buckets=BUCKETS_S,
        )  # fmt: skip
        labels = ["projection", "topic"]
        self._lag = Gauge("sightlog_projection_lag_records", "Facts not yet in the tables", labels, registry=registry)
        self._watermark = Gauge(
            "sightlog_projection_watermark_ms", "Facts up to this time are in the tables", labels, registry=registry
        )
        self._up = Gauge("sightlog_server_up", "1 while the server answers", ["server"], registry=registry)
        self._mail = Gauge(
            "sightlog_mail_cameras", "Configured cameras by what their mail does: ok, silent, never", ["state"],
            registry=registry,
        )  # fmt: skip
        self._waiting = Gauge(
            "sightlog_alerts_waiting", "Troubles and their ends that nobody has been told yet", registry=registry
        )
        self._used = Gauge("sightlog_store_used_bytes", "Used, as measured last", ["store"], registry=registry)
        self._room = Gauge("sightlog_store_capacity_bytes", "Room in all", ["store"], registry=registry)
        self._unaudited = Counter(
            "sightlog_audit_lost", "What was looked at and could not be told in the audit", registry=registry
        )
        self._exhausted = Gauge(
            "sightlog_store_exhausted", "1 while the store is past its high mark and nothing is left that may go",
            ["store"], registry=registry,
        )  # fmt: skip

    def audit_lost(self) -> None:
        """Count what somebody looked at and the audit will not say."""
        self._unaudited.inc()

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer; ``route`` is the template, never the path."""
        self._answers.labels(method, route, str(status)).observe(seconds)

    def fresh(self, lags: Iterable[Lag]) -> None:
        """Set lag and watermark of every projection."""
        for lag in lags:
            self._lag.labels(lag.projection, lag.topic).set(lag.records)
            if lag.watermark_ms is not None:
                self._watermark.labels(lag.projection, lag.topic).set(lag.watermark_ms)

    def server(self, name: str, is_up: bool) -> None:
        """Say whether a server behind us answered."""
        self._up.labels(name).set(is_up)

    def mail(self, cameras: Mapping[State, int]) -> None:
        """Set how many cameras are in each state of mail."""
        for state, count in cameras.items():
            self._mail.labels(state).set(count)

    def levels(self, latest: Iterable[StoredLevel], exhaustions: Iterable[StoredExhaustion]) -> None:
        """Set how full every store is, and whether it has no room left to make."""
        full = {one.store for one in exhaustions if not one.is_over}
        for one in latest:
            self._used.labels(one.store).set(one.used_bytes)
            self._room.labels(one.store).set(one.capacity_bytes)
            self._exhausted.labels(one.store).set(one.store in full)

    def alerts_waiting(self, count: int) -> None:
        """Set how many alerts are worth telling and were not told."""
        self._waiting.set(count)

    def text(self) -> bytes:
        """The exposition format."""
        return generate_latest(self._registry)
