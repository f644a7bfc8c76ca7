"""A fold of retention, and an archive of which everything settles at once: for tests that tell a small history."""

from typing import Any

from schemas.facts import RangeExpired
from tests.retention_facts import SEGMENT_MS, START_MS, Archive
from tests.retention_folded import folded
from tests.retention_words import Rules

HOUR_MS = 3_600_000
DEPTH_MS = 6 * HOUR_MS
RULES = Rules(grace_ms=600_000, settle_ms=60_000, batch_ms=0, high=0.9, low=0.85)


class Desk:
    """Facts are told; what they make is returned. Segments are counted from ``START_MS``."""

    def __init__(self, rules: Rules = RULES) -> None:
        self.archive, self.fold = Archive(), folded(rules)
        self.tell(self.archive.level())

    def tell(self, *facts: Any) -> list[Any]:
        return self.fold.tell(*facts)

    def store(self, media: str = "gate", first: int = 0, count: int = 1, size: int = 10) -> list[Any]:
        starts = (START_MS + number * SEGMENT_MS for number in range(first, first + count))
        return self.tell(*(self.archive.stored(media, start, size) for start in starts))

    def protect(self, number: int, *kinds: str, media: str = "gate") -> list[Any]:
        start_ms = START_MS + number * SEGMENT_MS
        return self.tell(self.archive.noted(media, start_ms + 500, start_ms + 1500, *kinds))

    def hold(self, media: str = "gate", first: int = 0, count: int = 1800) -> list[Any]:
        """An episode over so many segments."""
        start_ms = START_MS + first * SEGMENT_MS
        return self.tell(self.archive.noted(media, start_ms, start_ms + count * SEGMENT_MS, "episode"))

    def wait(self, passed_ms: int, used: int = 0) -> list[Any]:
        """Time passes, all settles, and a tick decides."""
        told = self.tell(self.archive.level(used, after_ms=passed_ms))
        return told + self.tell(*self.archive.settling(), self.archive.level(used))


def expired(told: list[Any]) -> list[tuple[str, int, int]]:
    """(reason, first, behind the last) of what was expired, in numbers of segments."""
    return [
        (one.reason, (one.start_ms - START_MS) // SEGMENT_MS, (one.end_ms - START_MS) // SEGMENT_MS)
        for one in told if isinstance(one, RangeExpired)
    ]  # fmt: skip


def of(told: list[Any], kind: type) -> list[Any]:
    return [one for one in told if isinstance(one, kind)]
