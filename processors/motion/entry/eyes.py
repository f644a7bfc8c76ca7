"""The eyes: processes that look at footage, and what is known of one that ends while it looks."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from infra import journal, piped
from infra.clock import monotonic_s
from infra.piped import Piped
from processors.motion.entry import endings, messages
from processors.motion.entry.backlog import Job
from processors.motion.entry.chain import Known
from processors.motion.entry.messages import Absent, Away, Judged, Order, Reading, Ready, Window

DEPTH = 2
"""Orders that an eye has at once: one that it looks at, and one so that it need not wait for us."""
_STARTS = 3
"""An eye that never opened so often, one time after the other, never will."""
_LOOK_S = 1.0

_log = journal.get("motion.entry")


class Blind(RuntimeError):
    """Eyes do not open. The process must be started anew, or its installation mended."""


class Program(NamedTuple):
    """What an eye is."""

    words: Sequence[str]
    environment: Mapping[str, str]
    stall_s: float
    """An eye with something to do that neither says anything nor computes for so long is replaced."""


class Answered(NamedTuple):
    """What became of a job."""

    job: Job
    answer: Judged | Absent | Away


class Ended(NamedTuple):
    """An eye ended, or stood still, while it looked at the job."""

    job: Job
    start_ms: int
    """Of the segment that it read: the job's own, or one before it."""
    how: str
    """``SIGSEGV``, ``exit 3``, ``stood still`` ..."""


class Returned(NamedTuple):
    """A job that an eye had not begun when it ended."""

    job: Job


Event = Answered | Ended | Returned


class Eye:
    """One of them: started with its first order, and again after it ended."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._child: Piped | None = None
        self._jobs: deque[Job] = deque()
        self._is_alone = False
        """True while nothing else is to be in its hands."""
        self._given: dict[str, set[tuple[int, str]]] = {}
        """Camera → starts and checksums of the segments whose facts it has."""
        self._is_ready = False
        self._failures = 0
        self._reading_ms: int | None = None
        self._stood_still = False
        self._moved_s, self._looked_s, self._cpu_s = 0.0, 0.0, 0.0
        self.windows: Mapping[str, Window] = {}

    @property
    def child(self) -> Piped | None:
        """The process, while there is one."""
        return self._child

    @property
    def has_room(self) -> bool:
        """True when it can be given another order."""
        return len(self._jobs) < DEPTH and not self._is_alone

    @property
    def is_idle(self) -> bool:
        """True when it has nothing to do."""
        return not self._jobs

    def start(self) -> None:
        """Open it, if it is not open."""
        if self._child is None:
            self._child = Piped(self._program.words, dict(self._program.environment))
            self._given, self._is_ready, self._stood_still, self._reading_ms = {}, False, False, None
            self._moved_s, self._cpu_s = monotonic_s(), 0.0

    def give(self, job: Job, before: Sequence[Known], is_alone: bool = False) -> None:
        """Have it look at a segment, with what its baseline is learned from. ``is_alone``: nothing beside it."""
        self.start()
        assert self._child
        self._is_alone = is_alone
        if not self._jobs:
            self._moved_s = monotonic_s()
        chain = (*before, job.segment)
        had = self._given.get(job.media, set())
        new = tuple(one.value for one in chain if (one.start_ms, one.sha256) not in had)
        self._given[job.media] = {(one.start_ms, one.sha256) for one in chain}
        starts = tuple(one.start_ms for one in before)
        order = Order(job.number, job.config.detector, job.config, job.media, job.segment.start_ms, starts, new)
        self._jobs.append(job)
        self._child.send(messages.encode(order))

    def events(self) -> Iterator[Event]:
        """What has happened since. Raises Blind."""
        if self._child is None:
            return
        for message in self._child.received():
            self._moved_s = monotonic_s()
            yield from self._heard(messages.answers.decode(message))
        self._look_at(self._child)
        if self._child.ended_with is not None:
            yield from self._end(endings.STOOD_STILL if self._stood_still else piped.name_of(self._child.ended_with))

    def close(self) -> None:
        """End it now."""
        if self._child is not None:
            self._child.kill()
            self._child = None

    def _heard(self, answer: messages.Answer) -> Iterator[Event]:
        if isinstance(answer, Ready):
            self._is_ready, self._failures, self.windows = True, 0, answer.windows
        elif isinstance(answer, Reading):
            self._reading_ms = answer.start_ms
        else:
            job = self._jobs.popleft()
            assert job.number == answer.number, "answers come in the order of their orders"
            self._reading_ms, self._is_alone = None, False
            yield Answered(job, answer)

    def _look_at(self, child: Piped) -> None:
        """Kill it where it stands still. Computing is moving, and so is having nothing to do."""
        now_s = monotonic_s()
        if child.ended_with is not None or now_s < self._looked_s + _LOOK_S:
            return
        self._looked_s = now_s
        used_s = child.cpu_s()
        if used_s > self._cpu_s or (self._is_ready and not self._jobs):
            self._cpu_s, self._moved_s = used_s, now_s
        elif now_s - self._moved_s > self._program.stall_s:
            child.kill()
            self._stood_still = True
            _log.warning("an eye stood still and is replaced", seconds=round(now_s - self._moved_s))

    def _end(self, how: str) -> Iterator[Event]:
        jobs, was_ready, reading_ms = list(self._jobs), self._is_ready, self._reading_ms
        self._child, self._is_alone = None, False
        self._jobs.clear()
        if not was_ready:
            self._failures += 1
            if self._failures >= _STARTS:
                raise Blind(f"eyes end before they open ({how}), {self._failures} times in a row")
        elif jobs:
            first = jobs.pop(0)
            yield Ended(first, first.segment.start_ms if reading_ms is None else reading_ms, how)
        for job in jobs:
            yield Returned(job)


class Eyes:
    """All of them."""

    def __init__(self, count: int, program: Program) -> None:
        self._eyes = [Eye(program) for _ in range(count)]

    def __len__(self) -> int:
        return len(self._eyes)

    def __getitem__(self, number: int) -> Eye:
        return self._eyes[number]

    @property
    def busy(self) -> int:
        """How many have something to do."""
        return sum(not eye.is_idle for eye in self._eyes)

    def turn(self, timeout_s: float) -> list[tuple[Eye, Event]]:
        """Wait for news, for so long at most. Raises Blind."""
        piped.turn([eye.child for eye in self._eyes if eye.child is not None], timeout_s)
        return [(eye, event) for eye in self._eyes for event in eye.events()]

    def close(self) -> None:
        """End all of them."""
        for eye in self._eyes:
            eye.close()
