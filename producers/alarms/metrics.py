"""Figures of the mail listener for Prometheus, made by a factory so that nothing exists at import."""

from collections.abc import Callable

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """What peers did."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        self.refused = Counter("sightlog_smtp_refused", "What was refused", ("reason",), registry=registry)
        self.logins = Counter("sightlog_smtp_logins", "Logins", ("outcome",), registry=registry)
        self.mail_bytes = Counter("sightlog_smtp_mail_bytes", "Bytes of mails answered 250", registry=registry)
        self.answer_s = Histogram(
            "sightlog_smtp_answer_seconds", "From a mail's last byte to its answer", buckets=_SECONDS, registry=registry
        )
        self._connections = Gauge("sightlog_smtp_connections", "Connections now", registry=registry)
        self._held = Gauge("sightlog_smtp_held_bytes", "Bytes of mails in memory", registry=registry)

    def watch(self, connections: Callable[[], float], held: Callable[[], float]) -> None:
        """Ask these two whenever somebody looks."""
        self._connections.set_function(connections)
        self._held.set_function(held)
