"""What was ever stored, by hour, in memory: for tests of reports and what-if without a database."""

from collections.abc import Mapping, Sequence

import numpy as np

from projections.footage.reads import Waiting
from schemas.intervals import Span
from schemas.protection import ProtectConfig
from schemas.what_if import HELD, HOUR, HOUR_MS, Held, Hours


class MemoryFootage:
    """Hours, protected stretches and decisions as a test says them."""

    def __init__(self) -> None:
        self.told: dict[str, list[tuple[int, ...]]] = {}
        """Camera → its hours: all that ``HOUR`` has, but for the camera."""
        self.marks: dict[str, list[tuple[int, int, int]]] = {}
        """Camera → (start, end, is locked)."""
        self.by_protect: dict[str, list[tuple[int, int, int]]] = {}
        """The same, by other settings of protection."""
        self.deleted: dict[str, int] = {}
        self.waits: dict[str, Waiting] = {}
        self.asked: list[object] = []
        """What was asked for beside names: spans, settings of protection."""

    def record(self, media: str, hour_ms: int, size_bytes: int, stored: float = 1) -> None:
        """A whole hour of 600 segments, of which the newest part is still stored."""
        length_ms = int(HOUR_MS * stored)
        first_ms = hour_ms + HOUR_MS - length_ms
        self.told.setdefault(media, []).append(
            (
                hour_ms, hour_ms, hour_ms + HOUR_MS, 600, HOUR_MS, size_bytes, length_ms, int(size_bytes * stored),
                first_ms if stored else 0, first_ms if stored < 1 else 0,
            )
        )  # fmt: skip

    def recorded(self) -> list[str]:
        return sorted(self.told)

    def hours(self, names: Sequence[str], span: Span) -> Hours:
        told = [(at, *one) for at, name in enumerate(names) for one in sorted(self.told.get(name, []))]
        found = np.array(told, HOUR)
        return found[(found["hour_ms"] < span.end_ms) & (found["hour_ms"] + HOUR_MS > span.start_ms)]

    def held(self, names: Sequence[str], span: Span) -> Held:
        return _held(names, self.marks)

    def held_by(self, names: Sequence[str], protect: ProtectConfig, span: Span) -> Held:
        self.asked.append(protect)
        return _held(names, self.by_protect)

    def freed(self, names: Sequence[str], span: Span) -> int:
        self.asked.append(span)
        return sum(self.deleted.get(name, 0) for name in names)

    def waiting(self, names: Sequence[str]) -> Mapping[str, Waiting]:
        return {name: self.waits[name] for name in names if name in self.waits}


def _held(names: Sequence[str], marks: Mapping[str, list[tuple[int, int, int]]]) -> Held:
    return np.array([(at, *one) for at, name in enumerate(names) for one in sorted(marks.get(name, []))], HELD)
