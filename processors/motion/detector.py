"""The seam between a detector and whoever wants a verdict: what it is given, what it finds."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from infra.objects import ObjectMissing, StoreUnavailable
from schemas.facts import Look, MotionConfig, MotionSpan, SegmentRecorded

__all__ = ["Bytes", "Detector", "Found", "ObjectMissing", "Seen", "StoreUnavailable", "Task", "Trace", "Witness"]


class Bytes(Protocol):
    """Where footage is read. Raises StoreUnavailable (ask again later) and ObjectMissing."""

    def ranges(self, key: str, parts: Sequence[tuple[int, int]]) -> list[bytes]:
        """(offset, size) parts of one object, in their order; a part is shorter only where the object ends before."""


class Task(NamedTuple):
    """One segment to be judged."""

    segment: SegmentRecorded
    before: tuple[SegmentRecorded, ...]
    """What the baseline is learned from: the segments of its run before it, without a hole, ascending."""
    config: MotionConfig


class Found(NamedTuple):
    """What a detector says. Everything in it follows from the task, the bytes and the detector's version alone."""

    verdict: str
    """``motion``, ``still`` or ``unreadable``."""
    level: str
    """``keyframes``, ``borders`` or ``all``: the cheapest look that decided."""
    reason: str = ""
    spans: tuple[MotionSpan, ...] = ()
    looks: tuple[Look, ...] = ()
    baseline_from_ms: int | None = None
    preview: bytes = b""
    """JPEG of its strongest moment; empty: none."""
    preview_ms: int | None = None


class Seen(NamedTuple):
    """One look as it was taken, for a person who wants to see it."""

    look: Look
    luma: NDArray[np.uint8]
    """180 x 320."""
    note: str
    """What the level made of it, in a few words."""


class Trace(Protocol):
    """Told everything while a verdict is made; changes nothing of it."""

    def saw(self, seen: Seen) -> None:
        """One look."""

    def decided(self, text: str) -> None:
        """One step of the cascade, in a sentence."""


class Witness:
    """A trace that remembers what it is told."""

    def __init__(self) -> None:
        self.looks: list[Seen] = []
        self.steps: list[str] = []

    def saw(self, seen: Seen) -> None:
        """See Trace.saw."""
        self.looks.append(seen)

    def decided(self, text: str) -> None:
        """See Trace.decided."""
        self.steps.append(text)


class Detector(Protocol):
    """Pictures to verdicts. Stateless to the eye: what it remembers between tasks only saves it work."""

    name: str
    version: str
    epoch_ms: int
    """Baselines are learned anew on this grid of time, so that who comes anew need not go back for ever ..."""
    warm_ms: int
    """... from so long before the grid's line."""

    def scan(self, task: Task, footage: Bytes, trace: Trace | None = None) -> Found:
        """The verdict. Footage that cannot be read, however broken or hostile, is ``unreadable``; raises what
        ``footage`` raises of the store being away, and nothing else."""
