"""A run over stored looks: live verdicts in, those of the run out. No footage is read."""

import threading
from collections import defaultdict
from collections.abc import Callable, Sequence

from infra import journal
from infra.clock import now_ms
from infra.health import Beat
from infra.log import FactLog, LogUnavailable
from infra.loop import Loop
from infra.settings import Settings
from processors.motion.entry.reader import Reader, Taken
from processors.motion.runs import anew
from processors.motion.runs.start import group
from processors.motion.runs.wishes import RunWishes
from schemas import codec, topics
from schemas.errors import BadFact
from schemas.facts import SegmentScanned
from schemas.motion import MotionConfig

_WAIT_S, _RETRY_S = 0.2, 1.0

_log = journal.get("motion.runs")


class LooksAgain:
    """One worker's part in such a run."""

    def __init__(
        self,
        settings: Settings,
        log: FactLog,
        wishes: RunWishes,
        may_look: Callable[[], bool],
        stopping: threading.Event,
        beat: Beat,
    ) -> None:
        """``may_look``: asked before each batch."""
        self._settings, self._log, self._wishes, self._may_look = settings, log, wishes, may_look
        self._loop = Loop(stopping, beat)

    def run(self) -> None:
        """Until told to stop. Servers that are away are waited for."""
        while self._loop.goes_on():
            try:
                self._sit()
            except LogUnavailable as away:
                _log.warning("a run waits", run=self._wishes.run, reason=away)
                self._loop.goes_on(_RETRY_S)

    def _sit(self) -> None:
        self._wishes.catch_up()
        reader = Reader(self._settings, group(self._wishes.run), 0, topics.MOTION.name)
        try:
            while self._loop.goes_on():
                reader.pause(not self._may_look())
                self._take(reader, reader.take(_WAIT_S))
        finally:
            reader.close()

    def _take(self, reader: Reader, taken: Sequence[Taken]) -> None:
        """Judge them anew, and go on once that is told."""
        told = [self._log.append(verdict) for verdict in self._judged(taken)]
        while self._log.flush(_WAIT_S):
            if not self._loop.goes_on():
                return
        for verdict in told:
            verdict.result()
        for one in taken:
            reader.done(one.record.partition, one.record.offset)
        if taken:
            reader.commit()

    def _judged(self, taken: Sequence[Taken]) -> list[SegmentScanned]:
        """The run's verdicts, those of one camera and configuration at once."""
        found: list[SegmentScanned] = []
        wanted: defaultdict[tuple[str, MotionConfig], list[SegmentScanned]] = defaultdict(list)
        run, at_ms = self._wishes.run, now_ms()
        for one in taken:
            verdict = _live(one)
            wish = self._wishes.of(verdict, one.record) if verdict else None
            if verdict is None or wish is None:
                continue
            if wish.why_not:
                found.append(anew.passed_over(verdict, wish.config, wish.why_not, run, at_ms))
            else:
                wanted[verdict.media, wish.config].append(verdict)
        for (_, config), verdicts in wanted.items():
            found += anew.judged_anew(verdicts, config, run, at_ms)
        return found


def _live(taken: Taken) -> SegmentScanned | None:
    """The live verdict in a record that is still to be judged; what is no fact, its first readers have told of."""
    if not taken.is_new:
        return None
    try:
        fact = codec.decode(taken.record.topic, taken.record.value)
    except BadFact:
        return None
    return fact if isinstance(fact, SegmentScanned) and not fact.run else None
