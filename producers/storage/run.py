"""Measures as a part of the process ``processor:retention``: one worker of all tells the level and the time."""

import threading

from infra import journal
from infra.clock import boot_id, monotonic_s, now_ms, uptime_ms
from infra.embedded.objectroom import Room
from infra.health import Beat
from infra.kafka import KafkaLog
from infra.log import FactLog, LogUnavailable
from infra.objects import StoreRefused, StoreUnavailable
from infra.outage import Outage
from infra.seat import Seat, SeatedLoop
from infra.settings import Settings
from producers.storage.levels import Level, opened
from producers.storage.metrics import Metrics
from schemas import topics
from schemas.facts import StorageMeasured

SEAT_GROUP = "producer-storage-seat"
DELIVERY_MS = 5000
"""A measurement that is not acknowledged by then is dropped: old time is worth nothing, and may do harm."""
_LOOK_S, _CLOSE_S = 0.2, 1.0
_AWAY = (StoreUnavailable, StoreRefused, LogUnavailable, OSError)

_log = journal.get("storage")


def measure(settings: Settings, stopping: threading.Event, beat: Beat) -> None:
    """Measure while this worker has the seat, until ``stopping``. Call it once in a process.

    Servers that are away are waited for; ``beat`` goes on meanwhile. Whatever it raises is a bug: end the process.
    """
    log = KafkaLog(settings, "storage", DELIVERY_MS)
    try:
        Measuring(settings, log, Metrics(), stopping, beat).run()
    finally:
        log.close(_CLOSE_S)


class Measuring:
    """One worker's part."""

    def __init__(
        self, settings: Settings, log: FactLog, metrics: Metrics, stopping: threading.Event, beat: Beat
    ) -> None:
        self._settings, self._log, self._metrics = settings, log, metrics
        self._loop = SeatedLoop(Seat(settings, SEAT_GROUP, topics.STORAGE.name), stopping, beat)
        self._outage = Outage(_log, "time stands still for retention: nothing is measured", "measured again")

    def run(self) -> None:
        """Until told to stop."""
        self._loop.run(self._sit)

    def _sit(self) -> None:
        """Measure for as long as the seat is ours."""
        try:
            with opened(self._settings) as level:
                goes_on = True
                while goes_on:
                    next_s = monotonic_s() + self._settings.storage_ms / 1000
                    self._measure(level)
                    goes_on = self._waits_for(next_s)
        except LogUnavailable as away:
            self._outage.say(str(away))

    def _waits_for(self, until_s: float) -> bool:
        """False: the seat is another's, or we are to stop."""
        while (left_s := until_s - monotonic_s()) > 0:
            if not self._loop.goes_on(min(_LOOK_S, left_s)):
                return False
        return self._loop.goes_on()

    def _measure(self, level: Level) -> None:
        """Tell one measurement, or drop it."""
        try:
            self._tell(level.read())
        except _AWAY as away:
            self._metrics.measured.labels("dropped").inc()
            self._outage.say(str(away))
        else:
            self._metrics.measured.labels("told").inc()
            self._outage.say("")

    def _tell(self, room: Room) -> None:
        """Return once it is acknowledged. Raises LogUnavailable."""
        self._metrics.used.set(room.used)
        self._metrics.capacity.set(room.capacity)
        fact = StorageMeasured(
            store=self._settings.s3_bucket, observed_ms=now_ms(), used_bytes=room.used, capacity_bytes=room.capacity,
            boot_id=boot_id(), uptime_ms=uptime_ms(),
        )  # fmt: skip
        self._log.append(fact).result(DELIVERY_MS / 1000 + 1)
