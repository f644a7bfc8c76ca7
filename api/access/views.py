"""What was looked at, told together: one entry per person, camera and kind, until it ends. Pure: times are given."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from schemas.access import Action
from schemas.intervals import Span, union

Shown = Literal["session", "token", "share", "admin-token", "none"]
"""How somebody showed who they are."""
TOLD_MS = 60_000
"""An entry is told after so long, however long it goes on."""
OVER_MS = 15_000
"""Nothing more for so long: it has ended."""
JOIN_MS = 60_000
"""Stretches that near to each other are one."""
MOST_STRETCHES = 8
MOST = 50_000
"""Entries kept at once."""


class Doing(NamedTuple):
    """Who does what with which camera."""

    who: str
    via: Shown
    peer: str
    action: Action
    media: str
    what: str
    """A plural, such as ``pictures``."""


class Done(NamedTuple):
    """What becomes one fact."""

    doing: Doing
    times: int
    last_ms: int
    stretch: Span | None
    """The footage that it was about; None: about none."""


@dataclass(slots=True)
class _Entry:
    first_ms: int
    last_ms: int
    times: int
    stretches: list[Span]


class Views:
    """Entries that are not told yet. For one thread at a time."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._entries: dict[Doing, _Entry] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def saw(self, doing: Doing, stretch: Span | None, now_ms: int) -> bool:
        """Count one more; False when there is no room for another entry."""
        entry = self._entries.get(doing)
        if entry is None:
            if len(self._entries) >= self._most:
                return False
            entry = self._entries[doing] = _Entry(now_ms, now_ms, 0, [])
        entry.times += 1
        entry.last_ms = now_ms
        if stretch is not None:
            entry.stretches = _few([*entry.stretches, stretch])
        return True

    def due(self, now_ms: int) -> list[Done]:
        """What has ended or gone on for long enough, taken out, by time; one for each stretch of footage."""
        ready = [
            doing
            for doing, one in self._entries.items()
            if now_ms >= one.first_ms + TOLD_MS or now_ms >= one.last_ms + OVER_MS
        ]
        return self._taken(ready)

    def rest(self) -> list[Done]:
        """Everything, taken out."""
        return self._taken(list(self._entries))

    def _taken(self, ready: list[Doing]) -> list[Done]:
        told = [(doing, self._entries.pop(doing)) for doing in ready]
        return [
            Done(doing, entry.times, entry.last_ms, stretch)
            for doing, entry in sorted(told, key=lambda one: one[1].last_ms)
            for stretch in entry.stretches or (None,)
        ]


def _few(stretches: list[Span]) -> list[Span]:
    """At most ``MOST_STRETCHES``: the nearest become one, and what lies between them with them."""
    join_ms = JOIN_MS
    joined = union(stretches, join_ms)
    while len(joined) > MOST_STRETCHES:
        join_ms *= 2
        joined = union(joined, join_ms)
    return joined
