"""When to cut, when a new run begins, which gaps to state, how long to wait. Pure; times come in as arguments."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from schemas import ids
from schemas.facts import GapReason, RecordingGap, SegmentRecorded

CUT_SLACK_MS = 40
"""A key frame one frame early must not double the length of a segment."""
DRIFT_MS = 2000
"""Most a run's clock may be away from the wall clock."""
LATE_GROUPS = 5
"""A late group may be a network hiccup; this many in a row are a clock that moved."""
LIVE_JUMP_MS = 10_000
"""A live source silent for longer in its own time has lost footage."""
FILE_JUMP_MS = 60_000
"""In a file a picture may stand for long: only more than this is a hole."""
BACK_MS = 1000
"""Presentation times of neighbouring pictures go back by less than this."""
KEYLESS_MS = 60_000
"""A live source is reopened (which makes it send a key frame) after this long without one."""
_BACKOFF_FIRST_S, _BACKOFF_MOST_S = 0.5, 30.0


class RunClock(NamedTuple):
    """Media time → wall time, fixed for a whole run, so that neighbours meet to the millisecond."""

    anchor_ms: int
    """UTC ms of ``origin``."""
    origin: int
    """Presentation time of the run's first picture, in units."""
    timescale: int

    def at(self, pts: int) -> int:
        """UTC ms of a presentation time, halves rounded up."""
        return self.anchor_ms + milliseconds(pts - self.origin, self.timescale)


def milliseconds(units: int, timescale: int) -> int:
    """A length in ms, halves rounded up; exact integer arithmetic."""
    return (units * 2000 + timescale) // (2 * timescale)


def must_cut(elapsed_ms: int, segment_ms: int) -> bool:
    """True when a segment of this length ends at the key frame at hand."""
    return elapsed_ms + CUT_SLACK_MS >= segment_ms


def tears(from_ms: int, to_ms: int, limit_ms: int) -> bool:
    """True when media time going ``from_ms`` → ``to_ms`` (neighbouring pictures) is not one stream going on.

    A second backwards is still pictures out of order.
    """
    return to_ms < from_ms - BACK_MS or to_ms - from_ms > limit_ms


@dataclass(frozen=True)
class Drift:
    """How late groups of pictures arrive against their run's clock. Negative: they come before their time."""

    late_ms: tuple[int, ...] = ()

    def after(self, late_ms: int) -> "Drift":
        """With one more group seen."""
        return Drift((*self.late_ms, late_ms)[-LATE_GROUPS:])

    @property
    def is_broken(self) -> bool:
        """True when the two clocks have parted.

        Nothing can arrive before its time, so early once is enough. Late can be the network: only when even the
        most punctual of the last groups is late.
        """
        if not self.late_ms:
            return False
        late = len(self.late_ms) == LATE_GROUPS and min(self.late_ms) > DRIFT_MS
        return late or self.late_ms[-1] < -DRIFT_MS


@dataclass(frozen=True)
class OpenGap:
    """Footage has been missing since ``start_ms`` and still is."""

    start_ms: int
    reason: GapReason


@dataclass(frozen=True)
class Timeline:
    """Where the recording of one media stands. Kept on disk: it is what a restart must know."""

    media: str
    end_ms: int | None = None
    """End of the last segment; None before the first."""
    gap: OpenGap | None = None


Told = tuple[Timeline, tuple[RecordingGap, ...]]
"""The timeline afterwards, and what must be stated."""


def lose(timeline: Timeline, now_ms: int, reason: GapReason, detail: str = "") -> Told:
    """Footage stops coming: the gap opens at the end of the last segment. Nothing when one is open already."""
    if timeline.gap:
        return timeline, ()
    start_ms = now_ms if timeline.end_ms is None else timeline.end_ms
    stated = RecordingGap(media=timeline.media, start_ms=start_ms, reason=reason, detail=detail, observed_ms=now_ms)
    return replace(timeline, gap=OpenGap(start_ms, reason)), (stated,)


def resume(timeline: Timeline, start_ms: int, now_ms: int, reason: GapReason) -> Told:
    """Footage comes again from ``start_ms``: an open gap closes; a hole nobody stated yet is stated with ``reason``."""
    hole = timeline.gap or (OpenGap(timeline.end_ms, reason) if timeline.end_ms is not None else None)
    resumed = replace(timeline, gap=None)
    if hole is None or start_ms <= hole.start_ms:
        return resumed, ()
    stated = RecordingGap(
        media=timeline.media, start_ms=hole.start_ms, end_ms=start_ms, reason=hole.reason, observed_ms=now_ms
    )
    return resumed, (stated,)


def record(timeline: Timeline, end_ms: int) -> Timeline:
    """A segment up to ``end_ms`` is safe."""
    return replace(timeline, end_ms=end_ms)


def recalled(timeline: Timeline, fact: SegmentRecorded | RecordingGap) -> Timeline:
    """The timeline after a fact that was kept and may not have been counted yet; facts come in their order."""
    if isinstance(fact, SegmentRecorded):
        return record(timeline, max(fact.end_ms, timeline.end_ms or 0))
    if fact.end_ms is None:
        return replace(timeline, gap=OpenGap(fact.start_ms, fact.reason))
    is_closed = timeline.gap is not None and timeline.gap.start_ms == fact.start_ms
    return replace(timeline, gap=None) if is_closed else timeline


def run_start_ms(timeline: Timeline, wall_ms: int, goes_on: bool) -> int:
    """When a new run starts: by the wall clock, but never before what is recorded already ends.

    After a clock that went back, a run starts where the last one ended and so leads the wall clock until recording
    pauses for as long: footage is neither dropped nor laid over older footage. ``goes_on``: the same connection
    continues (a new codec, say), so a small difference between the clocks is not a hole.
    """
    if timeline.gap:
        return max(wall_ms, timeline.gap.start_ms + 1, timeline.end_ms or 0)
    if timeline.end_ms is None:
        return wall_ms
    if goes_on and abs(wall_ms - timeline.end_ms) <= DRIFT_MS:
        return timeline.end_ms
    return max(wall_ms, timeline.end_ms)


def joined(older: RecordingGap, newer: RecordingGap) -> RecordingGap | None:
    """One gap for two that touch and have the same reason; None when they must stay two."""
    if older.reason != newer.reason or older.end_ms != newer.start_ms:
        return None
    return RecordingGap(
        media=older.media, start_ms=older.start_ms, end_ms=newer.end_ms, reason=older.reason,
        detail=newer.detail, observed_ms=newer.observed_ms,
    )  # fmt: skip


def backoff_s(failures: int, chance: float) -> float:
    """Seconds to wait after so many failures in a row: 0.5 s doubling to 30 s, spread by ``chance`` in 0..1."""
    longest = min(_BACKOFF_MOST_S, _BACKOFF_FIRST_S * 2.0 ** min(max(failures - 1, 0), 16))
    return longest * (0.5 + chance / 2)


def belongs(media: str, index: int, count: int) -> bool:
    """True when this shard of ``count`` records the media. Every media belongs to exactly one."""
    return ids.derived("shard", media) % count == index
