"""What was said last of each segment, packed: some 8 bytes a number, where a dictionary takes hundreds. Pure."""

from array import array
from collections.abc import Hashable, Iterator
from typing import Any, Generic, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

Group = TypeVar("Group", bound=Hashable)
Ints: TypeAlias = NDArray[np.int64]
GONE = -1
"""As the last number of a row: nothing is there any more."""
_LEAST = 2048


class Ledger(Generic[Group]):
    """Rows of ``width`` numbers by group. The first number is a start; of one start the row said last stands."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._said: dict[Group, array[int]] = {}
        self._due: dict[Group, int] = {}
        """How long a group may grow until what it holds twice is thrown away."""

    def say(self, group: Group, *row: int) -> None:
        """One more row."""
        said = self._said.get(group)
        if said is None:
            said = self._said[group] = array("q")
        said.extend(row)
        if len(said) >= self._due.get(group, _LEAST * self._width):
            self._due[group] = 2 * self._settle(group).size + _LEAST * self._width

    def of(self, group: Group) -> Ints:
        """The rows of a group, ascending by start, one row per line."""
        return self._settle(group) if group in self._said else np.empty((0, self._width), np.int64)

    def count(self) -> int:
        """Rows of all groups."""
        return sum(len(self.of(group)) for group in self._said)

    def __iter__(self) -> Iterator[Group]:
        return iter(self._said)

    def _settle(self, group: Group) -> Ints:
        newest_first = np.frombuffer(self._said[group], np.int64).reshape(-1, self._width)[::-1]
        rows: Ints = newest_first[np.unique(newest_first[:, 0], return_index=True)[1]]
        rows = rows[rows[:, -1] != GONE]
        self._said[group] = array("q", rows.tobytes())
        return rows


def missing(left: Any, right: Any) -> list[int]:
    """The numbers of ``left`` that ``right`` has not, ascending, each once."""
    found: list[int] = np.setdiff1d(left, right).tolist()
    return found
