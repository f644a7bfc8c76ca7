"""Round after round: what is known of all footage up to some moment, told as SettlingStarted and Settled."""

import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from typing import NamedTuple, Protocol

from infra import journal
from infra.clock import boot_id, monotonic_s, now_ms, uptime_ms
from infra.health import Beat
from infra.log import FactLog, LogUnavailable, Position
from infra.outage import Outage
from infra.progress import GroupProgress, Progress
from infra.settings import Settings
from processors.retention.entry.metrics import Metrics
from processors.retention.entry.settling import Given, Hop, Noted, Round, Seen, groups_of, patience_after
from processors.retention.entry.stages import FOOTAGE, stages
from schemas import ids
from schemas.codec import AnyFact
from schemas.facts import Settled, SettlingStarted

_ACK_LOOK_S = 0.05

_log = journal.get("retention.settling")
Told = Callable[[], Mapping[tuple[str, int], int]]
"""(Topic, partition) → everything before this offset is told to retention and acknowledged."""


class Pace(NamedTuple):
    """Seconds."""

    patience_s: float = 60.0
    """A group that has not read a stage's topics for so long is not waited for; longer where it comes on."""
    most_patience_s: float = 960.0
    look_s: float = 0.5
    """Between two questions to the broker, which are three or four requests."""
    between_s: float = 2.0
    """Between two rounds."""


PACE = Pace()


class Broker(Protocol):
    """What is asked; ``infra.progress.Progress`` is one. Raises LogUnavailable."""

    def begins(self, topics: Iterable[str]) -> Mapping[str, Mapping[int, int]]:
        """See Progress.begins."""

    def ends(self, topics: Iterable[str]) -> Mapping[str, Mapping[int, int]]:
        """See Progress.ends."""

    def groups(self, groups: Iterable[str]) -> Mapping[str, GroupProgress]:
        """See Progress.groups."""


class Watcher:
    """Watches all groups between a camera and a protected range, for whoever holds the seat of the entry."""

    def __init__(
        self,
        settings: Settings,
        log: FactLog,
        told: Told,
        metrics: Metrics,
        pace: Pace,
        broker: Callable[[Settings], Broker] = Progress,
    ) -> None:
        self._settings, self._log, self._told, self._metrics = settings, log, told, metrics
        self._pace, self._patience_s, self._broker = pace, pace.patience_s, broker
        self._stages = stages(settings.settle_ms / 1000)
        self._settled_s = monotonic_s()
        self._outage = Outage(
            _log, "nothing more is deleted where it is not known what protects it", "footage is settled again"
        )

    def watch(self, stopping: threading.Event, beat: Beat) -> None:
        """Until told to stop. A broker that is away ends the round; another begins when it is back."""
        self._progress = self._broker(self._settings)
        self._warn_of_late_marks()
        while self._rests(self._pace.between_s, stopping, beat):
            try:
                self._round(stopping, beat)
            except LogUnavailable as away:
                self._outage.say(f"the broker is away: {away}")

    def _round(self, stopping: threading.Event, beat: Beat) -> None:
        settle_id = ids.derived("settling", boot_id(), uptime_ms(), threading.get_ident())
        if not self._tell(SettlingStarted(settle_id=settle_id, observed_ms=now_ms()), stopping, beat):
            return
        one = Round(self._stages, FOOTAGE, self._patience_s, monotonic_s())
        while one.given is None:
            if not self._rests(0 if self._ask(one) else self._pace.look_s, stopping, beat):
                return
        self._patience_s = patience_after(
            self._patience_s, one.was_moving, self._pace.patience_s, self._pace.most_patience_s
        )
        self._judge(one.given, settle_id, stopping, beat)

    def _ask(self, one: Round) -> bool:
        """Ask what the round wants to know now; False when it must wait for others. Raises LogUnavailable."""
        if topics := one.to_note(monotonic_s()):
            begins, ends = self._progress.begins(topics), self._progress.ends(topics)
            one.note({topic: Noted(begins[topic], ends[topic]) for topic in topics}, monotonic_s())
            return True
        if hops := one.to_see():
            one.see(self._seen(hops), monotonic_s())
            return not one.to_see()
        return one.given is not None

    def _seen(self, hops: frozenset[Hop]) -> dict[Hop, Seen]:
        """What is committed is asked for before the ends."""
        told = self._told()
        groups = self._progress.groups(groups_of(hops))
        ends = self._progress.ends({hop.topic for hop in hops})
        seen = {}
        for hop in hops:
            if hop.group:
                committed = groups[hop.group].committed.get(hop.topic, {})
                members = groups[hop.watched].members
            else:
                committed = {partition: offset for (topic, partition), offset in told.items() if topic == hop.topic}
                members = 1
            seen[hop] = Seen(members, committed, ends[hop.topic])
        return seen

    def _judge(self, given: Given, settle_id: int, stopping: threading.Event, beat: Beat) -> None:
        if given.segment_ends:
            fact = Settled(settle_id=settle_id, observed_ms=now_ms(), segment_ends=given.segment_ends)
            if not self._tell(fact, stopping, beat):
                return
            self._settled_s = monotonic_s()
            self._metrics.unsettled_s.set(0)
        partial = f"{given.unsettled} partitions of footage are not judged" if given.unsettled else ""
        self._metrics.unsettled.set(given.unsettled if given.segment_ends else self._settings.partitions)
        self._metrics.rounds.labels("none" if given.why else "some" if partial else "all").inc()
        self._outage.say(given.why or partial)

    def _tell(self, fact: AnyFact, stopping: threading.Event, beat: Beat) -> bool:
        """True once it is acknowledged. Raises LogUnavailable."""
        told: Future[Position] = self._log.append(fact)
        while not told.done():
            if not self._rests(_ACK_LOOK_S, stopping, beat):
                return False
        told.result()
        return True

    def _rests(self, seconds: float, stopping: threading.Event, beat: Beat) -> bool:
        """False: told to stop."""
        beat.touch()
        self._metrics.unsettled_s.set(monotonic_s() - self._settled_s)
        return not stopping.wait(seconds)

    def _warn_of_late_marks(self) -> None:
        late_ms = self._settings.motion_wait_ms + 2 * self._settings.tick_ms
        if self._settings.settle_ms < late_ms:
            todo = f"marks of motion may come {late_ms} ms after their verdict: set SIGHTLOG_SETTLE_MS to as much"
            _log.warning("footage may be taken for judged before its marks are known", todo=todo)
