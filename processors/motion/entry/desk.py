"""The desk between the log and the eyes: which segment is looked at next, and what is told of each."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping

from infra import journal
from infra.clock import monotonic_s, now_ms
from infra.log import Record
from infra.settings import Settings
from processors.motion.entry import chain, endings, verdicts
from processors.motion.entry.backlog import Backlog, Job
from processors.motion.entry.chain import Bounds, Chains, Hole
from processors.motion.entry.eyes import Ended, Event, Eye, Eyes, Returned
from processors.motion.entry.messages import Absent, Away, Judged, Window
from processors.motion.entry.metrics import Metrics
from processors.motion.entry.wishes import Wishes
from schemas.facts import SegmentRecorded, SegmentScanned

RETRY_S = 1.0
"""After this the store is asked again."""
LATE_S = 2.0
LATE_TRIES = 3
"""So often footage that is not there is sought again: a store may show it late ..."""
YOUNG_MS = 60_000
"""... but not that of a fact so old."""

Tell = Callable[[SegmentScanned, int, int], None]
"""A verdict, and partition and offset of the record that asked for it."""

_log = journal.get("motion.entry")


class Desk:
    """Everything in hand of one scanner. Knows no Kafka; for one thread only."""

    def __init__(
        self,
        settings: Settings,
        wishes: Wishes,
        eyes: Eyes,
        windows: Mapping[str, Window],
        tell: Tell,
        metrics: Metrics,
        numbers: Iterator[int],
    ) -> None:
        self._wait_ms, self._cpu_s = settings.motion_wait_ms, settings.motion_cpu_s
        self._wishes, self._eyes, self._windows, self._tell, self._metrics = wishes, eyes, windows, tell, metrics
        self._numbers = numbers
        self._backlog = Backlog(len(eyes))
        self._chains: dict[int, Chains] = {}
        self._in_hand: dict[int, Job] = {}
        """By number: given to eyes, or put off."""
        self._endings: Counter[tuple[str, int]] = Counter()
        """How often eyes ended at a segment."""
        self._rests_until_s = 0.0
        self.away = ""
        """Why the store cannot be used; empty: it can."""

    def __len__(self) -> int:
        """Segments without a verdict."""
        return len(self._backlog) + len(self._in_hand)

    @property
    def is_busy(self) -> bool:
        """True while anything could be looked at now."""
        return bool(self._in_hand) or self._backlog.has_ready

    def take(self, record: Record, segment: SegmentRecorded, is_new: bool) -> bool:
        """A segment from the log. False: nothing more is wanted of its record."""
        chains = self._chains.setdefault(record.partition, Chains())
        known = chain.known(segment, record.value or b"", record.timestamp_ms)
        is_other = chains.add(known)
        for job in self._backlog.came((known.media, known.run_id, known.end_ms)):
            self._place(job)
        wish = self._wishes.of(segment, record) if is_new and is_other else None
        if wish is None:
            return False
        window = self._windows.get(wish.config.detector)
        if wish.why_not or window is None:
            make = verdicts.passed_over if wish.why_not else verdicts.unreadable
            why = wish.why_not or f"no detector is called {wish.config.detector}; there are {', '.join(self._windows)}"
            self._say(make(known, wish.config, why, self._wishes.run, now_ms()), record.partition, record.offset)
            return True
        bounds = Bounds(window.epoch_ms, window.warm_ms, self._wait_ms)
        self._place(Job(next(self._numbers), record.partition, record.offset, known, wish.config, bounds))
        return True

    def pass_time(self, partition: int, until_ms: int) -> None:
        """All is known of the partition that the log took before."""
        if (chains := self._chains.get(partition)) is not None:
            chains.until_ms = max(chains.until_ms, until_ms)
            for job in self._backlog.overdue(partition, chains.until_ms):
                self._place(job)

    def due_ms(self, partition: int) -> int | None:
        """The log's time at which a segment there has waited for long enough; None: none waits."""
        return self._backlog.next_due_ms(partition)

    def forget(self, partition: int, came_before_ms: int) -> None:
        """What came before is in no chain of what is still to come."""
        if (chains := self._chains.get(partition)) is not None:
            chains.forget(came_before_ms)

    def drop(self, partitions: Collection[int]) -> None:
        """They are not ours any more: nothing is told of their segments."""
        self._backlog.drop(partitions)
        for partition in partitions:
            self._chains.pop(partition, None)
        self._in_hand = {number: job for number, job in self._in_hand.items() if job.partition not in partitions}

    def dispatch(self) -> None:
        """Give the eyes what they have room for."""
        now_s = monotonic_s()
        for job in self._backlog.put_back(now_s):
            if self._in_hand.pop(job.number, None):
                self._backlog.put(job)
        if now_s < self._rests_until_s:
            return
        for number in range(len(self._eyes)):
            while self._eyes[number].has_room and (next_one := self._backlog.begin(number)) is not None:
                self._begin(self._eyes[number], next_one)

    def hear(self, eye: Eye, event: Event) -> None:
        """What became of a job."""
        job = event.job
        if self._in_hand.get(job.number) is None:
            return
        if isinstance(event, Ended):
            self._ended(eye, job, event)
        elif isinstance(event, Returned):
            self._release(job)
            self._backlog.put(job)
        elif isinstance(event.answer, Judged):
            self._judged(job, event.answer)
        elif isinstance(event.answer, Absent):
            self._absent(job)
        else:
            self._is_away(job, event.answer)

    def measure(self) -> None:
        """Say how much is to be done."""
        ready, waiting = self._backlog.ready, self._backlog.waiting
        self._metrics.ready.set(len(ready))
        self._metrics.waiting.set(len(waiting))
        footage_ms = sum(job.segment.end_ms - job.segment.start_ms for job in (*ready, *waiting))
        self._metrics.footage_left.set(footage_ms / 1000)
        self._metrics.busy.set(self._eyes.busy / len(self._eyes))
        self._metrics.known.set(sum(map(len, self._chains.values())))

    def _place(self, job: Job) -> None:
        """Where it belongs: to be looked at, or to wait for a segment before it."""
        before = self._chains[job.partition].before(job.segment, job.bounds)
        if isinstance(before, Hole):
            self._backlog.wait(job, before)
        else:
            self._backlog.put(job)

    def _begin(self, eye: Eye, job: Job, is_alone: bool = False) -> None:
        before = self._chains[job.partition].before(job.segment, job.bounds)
        self._in_hand[job.number] = job
        if isinstance(before, Hole):  # what it waited for came, was counted, and has been replaced by another since
            self._release(job)
            self._backlog.wait(job, before)
        else:
            eye.give(job, before, is_alone)

    def _release(self, job: Job) -> None:
        del self._in_hand[job.number]
        self._backlog.end(job.media)

    def _end(self, job: Job, verdict: SegmentScanned) -> None:
        self._endings.pop((job.media, job.segment.start_ms), None)
        self._release(job)
        self._say(verdict, job.partition, job.offset)

    def _judged(self, job: Job, found: Judged) -> None:
        self.away = ""
        self._metrics.cpu.inc(found.cpu_s)
        self._metrics.bytes.inc(found.bytes_read)
        self._end(job, verdicts.judged(job.segment, job.config, found, self._wishes.run, now_ms()))

    def _unreadable(self, job: Job, why: str) -> None:
        self._end(job, verdicts.unreadable(job.segment, job.config, why, self._wishes.run, now_ms()))

    def _absent(self, job: Job) -> None:
        is_young = now_ms() - job.segment.came_ms < YOUNG_MS
        if is_young and job.tries < LATE_TRIES:
            self._put_off(job._replace(tries=job.tries + 1), LATE_S)
        else:
            self._unreadable(job, verdicts.GONE)

    def _is_away(self, job: Job, answer: Away) -> None:
        self.away = answer.reason
        self._rests_until_s = monotonic_s() + RETRY_S
        self._put_off(job, RETRY_S)

    def _put_off(self, job: Job, seconds: float) -> None:
        self._in_hand[job.number] = job
        self._backlog.put_off(job, monotonic_s() + seconds)

    def _ended(self, eye: Eye, job: Job, event: Ended) -> None:
        """Once more, alone; and not again when it ends its reader every time."""
        place = (job.media, event.start_ms)
        self._endings[place] += 1
        self._metrics.ended.labels(event.how).inc()
        _log.warning("an eye ended", media=job.media, reading_ms=event.start_ms, how=event.how)
        if self._endings[place] < endings.most(event.how):
            self._begin(eye, job, is_alone=True)
            return
        del self._endings[place]
        self._chains[job.partition].spoil(*place)
        if event.start_ms == job.segment.start_ms:
            self._unreadable(job, endings.reason(event.how, self._cpu_s))
        else:
            self._begin(eye, job, is_alone=True)

    def _say(self, verdict: SegmentScanned, partition: int, offset: int) -> None:
        self._metrics.verdicts.labels(verdict.verdict, verdict.level).inc()
        self._metrics.footage.inc((verdict.end_ms - verdict.start_ms) / 1000)
        self._tell(verdict, partition, offset)
