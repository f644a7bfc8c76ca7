"""Another policy asked of the archive: history in, camera by camera, and what comes out told."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import numpy as np
from msgspec import Struct, structs

from api.retention.asked import Question
from api.retention.past import Chosen, Footage, parts
from api.retention.store import Levels
from projections.footage.reads import LAST_MS
from schemas.intervals import Span
from schemas.retention import UNKNOWN_BYTES
from schemas.what_if import CameraKept, Going, Held, Kept, MakeWhatIf, Marks


class Shares(Struct, frozen=True):
    """From which share of the store on room is made, and down to which."""

    high: float
    low: float


class Room(Struct, frozen=True, kw_only=True):
    """What room the answer reckons with."""

    source: Literal["asked", "measured", "unlimited"]
    """``unlimited``: nobody measured the store or knows its size, or only some cameras were asked about."""
    capacity_bytes: int | None = None
    other_bytes: int = 0
    """Of these, what is no footage."""
    marks: Marks | None = None


class WhatIfs:
    """Answers questions about other policies. Blocks; raises DatabaseUnavailable."""

    def __init__(self, footage: Footage, levels: Levels, make: MakeWhatIf, shares: Shares) -> None:
        self._footage = footage
        self._levels = levels
        self._make = make
        self._shares = shares

    def told(self, question: Question, cameras: Sequence[Chosen], is_all: bool) -> Iterator[dict[str, Any]]:
        """``{"progress": …}`` after some cameras each, then ``{"answer": …}``. ``is_all``: these are all cameras."""
        now_ms, done, stored_bytes = min(question.span.end_ms, LAST_MS), 0, 0
        asking = self._make(now_ms)
        for some in parts(cameras):
            names = [one.media for one in some]
            hours = self._footage.hours(names, question.span)
            asking.take(names, [question.asked.policy(one.config) for one in some], hours, self._held(question, some))
            done += len(some)
            stored_bytes += int(np.sum(hours["stored_bytes"]))
            yield {"progress": {"done": done, "cameras": len(cameras)}}
        room = self._room(question.asked.capacity_bytes, stored_bytes, is_all)
        kept = asking.answer(room.marks, question.asked.limit)
        yield {"answer": answer(kept, question.span, room)}

    def _held(self, question: Question, some: Sequence[Chosen]) -> Held:
        names, protect = [one.media for one in some], question.asked.protect
        if protect:
            return self._footage.held_by(names, protect, question.span)
        return self._footage.held(names, question.span)

    def _room(self, capacity_bytes: int | None, stored_bytes: int, is_all: bool) -> Room:
        if capacity_bytes is not None:
            return Room(source="asked", capacity_bytes=capacity_bytes, marks=self._marks(capacity_bytes, 0))
        level = next(iter(self._levels.latest()), None) if is_all else None
        if level is None or level.capacity_bytes >= UNKNOWN_BYTES:
            return Room(source="unlimited")
        other_bytes = max(0, level.used_bytes - stored_bytes)
        marks = self._marks(level.capacity_bytes, other_bytes)
        return Room(source="measured", capacity_bytes=level.capacity_bytes, other_bytes=other_bytes, marks=marks)

    def _marks(self, capacity_bytes: int, other_bytes: int) -> Marks:
        high, low = (max(0, int(capacity_bytes * one) - other_bytes) for one in (self._shares.high, self._shares.low))
        return Marks(high_bytes=high, low_bytes=low)


def answer(kept: Kept, span: Span, room: Room) -> dict[str, Any]:
    """The body of a good answer."""
    return {
        "from_ms": span.start_ms, "to_ms": span.end_ms,
        "room": {"source": room.source, "capacity_bytes": room.capacity_bytes, "other_bytes": room.other_bytes},
        "total": _total(kept.cameras), "going_bytes": kept.going_bytes, "going": list(map(_going, kept.going)),
        "media": list(map(_camera, kept.cameras)),
    }  # fmt: skip


def saving(kept_bytes: int, plain_bytes: int) -> float | None:
    """What part of a plain recorder's bytes is not needed; None: it has none."""
    return round(1 - kept_bytes / plain_bytes, 4) if plain_bytes else None


_SUMS = ("stored_bytes", "kept_bytes", "continuous_bytes", "protected_bytes", "locked_bytes", "plain_bytes")


def _total(cameras: Sequence[CameraKept]) -> dict[str, Any]:
    told: dict[str, Any] = {name: sum(getattr(one, name) for one in cameras) for name in _SUMS}
    oldest = [one.oldest_ms for one in cameras if one.oldest_ms is not None]
    protected = [one.oldest_protected_ms for one in cameras if one.oldest_protected_ms is not None]
    return {"cameras": len(cameras)} | told | {
        "saving": saving(told["kept_bytes"], told["plain_bytes"]),
        "continuous_ms": min((one.continuous_ms for one in cameras if one.kept_bytes), default=0),
        "oldest_ms": min(oldest, default=None), "oldest_protected_ms": min(protected, default=None),
    }  # fmt: skip


def _camera(one: CameraKept) -> dict[str, Any]:
    told = structs.asdict(one)
    policy = structs.asdict(told.pop("policy"))
    return {"media": told.pop("media")} | policy | told | {"saving": saving(one.kept_bytes, one.plain_bytes)}


def _going(one: Going) -> dict[str, Any]:
    return structs.asdict(one)
