"""Time as the log has it: what did not come though all is read, and until when everything is judged."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from infra.clock import monotonic_s, now_ms
from infra.kafka import Ends, end_offsets
from infra.settings import Settings
from schemas import topics

_MARGIN_S = 1.0
"""A record taken by the broker may not be readable yet."""


class Seen(NamedTuple):
    """Where the topic ended when we asked."""

    at_ms: int
    at_s: float
    """By the clock that does not jump."""
    ends: Mapping[int, int]


class Passing:
    """Asks the broker where topic ``segments`` ends, when somebody wants to know, and waits for no answer."""

    def __init__(self, settings: Settings) -> None:
        """Raises LogUnavailable."""
        topic = topics.SEGMENTS.name
        self._ends = Ends(settings, topic, end_offsets(settings, topic))
        self._asked = (0, 0.0)

    def ask(self) -> None:
        """Ask, unless an answer is under way."""
        if not self._ends.is_asked:
            self._asked = (now_ms(), monotonic_s())
            self._ends.ask()

    def answer(self) -> Seen | None:
        """The answer, once. Raises LogUnavailable."""
        ends = self._ends.answer()
        return None if ends is None else Seen(*self._asked, ends)


class Deadlines:
    """When to ask whether what is waited for has not come, by partition. Times by the clock that does not jump."""

    def __init__(self, wait_ms: int) -> None:
        self._wait_ms = wait_ms
        self._at: dict[int, tuple[int, float]] = {}

    def watch(self, partition: int, due_ms: int | None) -> None:
        """Something is waited for there until this time of the log; None: nothing."""
        if due_ms is None:
            self._at.pop(partition, None)
        elif self._at.get(partition, (None, 0.0))[0] != due_ms:
            left_ms = min(max(due_ms - now_ms(), 0), self._wait_ms)
            self._at[partition] = (due_ms, monotonic_s() + left_ms / 1000 + _MARGIN_S)

    def passed(self, at_s: float) -> dict[int, int]:
        """Partition → the time of the log that had passed there."""
        return {partition: due_ms for partition, (due_ms, deadline_s) in self._at.items() if deadline_s <= at_s}

    def drop(self, partitions: Collection[int]) -> None:
        """Nothing of these is ours any more."""
        for partition in partitions:
            self._at.pop(partition, None)
