"""Many partitions → one sequence, in the order in which the broker took the records. Pure.

A record may be taken once nothing that was acknowledged before it can still be unread: every partition either has a
record waiting, or was read to its end, as the broker named that end after the record had come to us.
"""

from collections import deque
from collections.abc import Mapping
from heapq import heappop, heappush
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Arrived(NamedTuple, Generic[T]):
    """One record that waits."""

    order: tuple[int, int]
    """When the broker took it, then when its source says it was updated."""
    number: int
    """Of all that arrived, counted from 1."""
    weight: int
    item: T


class Merge(Generic[T]):
    """Records wait here, partition by partition. Each partition keeps its own order whatever its times say."""

    def __init__(self, next_offsets: Mapping[int, int]) -> None:
        """``next_offsets``: where the reading of each partition begins."""
        self._next = dict(next_offsets)
        self._lines: dict[int, deque[Arrived[T]]] = {partition: deque() for partition in next_offsets}
        self._weights = dict.fromkeys(next_offsets, 0)
        self._heads: list[tuple[tuple[int, int], int]] = []
        self._empty = set(next_offsets)
        self._ends: Mapping[int, int] = {}
        self._asked = 0
        self.arrived = 0
        """How many records have come so far."""

    def __len__(self) -> int:
        return sum(map(len, self._lines.values()))

    def weight(self, partition: int) -> int:
        """What the waiting records of a partition weigh."""
        return self._weights[partition]

    def put(self, partition: int, offset: int, order: tuple[int, int], weight: int, item: T) -> None:
        """One more record of a partition, in its order."""
        self.arrived += 1
        self._lines[partition].append(Arrived(order, self.arrived, weight, item))
        self._weights[partition] += weight
        self._next[partition] = offset + 1
        if partition in self._empty:
            self._empty.discard(partition)
            heappush(self._heads, (order, partition))

    def reach(self, partition: int, offset: int) -> None:
        """A partition was read to here, though its last offsets hold no record (transactions, retention)."""
        self._next[partition] = offset

    def know_ends(self, ends: Mapping[int, int], asked: int) -> None:
        """Where the partitions ended when the broker was asked, which was when ``asked`` records had come."""
        self._ends, self._asked = ends, asked

    @property
    def is_at_end(self) -> bool:
        """True when nothing waits, and nothing was left to read when the broker was last asked."""
        return not self._heads and self._empty_are_read()

    @property
    def lag(self) -> int:
        """Records unread when the broker was last asked, and those that wait."""
        return len(self) + sum(max(0, end - self._next[partition]) for partition, end in self._ends.items())

    @property
    def handed_out(self) -> dict[int, int]:
        """Partition of which nothing waits → everything before this offset was handed out, or holds no record."""
        return {partition: self._next[partition] for partition in self._empty}

    def take(self, most: int) -> list[T]:
        """The next records, at most so many; none while an earlier one may still come."""
        taken: list[T] = []
        settled = self._empty_are_read()
        while settled and self._heads and len(taken) < most:
            partition = self._heads[0][1]
            if self._empty and self._lines[partition][0].number > self._asked:
                break  # what stood before it may have come to an empty partition after we asked
            taken.append(self._pop(partition))
            settled = partition not in self._empty or self._is_read(partition)
        return taken

    def _pop(self, partition: int) -> T:
        heappop(self._heads)
        line = self._lines[partition]
        first = line.popleft()
        self._weights[partition] -= first.weight
        if line:
            heappush(self._heads, (line[0].order, partition))
        else:
            self._empty.add(partition)
        return first.item

    def _empty_are_read(self) -> bool:
        return all(map(self._is_read, self._empty))

    def _is_read(self, partition: int) -> bool:
        return partition in self._ends and self._next[partition] >= self._ends[partition]
