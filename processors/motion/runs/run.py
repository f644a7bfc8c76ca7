"""Runs as a part of the process ``processor:motion``: each is begun, shared among the workers, ended and made to count.

One run at a time, the one asked for first: whoever asks for ten does not ask for ten times the load.
"""

import threading
from collections.abc import Callable

from infra import journal, kafka
from infra.clock import monotonic_s
from infra.following import Following
from infra.health import Beat
from infra.kafka import Follower, KafkaLog
from infra.log import FactLog, LogUnavailable
from infra.loop import Loop, Stopped
from infra.seat import Seat
from infra.settings import Settings
from processors.motion.entry.metrics import Metrics
from processors.motion.runs import rules
from processors.motion.runs.part import Part
from processors.motion.runs.promoting import promote
from processors.motion.runs.rules import Run, Runs
from processors.motion.runs.start import complete, group, start
from schemas import topics
from schemas.motion import ReprocessRequested, ReprocessStarted

SEAT = "motion-promotion"
_DELIVERY_MS = 30_000
_POLL_S, _REST_S, _RETRY_S, _CLOSE_S = 0.5, 60.0, 1.0, 1.0

_log = journal.get("motion.runs")


def look_again(settings: Settings, may_look: Callable[[], bool], stopping: threading.Event, beat: Beat) -> None:
    """Do this worker's part of every run, until ``stopping``. Call it once in a process.

    ``may_look``: asked before anything is begun. Servers that are away are waited for; ``beat`` goes on meanwhile.
    """
    log = KafkaLog(settings, "motion-runs", _DELIVERY_MS)
    worker = Worker(settings, log, Metrics(run="runs"), may_look, stopping, beat)
    try:
        worker.run()
    finally:
        log.close(_CLOSE_S)


class Worker:
    """One worker's part in all runs."""

    def __init__(
        self,
        settings: Settings,
        log: FactLog,
        metrics: Metrics,
        may_look: Callable[[], bool],
        stopping: threading.Event,
        beat: Beat,
    ) -> None:
        self._settings, self._log, self._metrics, self._may_look = settings, log, metrics, may_look
        self._loop = Loop(stopping, beat)
        self._following = Following(lambda: Follower(settings, topics.REPROCESS.name), "motion.runs")
        self._runs: Runs = {}
        self._part: Part | None = None
        self._rest_until_s = 0.0
        self._seat: Seat | None = None

    def run(self) -> None:
        """Until told to stop."""
        try:
            while self._loop.goes_on():
                try:
                    self._turn()
                except LogUnavailable as away:
                    _log.warning("runs wait", reason=away)
                    self._loop.goes_on(_RETRY_S)
        finally:
            self._leave()
            self._stand_up()
            self._following.close()

    def _turn(self) -> None:
        """Hear what is told of runs, and do what is to be done. What fails rests: live work must not end with a run."""
        for fact in self._following.poll(_POLL_S):
            self._runs = rules.told(self._runs, fact)
            if isinstance(fact, ReprocessRequested) and not rules.is_sound(fact):
                _log.warning("a run sets what no camera can be set to, and is passed over", run=fact.run)
        if not self._following.caught_up or monotonic_s() < self._rest_until_s:
            return
        try:
            self._look()
            self._promote()
        except LogUnavailable:
            raise
        except Exception:  # noqa: BLE001 - told, and tried again later
            _log.exception("a run failed here and rests", seconds=_REST_S)
            self._rest_until_s = monotonic_s() + _REST_S
            self._leave()
            self._stand_up()

    def _look(self) -> None:
        """Whatever is to be done now for the first run that is not done."""
        run = next((one for one in self._runs.values() if one.is_to_look and rules.is_sound(one.asked)), None)
        if self._part is not None and (run is None or run.asked.run != self._part.run):
            self._leave()
        if run is None:
            return
        if run.started is None:
            start(run.asked, self._log, self._settings)
        elif self._part is None:
            self._join(run, run.started)
        elif self._part.is_over():
            complete(run.asked.run, "looked", self._log)
            _log.info("a run is done", run=run.asked.run)

    def _join(self, run: Run, started: ReprocessStarted) -> None:
        _log.info("a run goes on here", run=run.asked.run, evidence=run.asked.evidence)
        self._part = Part(run.asked, started, self._settings)
        self._part.begin(self._log, self._metrics, self._may_look)

    def _leave(self) -> None:
        """The last one to leave a run that is over takes its group along."""
        if self._part is None:
            return
        part, self._part = self._part, None
        part.end()
        if not self._runs[part.run].is_to_look:
            try:
                kafka.forget_group(self._settings, group(part.run))
            except LogUnavailable as away:  # nobody asks for it any more; the broker forgets it by itself
                _log.info("the group of a run stays", run=part.run, reason=away)

    def _promote(self) -> None:
        """Make the first run count that is to, if that is ours to do."""
        run = next((one for one in self._runs.values() if one.is_to_promote), None)
        if run is None or run.wanted is None:
            self._stand_up()
            return
        self._seat = self._seat or Seat(self._settings, SEAT, topics.REPROCESS.name)
        if not self._seat.look(0):
            return
        try:
            saved = promote(run, run.wanted, self._log, self._settings, self._still_sits)
        except Stopped:
            return
        complete(run.asked.run, "promoted", self._log)
        _log.info("a run counts", run=run.asked.run, saves=saved)

    def _still_sits(self) -> bool:
        return self._loop.goes_on() and self._seat is not None and self._seat.look(0)

    def _stand_up(self) -> None:
        if self._seat is not None:
            self._seat.close()
            self._seat = None
