"""The intake as a service: every configured analytics node is read, by one process at a time."""

import asyncio
import threading
from collections.abc import Callable

from infra import health, journal, kafka, program
from infra.following import usable
from infra.kafka import Follower, KafkaLog
from infra.log import LogUnavailable
from infra.seat import Seat
from infra.settings import Settings
from producers.episodes.metrics import Metrics
from producers.episodes.readers import Readers
from schemas import topics
from schemas.facts import SourceConfigured, SourcePolled, SourceRemoved

GROUP = "intake"
_LOOK_S = 0.5
_log = journal.get("intake")


def run(settings: Settings) -> None:
    """Read the nodes until SIGTERM or SIGINT."""
    stopping, beat = program.begin(settings)
    asyncio.run(serve(settings, stopping, beat))


async def serve(settings: Settings, stopping: threading.Event, beat: health.Beat) -> None:
    """Read the nodes while this process has the seat; wait for it otherwise."""
    log = KafkaLog(settings, "intake")
    seat = Seat(settings, GROUP, topics.SOURCES.name)
    metrics = Metrics()

    def sits() -> bool:
        beat.touch()
        return not stopping.is_set() and seat.look(_LOOK_S)

    try:
        while not stopping.is_set():
            if await asyncio.to_thread(sits):
                _log.info("reads the nodes")
                await _sit(settings, log, metrics, sits)
    finally:
        await asyncio.to_thread(seat.close)
        await asyncio.to_thread(log.close, 1.0)


async def _sit(settings: Settings, log: KafkaLog, metrics: Metrics, sits: Callable[[], bool]) -> None:
    """Follow the configuration until the seat is lost or given up."""
    sources = await asyncio.to_thread(_followed, settings, sits)
    if sources is None:
        return
    follower, reached = sources
    readers = Readers(log, metrics, reached)
    latest: dict[str, SourceConfigured | SourceRemoved] = {}
    try:
        while await asyncio.to_thread(sits):
            records = await asyncio.to_thread(follower.poll, _LOOK_S)
            latest |= {fact.source: fact for _, fact in usable(records, "intake")}
            readers.raise_bugs()
            if follower.caught_up:
                for fact in latest.values():
                    await readers.apply(fact)
                latest.clear()
    finally:
        follower.close()
        await readers.close()


def _followed(settings: Settings, sits: Callable[[], bool]) -> tuple[Follower, dict[str, SourcePolled]] | None:
    """A follower of the configuration, and how far each node had been read; None when the seat went first."""
    while sits():
        try:
            polled = usable(kafka.read_topic(settings, "source-polls"), "intake")
            reached = {fact.source: fact for _, fact in polled}
            return Follower(settings, topics.SOURCES.name), reached
        except LogUnavailable as error:
            _log.warning("the broker does not answer yet", error=error)
    return None
