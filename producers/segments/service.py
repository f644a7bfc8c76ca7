"""The recorder as a service: follows the registry of cameras, records them, drains the spool."""

import threading

from infra import health, kafka, program
from infra.clock import monotonic_s
from infra.objects import S3Store
from infra.settings import Settings
from infra.spool import Spool
from producers.cameras import News
from producers.known import KnownCameras
from producers.segments.fleet import Fleet
from producers.segments.metrics import Metrics
from producers.segments.sender import Sender

_STOP_S = 3.0
_ACK_S = 1.0
"""What is not acknowledged stays in the spool: no reason to wait for it."""
_MEASURE_S = 2.0


def run(settings: Settings) -> None:
    """Record until SIGTERM or SIGINT; then finish open segments within 10 s."""
    stopping, beat = program.begin(settings)
    record(settings, stopping, beat)


def record(settings: Settings, stopping: threading.Event, beat: health.Beat) -> None:
    """Record until ``stopping`` is set. The registry, the log and the store may be away; recording does not wait."""
    spool = Spool(settings.data / "spool", settings.spool_bytes, settings.spool_free_bytes)
    facts = kafka.KafkaLog(settings, "recorder")
    fleet = Fleet(settings, spool, Metrics())
    store = S3Store(settings)
    sender = Sender(spool, store, facts)
    try:
        _follow(settings, fleet, stopping, beat)
    finally:
        fleet.stop(_STOP_S)
        sender.stop(_STOP_S)
        facts.close(_ACK_S)


def _follow(settings: Settings, fleet: Fleet, stopping: threading.Event, beat: health.Beat) -> None:
    """Apply the registry as it was last known, then as it is once it is read to its end, then every change."""
    known = KnownCameras(settings.data / "spool" / "cameras.jsonl")
    for camera in known.facts:
        fleet.apply(camera)
    news = News.of(settings, "recorder")
    measure_s = monotonic_s()
    while not stopping.is_set():
        beat.touch()
        facts = news.poll(0.5)
        for fact in facts:
            fleet.apply(fact)
        known.learn(facts)
        if monotonic_s() - measure_s > _MEASURE_S:
            fleet.measure()
            measure_s = monotonic_s()
    news.close()
