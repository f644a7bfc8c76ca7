"""The scanner as a part of the process ``processor:motion``: segments in, verdicts out."""

import sys
import threading
from collections.abc import Callable, Mapping
from itertools import count
from multiprocessing import cpu_count

from infra import journal
from infra.health import Beat
from infra.kafka import KafkaLog
from infra.log import FactLog, LogUnavailable
from infra.loop import Loop
from infra.outage import Outage
from infra.settings import Settings
from processors.cameras import Cameras
from processors.motion.entry.eyes import Eyes, Program
from processors.motion.entry.messages import Window
from processors.motion.entry.metrics import Metrics
from processors.motion.entry.sitting import Sitting
from processors.motion.entry.wishes import LiveWishes, Wishes
from processors.motion.turns import Turns

GROUP = "processor-motion-entry"
LIVE_NICENESS, RUN_NICENESS = 5, 15
"""Recording goes first, and live footage before that of runs."""
_EYE = (sys.executable, "-m", "processors.motion.entry")
WORDS = (*_EYE, str(LIVE_NICENESS))
_SINGLE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
"""An eye has one core."""
_DELIVERY_MS = 30_000
_LOOK_S, _RETRY_S, _CLOSE_S = 0.1, 1.0, 1.0

_log = journal.get("motion.entry")


def scan_segments(settings: Settings, turns: Turns, stopping: threading.Event, beat: Beat) -> None:
    """Give every segment its live verdict, until ``stopping``. Call it once in a process.

    ``turns``: told where to ask whether any live footage is in hand. Servers that are away are waited for; ``beat``
    goes on meanwhile. Whatever it raises is a bug: end the process.
    """
    log = KafkaLog(settings, "motion-entry", _DELIVERY_MS)
    try:
        with Cameras.of(settings, "motion.entry") as cameras:
            scanner = Scanner(settings, log, LiveWishes(cameras, settings), Metrics(), stopping, beat)
            turns.follow(lambda: scanner.is_busy)
            scanner.run()
    finally:
        log.close(_CLOSE_S)


def eye_count(settings: Settings) -> int:
    """How many look at footage side by side."""
    return settings.motion_workers or cpu_count()


def program(settings: Settings, niceness: int = LIVE_NICENESS) -> Program:
    """What an eye is, with these settings."""
    return Program((*_EYE, str(niceness)), settings.as_environment() | _SINGLE, settings.stall_s)


class Scanner:
    """One worker's part in giving verdicts, as one member of ``group``."""

    def __init__(
        self,
        settings: Settings,
        log: FactLog,
        wishes: Wishes,
        metrics: Metrics,
        stopping: threading.Event,
        beat: Beat,
        group: str = GROUP,
        eyes: Eyes | None = None,
        may_look: Callable[[], bool] = lambda: True,
    ) -> None:
        """``may_look``: asked before footage is given to eyes; what is looked at already goes on."""
        self._settings, self._log, self._wishes, self._metrics = settings, log, wishes, metrics
        self._loop, self._group, self._may_look = Loop(stopping, beat), group, may_look
        self._eyes = eyes or Eyes(eye_count(settings), program(settings))
        self._numbers = count()
        self._outage = Outage(_log, "footage waits", "footage goes on", metrics.away)

    @property
    def is_busy(self) -> bool:
        """True while it has footage to look at; for whoever gives way to it."""
        return self._eyes.busy > 0

    def run(self) -> None:
        """Until told to stop."""
        try:
            while self._loop.goes_on():
                try:
                    self._sit()
                except LogUnavailable as away:
                    self._wait(str(away))
        finally:
            self._eyes.close()

    def _sit(self) -> None:
        """Read as one member of the group, until told to stop or until the broker does not say what it must."""
        if not (windows := self._open_eyes()):
            return
        self._wishes.catch_up()
        sitting = Sitting(
            self._settings, self._log, self._wishes, self._eyes, windows, self._metrics, self._group, self._numbers
        )
        try:
            while self._loop.goes_on():
                try:
                    sitting.turn(self._may_look())
                except LogUnavailable as away:
                    if sitting.is_broken:
                        raise
                    self._wait(str(away))
                else:
                    self._outage.say(sitting.away)
        finally:
            sitting.close()

    def _open_eyes(self) -> Mapping[str, Window]:
        """What detectors there are, once one eye is open. Empty: told to stop before. Raises Blind."""
        while not self._eyes[0].windows and self._loop.goes_on():
            self._eyes[0].start()
            self._eyes.turn(_LOOK_S)
        return self._eyes[0].windows

    def _wait(self, why: str) -> None:
        self._outage.say(why)
        self._loop.goes_on(_RETRY_S)
