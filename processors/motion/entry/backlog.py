"""Segments that want a verdict: in order of time per camera, one of each in hand, the cameras in turn. Pure."""

import heapq
from collections import deque
from collections.abc import Collection
from typing import NamedTuple

from processors.motion.entry.chain import Bounds, Hole, Known, Link
from schemas.motion import MotionConfig


class Job(NamedTuple):
    """One segment that wants a verdict."""

    number: int
    """Its own, in this process."""
    partition: int
    offset: int
    segment: Known
    config: MotionConfig
    bounds: Bounds
    tries: int = 0
    """How often its footage was sought and not found."""

    @property
    def media(self) -> str:
        """Its camera."""
        return self.segment.media


class Lane:
    """The jobs of one camera that can be begun."""

    def __init__(self, partition: int, eye: int) -> None:
        self.partition = partition
        self.eye = eye
        """Who does them, so that one remembers the camera."""
        self.is_in_hand = False
        self.jobs: list[tuple[int, int, Job]] = []
        """A heap by (start, order of coming)."""


class Backlog:
    """What is to be done, for so many eyes."""

    def __init__(self, eyes: int) -> None:
        self._lanes: dict[str, Lane] = {}
        self._cameras = [0] * eyes
        self._turns: list[deque[str]] = [deque() for _ in range(eyes)]
        self._waiting: dict[Link, list[Job]] = {}
        self._due: dict[int, list[tuple[int, Link]]] = {}
        self._later: list[tuple[float, int, Job]] = []
        self._count = 0

    def __len__(self) -> int:
        """All that are not in hand."""
        return sum(len(lane.jobs) for lane in self._lanes.values()) + sum(map(len, self._waiting.values()))

    @property
    def has_ready(self) -> bool:
        """True while there is one that only wants an eye."""
        return any(lane.jobs for lane in self._lanes.values())

    @property
    def ready(self) -> list[Job]:
        """Jobs that only want an eye."""
        return [job for lane in self._lanes.values() for _, _, job in lane.jobs]

    @property
    def waiting(self) -> list[Job]:
        """Jobs that wait for a segment before them."""
        return [job for jobs in self._waiting.values() for job in jobs]

    def put(self, job: Job) -> None:
        """It can be begun."""
        self._count += 1
        lane = self._lane(job)
        heapq.heappush(lane.jobs, (job.segment.start_ms, self._count, job))
        if len(lane.jobs) == 1 and not lane.is_in_hand:
            self._turns[lane.eye].append(job.media)

    def wait(self, job: Job, hole: Hole) -> None:
        """It waits for a segment before it."""
        link = (hole.media, hole.run_id, hole.end_ms)
        self._waiting.setdefault(link, []).append(job)
        heapq.heappush(self._due.setdefault(job.partition, []), (hole.due_ms, link))

    def came(self, link: Link) -> list[Job]:
        """The jobs that waited for this segment; wait no more."""
        return self._waiting.pop(link, [])

    def overdue(self, partition: int, until_ms: int) -> list[Job]:
        """The jobs that waited for what did not come by then; wait no more."""
        due, found = self._due.get(partition, []), []
        while due and due[0][0] < until_ms:
            found += self._waiting.pop(heapq.heappop(due)[1], [])
        return found

    def next_due_ms(self, partition: int) -> int | None:
        """The log's time at which the first of them has waited for long enough; None: none waits."""
        due = self._due.get(partition, [])
        while due and due[0][1] not in self._waiting:
            heapq.heappop(due)
        return due[0][0] if due else None

    def begin(self, eye: int) -> Job | None:
        """The next job of this eye, in hand until ``end`` or ``put_off``."""
        if not self._turns[eye]:
            return None
        lane = self._lanes[self._turns[eye].popleft()]
        lane.is_in_hand = True
        return heapq.heappop(lane.jobs)[2]

    def end(self, media: str) -> None:
        """The job of this camera that was in hand is done."""
        if (lane := self._lanes.get(media)) is not None and lane.is_in_hand:
            lane.is_in_hand = False
            if lane.jobs:
                self._turns[lane.eye].append(media)

    def put_off(self, job: Job, until_s: float) -> None:
        """It stays in hand, and is handed out by ``put_back`` then: the others of its camera come after it."""
        self._count += 1
        heapq.heappush(self._later, (until_s, self._count, job))

    def put_back(self, now_s: float) -> list[Job]:
        """Jobs that were put off until now; no longer in hand."""
        found = []
        while self._later and self._later[0][0] <= now_s:
            job = heapq.heappop(self._later)[2]
            found.append(job)
            self.end(job.media)
        return found

    def drop(self, partitions: Collection[int]) -> None:
        """Nothing of these is ours to do any more."""
        self._later = [one for one in self._later if one[2].partition not in partitions]
        heapq.heapify(self._later)
        for link, jobs in list(self._waiting.items()):
            if jobs[0].partition in partitions:
                del self._waiting[link]
        for media, lane in list(self._lanes.items()):
            if lane.partition in partitions:
                del self._lanes[media]
                self._cameras[lane.eye] -= 1
                if media in self._turns[lane.eye]:
                    self._turns[lane.eye].remove(media)
        for partition in partitions:
            self._due.pop(partition, None)

    def _lane(self, job: Job) -> Lane:
        """The camera's, with the eye that has fewest cameras where it had none."""
        if job.media not in self._lanes:
            eye = min(range(len(self._cameras)), key=self._cameras.__getitem__)
            self._cameras[eye] += 1
            self._lanes[job.media] = Lane(job.partition, eye)
        return self._lanes[job.media]
