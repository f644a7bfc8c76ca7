"""The mail listener as a service: cameras send, and what is answered 250 is kept."""

import asyncio
import resource
import threading
from collections.abc import Iterable

from infra import health, journal, program
from infra.kafka import KafkaLog
from infra.settings import Settings
from producers.alarms.cameras import Cameras
from producers.alarms.door import Door
from producers.alarms.durable import opened
from producers.alarms.listeners import Listeners
from producers.alarms.logins import Logins
from producers.alarms.metrics import Metrics
from producers.alarms.refusals import Refusals
from schemas.facts import MediaConfigured

_BEAT_S = 0.25
_TELL_EVERY = 12
"""Beats between two tellings of refusals: 3 s."""
_SPARE_FILES = 200
_CLOSE_S = 1.0
"""Refusals are not worth waiting for a log that is away."""
_log = journal.get("smtp")


def run(settings: Settings) -> None:
    """Listen until SIGTERM or SIGINT; then finish the mails in hand."""
    stopping, beat = program.begin(settings)
    allow_files(settings.smtp_connections + _SPARE_FILES)
    asyncio.run(listen(settings, stopping, beat))


async def listen(settings: Settings, stopping: threading.Event, beat: health.Beat) -> None:
    """Listen until ``stopping`` is set. The registry, the log and the store may be away."""
    metrics = Metrics()
    log = KafkaLog(settings, "smtp-refusals")
    refusals = Refusals(log, metrics)
    durable = opened(settings)
    door = Door(settings, durable.keep, refusals, metrics)
    listeners = Listeners(settings, door)
    metrics.watch(lambda: listeners.connections, lambda: listeners.held_bytes)

    def learn(cameras: Iterable[MediaConfigured]) -> None:
        door.logins = Logins(settings.smtp_login, settings.smtp_password.get_secret_value(), cameras)

    cameras = Cameras(settings, settings.data / "smtp", learn)
    cameras.start()
    shipping = asyncio.create_task(durable.run())
    try:
        await listeners.open()
        _log.info("listens", host=settings.smtp_host, **listeners.ports)
        await _beat(stopping, beat, shipping, refusals)
    finally:
        await listeners.close()
        await durable.close()
        await shipping
        await asyncio.to_thread(cameras.stop)
        refusals.tell()
        await asyncio.to_thread(log.close, _CLOSE_S)


async def _beat(
    stopping: threading.Event, beat: health.Beat, shipping: "asyncio.Task[None]", refusals: Refusals
) -> None:
    """Until it is time to stop. A bug of the shipping ends the service, which is started again."""
    beats = 0
    while not stopping.is_set():
        beat.touch()
        beats += 1
        if beats % _TELL_EVERY == 0:
            refusals.tell()
        if shipping.done():
            shipping.result()
            return
        await asyncio.sleep(_BEAT_S)


def allow_files(wanted: int) -> None:
    """Let this process open so many files, as far as the system lets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        _log.warning("fewer connections than configured: raise the limit of open files", wanted=wanted, limit=hard)
        wanted = hard
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
