"""What a processor remembers: its states on the changelog, which is the truth, and in the store, which is quick."""

import asyncio
import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence

from infra import journal
from infra.log import Position
from processors.acks import all_acked
from processors.changelog import Changelog
from processors.store import State, Store

Read = Callable[[int], None]
"""Told how many more records a load has read."""


class Memory:
    """The states of the partitions that a worker holds."""

    def __init__(self, name: str, store: Store, changelog: Changelog) -> None:
        self.store = store
        self._changelog = changelog
        self._journal = journal.get(name)
        self._stopped = threading.Event()

    def load(self, partitions: Collection[int], is_stopped: Callable[[], bool], read: Read) -> None:
        """Bring the store up to what the changelog says of ``partitions``; ends early once stopped. Blocks.

        A state that was told after a newer one is told again as it should be: its teller did not know that it had
        lost the partition. Raises LogUnavailable.
        """
        ends = self._changelog.ends()
        goals = {partition: (self._begin(partition, *ends[partition]), ends[partition][1]) for partition in partitions}
        overtaken: dict[tuple[int, bytes], None] = {}
        for states, reached in self._changelog.read(goals, is_stopped):
            if self.store.keep(states, reached) < len(states):
                overtaken |= {(one.partition, one.key): None for one in states if self._is_older(one)}
            read(len(states))
        self._tell_again(list(overtaken))

    async def keep(self, states: Sequence[State]) -> None:
        """Keep what a batch made of its states, on the changelog first. Raises LogUnavailable; may be repeated."""
        told = await all_acked([self._changelog.append(state) for state in states])
        ends, shared = self._unbroken(told)
        self.store.keep(states, ends)
        if shared:
            self._journal.warning("another worker writes states of our partitions", partitions=sorted(shared))
            await asyncio.to_thread(self.load, shared, self._stopped.is_set, lambda _count: None)

    def close(self) -> None:
        """End a load that is going on and release the store."""
        self._stopped.set()
        self.store.close()

    def _begin(self, partition: int, first: int, end: int) -> int:
        """The changelog offset to read a partition from."""
        reached = self.store.reached(partition)
        if first <= reached <= end:
            return reached
        if reached > end:
            self._journal.warning("states are ahead of their changelog and are read anew", partition=partition)
            self.store.forget(partition)
        self.store.keep((), {partition: first})
        return first

    def _is_older(self, state: State) -> bool:
        stands = self.store.get(state.partition, state.key)
        return stands is not None and stands.at > state.at

    def _tell_again(self, places: list[tuple[int, bytes]]) -> None:
        if places:
            self._journal.warning("states told late by another worker are set right", states=len(places))
        stand = [self.store.get(*place) for place in places]
        for told in [self._changelog.append(state) for state in stand if state]:
            told.result()

    def _unbroken(self, told: Sequence[Position]) -> tuple[dict[int, int], set[int]]:
        """Partition → changelog offset reached; and the partitions where records stand between ours."""
        offsets: defaultdict[int, list[int]] = defaultdict(list)
        for at in told:
            offsets[at.partition].append(at.offset)
        ours = {part for part, own in offsets.items() if max(own) + 1 - self.store.reached(part) == len(own)}
        return {part: max(offsets[part]) + 1 for part in ours}, offsets.keys() - ours
