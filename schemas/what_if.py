"""What another policy would have kept: the history that is asked, the policies, and what comes out. Pure.

The API reads the history and tells the answer, a processor's rules work it out, and neither imports the other: these
are the words between them. Cameras of a history have numbers from 0, because arrays hold no names.
"""

from collections.abc import Sequence
from typing import Any, Literal, Protocol, TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

HOUR_MS = 3_600_000
HOUR = np.dtype(
    [
        ("camera", "<i8"), ("hour_ms", "<i8"), ("first_ms", "<i8"), ("last_ms", "<i8"), ("segments", "<i8"),
        ("recorded_ms", "<i8"), ("size_bytes", "<i8"), ("stored_ms", "<i8"), ("stored_bytes", "<i8"),
        ("first_stored_ms", "<i8"), ("last_deleted_ms", "<i8"),
    ]
)  # fmt: skip
"""What was ever recorded in an hour: from when to when, how many segments, how long together, how large. And what of it
is stored: length, bytes, start of the oldest (0: nothing), and the end of the newest that was deleted (0: nothing). A
segment counts where it starts."""
HELD = np.dtype([("camera", "<i8"), ("start_ms", "<i8"), ("end_ms", "<i8"), ("is_locked", "<i8")])
"""A stretch that something protects. Of one camera they may touch and overlap."""
Hours: TypeAlias = NDArray[Any]
"""Of ``HOUR``, by camera and hour."""
Held: TypeAlias = NDArray[Any]
"""Of ``HELD``, by camera and start."""
GoingReason = Literal["depth", "keep", "quota", "room"]


def extents(hours: Hours) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the footage of each hour begins and ends; its last segment reaches into the next hour."""
    following = np.append(hours["first_ms"][1:], 0)[: len(hours)]
    is_next = np.append(hours["camera"][1:] == hours["camera"][:-1], False)[: len(hours)]
    last = np.where(is_next, np.minimum(hours["last_ms"], following), hours["last_ms"])
    return hours["first_ms"], np.maximum(last, hours["first_ms"] + 1)


def share_since(hours: Hours, since_ms: NDArray[np.int64]) -> NDArray[np.float64]:
    """What part of each hour's footage is from a moment (one for each hour) on."""
    first, last = extents(hours)
    return np.clip((last - since_ms) / (last - first), 0, 1)


class KeepPolicy(Struct, frozen=True):
    """How the footage of one camera would be kept."""

    depth_ms: int
    keep_ms: int | None = None
    quota_bytes: int | None = None


class Marks(Struct, frozen=True, kw_only=True):
    """How much footage the store can hold."""

    high_bytes: int
    """With more than this, room is made ..."""
    low_bytes: int
    """... down to this."""


class CameraKept(Struct, frozen=True, kw_only=True):
    """What of one camera's history a policy keeps."""

    media: str
    policy: KeepPolicy
    stored_bytes: int
    """What is stored really."""
    kept_bytes: int
    """What would be."""
    continuous_bytes: int
    """Of this, younger than depth."""
    protected_bytes: int
    """Older than depth."""
    locked_bytes: int
    """Of either, under a lock."""
    plain_bytes: int
    """What a recorder that keeps everything would hold, from the oldest second that is kept."""
    continuous_ms: int
    """How far back everything recorded is kept; 0 where nothing is."""
    oldest_ms: int | None
    """Start of the oldest footage kept; None: nothing is."""
    oldest_protected_ms: int | None
    """Start of the oldest footage that something protects."""


class Going(Struct, frozen=True, kw_only=True):
    """A stretch, to the hour, that is stored and that the policy would not keep, or not for long."""

    media: str
    start_ms: int
    end_ms: int
    reason: GoingReason
    size_bytes: int
    goes_ms: int
    """When; the moment asked about: at once, or with the next segment."""


class Kept(Struct, frozen=True, kw_only=True):
    """The answer."""

    cameras: Sequence[CameraKept]
    """By name."""
    going: Sequence[Going]
    """What would go first, in this order."""
    going_bytes: int
    """All that would go at once."""


class WhatIf(Protocol):
    """Policies applied to a history that is told camera by camera."""

    def take(self, names: Sequence[str], policies: Sequence[KeepPolicy], hours: Hours, held: Held) -> None:
        """The whole history of some more cameras, in the order of their names."""

    def answer(self, marks: Marks | None, most_going: int) -> Kept:
        """What is kept of all that was told, with at most ``most_going`` stretches that go. Without marks there is
        room for everything."""


class MakeWhatIf(Protocol):
    """Begins a question."""

    def __call__(self, now_ms: int) -> WhatIf:
        """A question about the moment ``now_ms``."""
