"""Figures of the recorder for Prometheus, made by a factory so that nothing exists at import."""

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge

from schemas.facts import SegmentRecorded


class Metrics:
    """Counters and gauges, per media where it says so."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        per_media = ("media",)
        self.up = Gauge("sightlog_recorder_up", "1 while footage comes", per_media, registry=registry)
        self.segments = Counter("sightlog_recorder_segments", "Segments finished", per_media, registry=registry)
        self.bytes = Counter("sightlog_recorder_bytes", "Bytes of finished segments", per_media, registry=registry)
        self.frames = Counter("sightlog_recorder_frames", "Pictures in finished segments", per_media, registry=registry)
        self.reconnects = Counter("sightlog_recorder_reconnects", "Connections lost", per_media, registry=registry)
        self.silence_s = Gauge(
            "sightlog_recorder_silence_seconds", "Seconds since the last picture", per_media, registry=registry
        )
        self.spool_bytes = Gauge("sightlog_recorder_spool_bytes", "Footage not sent yet", registry=registry)
        self.spool_entries = Gauge("sightlog_recorder_spool_entries", "Facts not sent yet", registry=registry)
        self.cameras = Gauge("sightlog_recorder_cameras", "Cameras this recorder is to record", registry=registry)

    def count(self, fact: SegmentRecorded) -> None:
        """One more finished segment."""
        self.segments.labels(fact.media).inc()
        self.bytes.labels(fact.media).inc(fact.size_bytes)
        self.frames.labels(fact.media).inc(fact.frames)

    def forget(self, media: str) -> None:
        """Drop the series of a camera that is gone."""
        for series in (self.up, self.segments, self.bytes, self.frames, self.reconnects, self.silence_s):
            if (media,) in series._metrics:
                series.remove(media)
