"""Recorded footage as answers need it, and which of it to show where recordings overlap."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

SEAM_MS = 40
"""One frame at 25 per second: times closer than this are the same moment, an overlap of it is rounding."""
LIVE_SEAM_MS = 100
"""Live cannot cut what a player already has, so it forgives more."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One stored stretch of footage and how to read it."""

    start_ms: int
    end_ms: int
    run_id: str
    object_key: str
    size_bytes: int
    init_len: int
    codecs: str
    video_codec: str
    audio_codec: str | None
    width_px: int
    height_px: int

    @property
    def length_ms(self) -> int:
        """How long it plays."""
        return self.end_ms - self.start_ms

    @property
    def format(self) -> tuple[str, str | None, int, int]:
        """What must stay the same for one decoder to go on: codecs and picture size."""
        return (self.codecs, self.audio_codec, self.width_px, self.height_px)


class Piece(NamedTuple):
    """A segment as it is shown: whole, or up to ``end_ms`` where another recording takes over."""

    segment: Segment
    end_ms: int

    @property
    def start_ms(self) -> int:
        """Its first frame, always a key frame."""
        return self.segment.start_ms

    @property
    def length_ms(self) -> int:
        """How long it is shown."""
        return self.end_ms - self.segment.start_ms

    @property
    def is_cut(self) -> bool:
        """True when frames at its end must not be shown."""
        return self.end_ms < self.segment.end_ms - SEAM_MS


def shown(segments: Iterable[Segment]) -> list[Piece]:
    """Every moment that was recorded, once, in order of time.

    Stays on one run while it goes on; where it ends inside another recording, changes over at the latest segment of
    that one which leaves no hole, and cuts the old one there: segments start with a key frame, and end anywhere.
    """
    ordered = sorted(set(segments), key=lambda one: (one.start_ms, -one.end_ms))
    pieces: list[Piece] = []
    for segment in _walk(ordered):
        while pieces and segment.start_ms <= pieces[-1].start_ms:
            pieces.pop()
        if pieces and segment.start_ms < pieces[-1].end_ms:
            pieces[-1] = pieces[-1]._replace(end_ms=segment.start_ms)
        pieces.append(Piece(segment, segment.end_ms))
    return pieces


def as_they_came(segments: Iterable[Segment]) -> list[Piece]:
    """Overlaps resolved so that a later segment never changes what was chosen before it: the first to start wins.

    Live playlists need this: their past must not change. Input in order of ``start_ms``.
    """
    kept: list[Segment] = []
    for segment in segments:
        if not kept or segment.start_ms >= kept[-1].end_ms - LIVE_SEAM_MS:
            kept.append(segment)
    return [Piece(left, min(left.end_ms, right.start_ms)) for left, right in pairwise(kept)] + [
        Piece(last, last.end_ms) for last in kept[-1:]
    ]


def _walk(ordered: Sequence[Segment]) -> Iterator[Segment]:
    """The segments to show; each ends later than the one before."""
    starts = [segment.start_ms for segment in ordered]
    after = _next_of_run(ordered)
    longest_ms = max((segment.length_ms for segment in ordered), default=0)
    index: int | None = 0 if ordered else None
    while index is not None:
        yield ordered[index]
        end_ms = ordered[index].end_ms
        if (same := after.get(index)) is not None and abs(ordered[same].start_ms - end_ms) <= SEAM_MS:
            index = same
            continue
        reached = bisect_right(starts, end_ms)
        going_on = _latest_going_on(ordered, reached, end_ms, longest_ms)
        index = going_on if going_on is not None else (reached if reached < len(ordered) else None)


def _next_of_run(ordered: Sequence[Segment]) -> dict[int, int]:
    """Index → index of the next segment of the same run."""
    last: dict[str, int] = {}
    after = {}
    for index, segment in enumerate(ordered):
        if segment.run_id in last:
            after[last[segment.run_id]] = index
        last[segment.run_id] = index
    return after


def _latest_going_on(ordered: Sequence[Segment], reached: int, end_ms: int, longest_ms: int) -> int | None:
    """The segment started last, up to ``end_ms``, that ends later; None when all stop by then."""
    for index in range(reached - 1, -1, -1):
        if ordered[index].end_ms > end_ms:
            return index
        if ordered[index].start_ms < end_ms - longest_ms:
            return None
    return None
