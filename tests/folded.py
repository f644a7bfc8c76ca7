"""A fold over one partition in memory: its states, and what its facts have told."""

import copy
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Self

from hypothesis import strategies as st

from processors.spec import States
from schemas import codec

Take = Callable[[Any, States], Sequence[Any]]


class StatesInMemory:
    """States of one partition: how simple they would be if nothing ever failed."""

    def __init__(self) -> None:
        self._states: dict[bytes, tuple[bytes, int | None]] = {}
        self.offset = -1

    def get(self, key: bytes) -> bytes | None:
        return self._states.get(key, (None, None))[0]

    def put(self, key: bytes, value: bytes, mark_ms: int | None = None) -> None:
        self._states[key] = (value, mark_ms)

    def marked(self, until_ms: int, limit: int, since_ms: int = 0) -> list[tuple[int, bytes]]:
        marks = [(mark_ms, key) for key, (_, mark_ms) in self._states.items() if mark_ms is not None]
        return [one for one in sorted(marks) if since_ms <= one[0] <= until_ms][:limit]


class Folded(StatesInMemory):
    """The states of one partition and what its facts have told. Facts are told again by their number."""

    def __init__(self, fold: Take) -> None:
        super().__init__()
        self._fold = fold
        self.saves: list[Any] = []

    def names(self) -> list[bytes]:
        return list(self._states)

    def copy(self) -> Self:
        other = copy.copy(self)
        other._states, other.saves = dict(self._states), list(self.saves)
        return other

    def keep(self, other: "Folded", keys: Iterable[bytes]) -> None:
        """Only these states of another copy were written before it was gone."""
        self._states |= {key: other._states[key] for key in keys}

    def tell(self, *events: Any) -> list[Any]:
        """What these facts make, each standing behind the one before."""
        before = len(self.saves)
        for event in events:
            self.offset += 1
            self.take(event)
        return self.saves[before:]

    def take(self, event: Any) -> None:
        """A fact at ``offset``, wherever that is."""
        self.saves += self._fold(event, self)

    def told_at(self, offset: int, event: Any) -> None:
        """A fact that is delivered, perhaps again, as the one at this place."""
        self.offset = offset
        self.take(event)


def told_whole(partition: Folded, events: Sequence[Any]) -> list[bytes]:
    """What one fold tells that nothing disturbs."""
    return list(map(codec.encode, partition.tell(*events)))


def told_with_crashes(partition: Folded, events: Sequence[Any], data: st.DataObject) -> list[bytes]:
    """What is told, each once, by batches of any length of which some crash: all told, any states kept, no offset."""
    committed, told = 0, list[bytes]()
    while committed < len(events):
        end = data.draw(st.integers(committed + 1, len(events)), label="to")
        behind = partition.copy()
        for offset in range(committed, end):
            behind.told_at(offset, events[offset])
        told += map(codec.encode, behind.saves[len(partition.saves) :])
        if data.draw(st.booleans(), label="crash"):
            partition.keep(behind, {key for key in behind.names() if data.draw(st.booleans(), label="kept")})
        else:
            partition, committed = behind, end
    return list(dict.fromkeys(told))


def by_episode(saves: Iterable[bytes]) -> dict[object, list[bytes]]:
    """Episode → its versions as they were told."""
    found: dict[object, list[bytes]] = {}
    for save in saves:
        found.setdefault(codec.decode("episodes", save).episode_id, []).append(save)
    return found
