"""When may it be said that footage is judged? One round of asking, without the asking. Pure.

What a stage's topics hold when it is noted must be through that stage's groups before the next stage is noted: groups
commit what they have read only after what they made of it is acknowledged, so what was noted first has by then left
its trace in what is noted next.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

Offsets = Mapping[int, int]
"""By partition."""


class Hop(NamedTuple):
    """A topic, and the group that must have read it."""

    topic: str
    group: str
    """Empty: we ourselves."""
    workers: str = ""
    """The group whose members do the work; empty: the same."""
    is_common: bool = False
    """Its partitions are not those of the cameras: while any of them lags, nothing is settled."""

    @property
    def watched(self) -> str:
        """The group whose members are counted."""
        return self.workers or self.group


class Stage(NamedTuple):
    """What is noted at one moment, and how long after it the next may be noted at the earliest."""

    hops: tuple[Hop, ...]
    rest_s: float = 0.0


class Noted(NamedTuple):
    """Where a topic begins and ends."""

    begins: Offsets
    ends: Offsets


class Seen(NamedTuple):
    """How far a group has come with a topic. What is committed was asked for before the ends were."""

    members: int
    committed: Offsets
    ends: Offsets


class Given(NamedTuple):
    """A round's result."""

    segment_ends: tuple[int, ...]
    """As in ``Settled``; empty: nothing can be said, and ``why`` says why not."""
    why: str = ""

    @property
    def unsettled(self) -> int:
        """Partitions of which nothing is said."""
        return sum(end < 0 for end in self.segment_ends)


class Round:
    """One round. Ask it what to find out (``to_note``, else ``to_see``), tell it, until there is a ``given``."""

    def __init__(self, stages: tuple[Stage, ...], footage: str, patience_s: float, now_s: float) -> None:
        """``footage``: the topic of the first stage whose ends are spoken of. ``patience_s``: for each stage."""
        self._stages, self._footage, self._patience_s = stages, footage, patience_s
        self._number, self._since_s, self._ready_s = 0, now_s, now_s
        self._left: dict[Hop, dict[int, int]] | None = None
        """Hop → partition → the offset to be reached; None: this stage is not noted yet."""
        self._seen: dict[Hop, Seen] = {}
        self._segment_ends: Offsets = {}
        self._late: set[int] = set()
        self.was_moving = False
        """True where more patience would have helped: what was given up had come further since it was noted."""
        self.given: Given | None = None

    def to_note(self, now_s: float) -> frozenset[str]:
        """Topics whose begins and ends are wanted now; none while something else comes first."""
        if self.given or self._left is not None or now_s < self._ready_s:
            return frozenset()
        return frozenset(hop.topic for hop in self._hops)

    def note(self, topics: Mapping[str, Noted], now_s: float) -> None:
        """The answer to ``to_note``."""
        if not self._segment_ends:
            self._segment_ends = topics[self._footage].ends
        if odd := [hop.topic for hop in self._hops if not self._fits(hop, topics[hop.topic].ends)]:
            self._end(f"topic {odd[0]} is partitioned otherwise than {self._footage}")
            return
        self._since_s, self._seen = now_s, {}
        self._left = {hop: self._unread(hop, topics[hop.topic]) for hop in self._hops}
        self._go_on(now_s)

    def to_see(self) -> frozenset[Hop]:
        """Hops whose progress is wanted now."""
        return frozenset(hop for hop, left in (self._left or {}).items() if left)

    def see(self, seen: Mapping[Hop, Seen], now_s: float) -> None:
        """The answer to ``to_see``."""
        left = self._left or {}
        for hop in seen.keys() & left.keys():
            left[hop] = {
                partition: end for partition, end in left[hop].items() if not _has_read(seen[hop], partition, end)
            }
            self._seen.setdefault(hop, seen[hop])
        if now_s - self._since_s >= self._patience_s:
            self._give_up(left, seen)
        self._go_on(now_s)

    @property
    def _hops(self) -> tuple[Hop, ...]:
        return self._stages[self._number].hops

    def _fits(self, hop: Hop, ends: Offsets) -> bool:
        return hop.is_common or ends.keys() == self._segment_ends.keys()

    def _unread(self, hop: Hop, noted: Noted) -> dict[int, int]:
        """Partition → its end, where anything stands that may not have been read."""
        return {
            partition: end
            for partition, end in noted.ends.items()
            if noted.begins.get(partition, 0) < end and (hop.is_common or partition not in self._late)
        }

    def _give_up(self, left: dict[Hop, dict[int, int]], seen: Mapping[Hop, Seen]) -> None:
        """Partitions that are not done are left out; what is common cannot be."""
        behind = {hop: partitions for hop, partitions in left.items() if partitions}
        for hop, partitions in behind.items():
            first, last = self._seen.get(hop), seen.get(hop)
            if first and last and any(last.committed.get(p) != first.committed.get(p) for p in partitions):
                self.was_moving = True
            if hop.is_common:
                self._end(_behind(hop, partitions, seen))
        self._late |= {p for hop, partitions in behind.items() if not hop.is_common for p in partitions}
        if len(self._late) == len(self._segment_ends) and self.given is None:
            hop, partitions = next(iter(behind.items()))
            self._end(_behind(hop, partitions, seen))
        self._left = {hop: {} for hop in left}

    def _go_on(self, now_s: float) -> None:
        """To the next stage, or to the end, when this one is done."""
        if self.given or self._left is None or any(self._left.values()):
            return
        self._ready_s, self._left = now_s + self._stages[self._number].rest_s, None
        self._number += 1
        if self._number == len(self._stages):
            ends = (-1 if p in self._late else end for p, end in sorted(self._segment_ends.items()))
            self.given = Given(tuple(ends))

    def _end(self, why: str) -> None:
        self.given = Given((), why)


def patience_after(was_s: float, is_moving: bool, least_s: float, most_s: float) -> float:
    """How long the next round waits for each stage: longer where somebody comes on and was not given time enough."""
    return min(2 * was_s, most_s) if is_moving else least_s


def groups_of(hops: Iterable[Hop]) -> Collection[str]:
    """The groups to ask about for these hops."""
    return {name for hop in hops if hop.group for name in (hop.group, hop.watched)}


def _has_read(seen: Seen, partition: int, end: int) -> bool:
    """True when the group has read so far. A commit beyond the end is of an earlier topic of the same name; a group
    that nobody works for may have left undone what only time brings."""
    committed = seen.committed.get(partition, -1)
    return seen.members > 0 and end <= committed <= seen.ends.get(partition, -1)


def _behind(hop: Hop, partitions: Mapping[int, int], seen: Mapping[Hop, Seen]) -> str:
    if (last := seen.get(hop)) is not None and not last.members:
        return f"nobody works for {hop.watched}"
    return f"{hop.group or 'the entry'} has not read {len(partitions)} partitions of {hop.topic}"
