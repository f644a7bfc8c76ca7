"""Figures of how mails are kept, made by a factory so that nothing exists at import."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge

from producers.alarms.outcome import Outcome


class KeptMetrics:
    """Counters and gauges of the way from a mail to the log."""

    def __init__(self, registry: CollectorRegistry) -> None:
        outcomes = Counter("sightlog_smtp_kept", "What became of mails", ("outcome",), registry=registry)
        self._outcomes = {outcome: outcomes.labels(outcome.value) for outcome in Outcome}
        self.spooled = Counter("sightlog_smtp_spooled", "Mails kept in the spool at first", registry=registry)
        self.shipped = Counter("sightlog_smtp_shipped", "Mails of the spool sent to the log", registry=registry)
        self._spool_bytes = Gauge("sightlog_smtp_spool_bytes", "Bytes in the spool of mails", registry=registry)
        self._away_s = Gauge("sightlog_smtp_log_away_seconds", "For how long the broker is away", registry=registry)

    def count(self, outcome: Outcome) -> None:
        """One more mail came to this."""
        self._outcomes[outcome].inc()

    def watch(self, spool_bytes: Callable[[], float], away_s: Callable[[], float]) -> None:
        """Ask these two whenever somebody looks."""
        self._spool_bytes.set_function(spool_bytes)
        self._away_s.set_function(away_s)
