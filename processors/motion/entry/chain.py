"""Which segments a verdict's baseline is learned from: as the log has it, not as a worker happened to read it. Pure.

A chain goes back from a segment, without a hole, to the anchor of its epoch or to where its run begins. What is missing
is waited for by the log's own time: a segment that came later than that counts as missing, live as in a replay.
"""

from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from schemas.facts import SegmentRecorded
from schemas.runs import begins_run


class Known(NamedTuple):
    """What is remembered of a segment."""

    media: str
    run_id: str
    start_ms: int
    end_ms: int
    came_ms: int
    """When the log took its fact."""
    begins_run: bool
    sha256: str
    value: bytes
    """The fact as it stands on the log."""


class Bounds(NamedTuple):
    """How far chains go."""

    epoch_ms: int
    warm_ms: int
    """See ``Detector``."""
    wait_ms: int
    """So much later than a segment, by the log's time, its predecessor may come."""

    @property
    def horizon_ms(self) -> int:
        """What came so long before a segment, by the log's time, is in no chain of it: who begins to read anew goes
        back so far and knows the same."""
        return self.epoch_ms + self.warm_ms + self.wait_ms + SLACK_MS


SLACK_MS = 120_000
"""Footage comes later than it was taken, and not always by the same time."""


class Hole(NamedTuple):
    """A segment that must stand before another and is not known yet."""

    media: str
    run_id: str
    end_ms: int
    """Where it ends: the start of the other."""
    due_ms: int
    """The log's time at which it counts as missing."""


Link = tuple[str, str, int]
"""media, run, end_ms."""


def anchor_ms(start_ms: int, epoch_ms: int, warm_ms: int) -> int:
    """Back to where the baseline of a segment is learned."""
    return start_ms // epoch_ms * epoch_ms - warm_ms


class Chains:
    """The segments that are known of one partition."""

    def __init__(self) -> None:
        self.until_ms = 0
        """All is known that the log took before."""
        self._by_end: dict[Link, Known] = {}
        self._by_start: dict[tuple[str, int], Known] = {}
        self._in_order: deque[Known] = deque()
        self._spoilt: set[tuple[str, int]] = set()

    def __len__(self) -> int:
        return len(self._in_order)

    def add(self, known: Known) -> bool:
        """Remember a segment; False when the same one was known already. Of two with one start the later counts."""
        self.until_ms = max(self.until_ms, known.came_ms)
        place = (known.media, known.start_ms)
        was = self._by_start.get(place)
        if was is not None and was.sha256 == known.sha256:
            return False
        self._by_start[place] = self._by_end[_link(known)] = known
        self._in_order.append(known)
        return True

    def spoil(self, media: str, start_ms: int) -> None:
        """That segment can be in no chain: its footage is gone, or ends whoever reads it."""
        if (media, start_ms) in self._by_start:
            self._spoilt.add((media, start_ms))

    def before(self, segment: Known, bounds: Bounds) -> tuple[Known, ...] | Hole:
        """The segment's chain, ascending and without itself; or what it waits for."""
        anchor = anchor_ms(segment.start_ms, bounds.epoch_ms, bounds.warm_ms)
        found: list[Known] = []
        first = segment
        while first.start_ms > anchor and not first.begins_run:
            link = (first.media, first.run_id, first.start_ms)
            due_ms = first.came_ms + bounds.wait_ms
            previous = self._by_end.get(link)
            if previous is None and self.until_ms <= due_ms:
                return Hole(*link, due_ms)
            if previous is None or not self._counts(previous, segment, due_ms, bounds):
                break
            found.append(previous)
            first = previous
        return tuple(reversed(found))

    def forget(self, came_before_ms: int) -> None:
        """What came before will be in no chain any more."""
        while self._in_order and self._in_order[0].came_ms < came_before_ms:
            old = self._in_order.popleft()
            place = (old.media, old.start_ms)
            if self._by_start.get(place) is old:
                del self._by_start[place]
                self._spoilt.discard(place)
            if self._by_end.get(_link(old)) is old:
                del self._by_end[_link(old)]

    def _counts(self, previous: Known, segment: Known, due_ms: int, bounds: Bounds) -> bool:
        is_in_time = segment.came_ms - bounds.horizon_ms <= previous.came_ms <= due_ms
        return is_in_time and (previous.media, previous.start_ms) not in self._spoilt


def known(segment: SegmentRecorded, value: bytes, came_ms: int) -> Known:
    """What is remembered of this fact."""
    return Known(
        segment.media, segment.run_id, segment.start_ms, segment.end_ms, came_ms, begins_run(segment), segment.sha256,
        value,
    )  # fmt: skip


def whole_chain(
    segment: SegmentRecorded, others: Iterable[SegmentRecorded], epoch_ms: int, warm_ms: int
) -> tuple[SegmentRecorded, ...]:
    """The chain of a segment among others of its media, where all of them are known."""
    by_end = {(one.run_id, one.end_ms): one for one in others}
    anchor = anchor_ms(segment.start_ms, epoch_ms, warm_ms)
    found: list[SegmentRecorded] = []
    first = segment
    while first.start_ms > anchor and not begins_run(first):
        previous = by_end.get((first.run_id, first.start_ms))
        if previous is None:
            break
        found.append(previous)
        first = previous
    return tuple(reversed(found))


def _link(known: Known) -> Link:
    return (known.media, known.run_id, known.end_ms)
