"""How far footage may be told now. Pure.

Footage ages from the time that was told last before it. Were it told while that time is old (the broker was away, we
were), the next measurement would make it older than it is, and it would go early. So footage waits until a measurement
is told that was made after the broker had taken the footage; and until how its camera is kept is known.
"""

from collections.abc import Mapping
from typing import NamedTuple

Offsets = Mapping[int, int]
"""By partition."""


class Mark(NamedTuple):
    """Where topics ended at one moment; ``times`` was asked for last."""

    footage: Offsets
    policies: Offsets
    times: Offsets


class Tide:
    """Rises with every measurement."""

    def __init__(self) -> None:
        self._mark: Mark | None = None
        self._open: Offsets = {}

    @property
    def wants_mark(self) -> bool:
        """True when the ends are to be asked for."""
        return self._mark is None

    def mark(self, ends: Mark) -> None:
        """They were there just now."""
        self._mark = ends

    def rise(self, policies: Offsets, times: Offsets) -> bool:
        """True when more footage may be told: of the other two topics this is told already."""
        if self._mark is None or any(policies.get(p, 0) < end for p, end in self._mark.policies.items()):
            return False
        if not any(times.get(p, 0) > end for p, end in self._mark.times.items()):
            return False
        self._open, self._mark = self._mark.footage, None
        return True

    def covers(self, partition: int, offset: int) -> bool:
        """True when the footage at this offset may be told."""
        return offset < self._open.get(partition, 0)
