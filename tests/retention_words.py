"""What the model of retention speaks of: segments, policies, decisions; and facts as it says them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from schemas.facts import DeletionOrdered, RangeExpired, RangeRestored

CELL_MS = 500
HOLE_MS = 1000
BEYOND, HELD, WITHIN, HELD_WITHIN = "beyond", "held", "within", "held within"
RANKS = (BEYOND, HELD, WITHIN, HELD_WITHIN)
Outputs = Sequence[Any]


@dataclass(frozen=True)
class Rules:
    """The settings."""

    grace_ms: int
    settle_ms: int
    batch_ms: int
    high: float
    low: float
    hard: float = 0

    @property
    def step_ms(self) -> int:
        return max(1, self.batch_ms)


@dataclass(frozen=True)
class Segment:
    """One that is in the store."""

    media: str
    start_ms: int
    end_ms: int
    size_bytes: int
    stored_ms: int
    partition: int
    offset: int


@dataclass
class Decision:
    """An expiration that was told."""

    media: str
    reason: str
    start_ms: int
    end_ms: int
    starts: tuple[int, ...]
    size_bytes: int
    until_ms: int
    youngest_ms: int
    is_held: bool
    follow_up: str = ""


@dataclass(frozen=True)
class Policy:
    """Of one camera."""

    depth_ms: int = 21_600_000
    keep_ms: int | None = None
    quota_bytes: int | None = None


def said_of(fact: Any) -> tuple[Any, ...]:
    """A fact as the model says it."""
    if isinstance(fact, RangeExpired):
        return ("expired", fact.media, fact.reason, fact.start_ms, fact.end_ms, fact.segments, fact.size_bytes)
    if isinstance(fact, DeletionOrdered):
        return ("ordered", fact.media, fact.expiration_id, fact.segment_starts_ms, fact.size_bytes)
    if isinstance(fact, RangeRestored):
        return ("restored", fact.media, fact.expiration_id, fact.restored_by)
    return (type(fact).__name__,)
