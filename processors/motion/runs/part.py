"""What one worker does of one run, in a thread of its own, for as long as the run goes on."""

import threading
from collections.abc import Callable
from contextlib import ExitStack

from infra.clock import monotonic_s
from infra.health import Beat
from infra.log import FactLog
from infra.settings import Settings
from processors.beside import Beside
from processors.cameras import Cameras
from processors.motion.entry.eyes import Eyes
from processors.motion.entry.metrics import Metrics
from processors.motion.entry.run import RUN_NICENESS, Scanner, eye_count, program
from processors.motion.runs.looks import LooksAgain
from processors.motion.runs.start import group, is_done
from processors.motion.runs.wishes import RunWishes
from schemas.motion import ReprocessRequested, ReprocessStarted

_LOOK_S = 2.0


class Part:
    """A membership in the run's group."""

    def __init__(self, asked: ReprocessRequested, started: ReprocessStarted, settings: Settings) -> None:
        self.run = asked.run
        self._asked, self._started, self._settings = asked, started, settings
        self._held = ExitStack()
        self._cameras = self._held.enter_context(Cameras.of(settings, "motion.runs"))
        self._beside: Beside | None = None
        self._look_s = 0.0

    def begin(self, log: FactLog, metrics: Metrics, may_look: Callable[[], bool]) -> None:
        """Work until ``end``."""
        wishes = RunWishes(self._asked, self._started, self._cameras, self._settings)

        def work(stopping: threading.Event, beat: Beat) -> None:
            if self._asked.evidence == "looks":
                LooksAgain(self._settings, log, wishes, may_look, stopping, beat).run()
            else:
                eyes = Eyes(eye_count(self._settings), program(self._settings, RUN_NICENESS))
                name = group(self.run)
                Scanner(self._settings, log, wishes, metrics, stopping, beat, name, eyes, may_look).run()

        self._beside = self._held.enter_context(Beside(f"run {self.run}", work).going_on())

    def is_over(self) -> bool:
        """True once everybody's part is done, asked of the log now and then. Raises what the thread died of."""
        if self._beside is not None:
            self._beside.judge()
        if monotonic_s() < self._look_s:
            return False
        self._look_s = monotonic_s() + _LOOK_S
        return is_done(self._started, self._settings)

    def end(self) -> None:
        """Stop, and leave the group."""
        self._held.close()
