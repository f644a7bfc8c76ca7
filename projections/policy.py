"""When a batch is due. Pure: ``now_ms`` is passed in and may be any clock that does not jump."""

from dataclasses import dataclass

_NAP_MS = 200
"""Longest wait for records: a stop, a barrier or a lost session is noticed this soon."""


@dataclass(frozen=True)
class FlushPolicy:
    """Write at ``rows`` records, at ``bytes_`` of values, or ``age_ms`` after the first record, whichever is first."""

    rows: int
    bytes_: int
    age_ms: int

    def due(self, rows: int, bytes_: int, first_ms: int | None, now_ms: int) -> bool:
        """True when a batch with these sums, whose first record came at ``first_ms`` (None: empty), must be written."""
        if first_ms is None:
            return False
        return rows >= self.rows or bytes_ >= self.bytes_ or now_ms - first_ms >= self.age_ms

    def wait_s(self, first_ms: int | None, now_ms: int) -> float:
        """How long a consumer may wait for more records before it asks ``due`` again."""
        left_ms = _NAP_MS if first_ms is None else min(_NAP_MS, first_ms + self.age_ms - now_ms)
        return max(0, left_ms) / 1000


@dataclass(frozen=True)
class Backoff:
    """Waits between tries at a server that is away: doubling from ``first_s`` to ``most_s``."""

    first_s: float = 0.2
    most_s: float = 2.0

    def wait_s(self, tries: int) -> float:
        """The wait after try number ``tries``, from 0."""
        return min(self.most_s, self.first_s * 2.0 ** min(tries, 16))


@dataclass(frozen=True)
class Stall:
    """A consumer that has facts to read, reads none, and knows no reason, is stuck."""

    after_ms: int = 30_000

    def is_stuck(self, lag: int, waiting: bool, progress_ms: int, now_ms: int) -> bool:
        """True when ``lag`` facts wait, no server is known to be away, and nothing was written for too long."""
        return lag > 0 and not waiting and now_ms - progress_ms >= self.after_ms
