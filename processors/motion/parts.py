"""A verdict as the fold of motion takes it: a head that is final, and a tail of which the next verdict may know better.

What a detector says of the time after its last look is a guess until the next segment's first picture; the verdict on
that segment then speaks of it too (``SegmentScanned.from_ms``), and its word counts. Pure.
"""

from typing import Literal

import msgspec
from msgspec import Struct, structs

from schemas.facts import MotionConfig, MotionSpan, SegmentScanned
from schemas.intervals import Span, subtract

Kind = Literal["motion", "unreadable"]


class Stretch(Struct, frozen=True, array_like=True):
    """Motion without a pause, or a segment that could not be read. New fields go last, with a default."""

    start_ms: int
    end_ms: int
    score: float = 0
    peak_ms: int = 0
    zones: tuple[str, ...] = ()
    preview_key: str | None = None
    preview_ms: int = 0


class Part(Struct, frozen=True, kw_only=True, array_like=True):
    """One part of one verdict, ``[start_ms, end_ms)``. New fields go last, with a default."""

    segment_ms: int
    """Where its segment starts."""
    length_ms: int
    """Of its segment."""
    from_ms: int
    """From when on it speaks: a head may have a word on the tail before it."""
    start_ms: int
    end_ms: int
    is_tail: bool
    came_ms: int
    """When the verdict came, never earlier than the time told before it."""
    kind: Kind
    maker: str
    reason: str
    min_ms: int
    join_ms: int
    stretches: tuple[Stretch, ...]
    """Ascending."""

    @property
    def needs(self) -> Span:
        """The time before it that decides what becomes of it: whatever its first motion can join. Often empty."""
        reach_ms = self.stretches[0].start_ms - self.join_ms - 1 if self.stretches else self.start_ms
        return Span(min(reach_ms, self.from_ms), self.start_ms)

    def ripe_ms(self, wait_ms: int) -> int:
        """From when on it is taken for what it is, whatever may still be missing before or behind it."""
        return self.came_ms + wait_ms + (self.length_ms if self.is_tail else 0)

    def is_same_verdict(self, other: "Part") -> bool:
        """True when both are of one verdict, perhaps told again. Footage that is read at last has another verdict."""
        return (self.segment_ms, self.maker, self.kind) == (other.segment_ms, other.maker, other.kind)

    def without(self, word: Span) -> "Part":
        """The part where another verdict speaks of ``word``."""
        kept = [
            structs.replace(one, start_ms=left.start_ms, end_ms=left.end_ms)
            for one in self.stretches
            for left in subtract([Span(one.start_ms, one.end_ms)], [word])
        ]
        return structs.replace(self, stretches=tuple(kept))


def parts(scan: SegmentScanned, now_ms: int) -> tuple[Part, ...]:
    """The head and the tail of a verdict; the head alone where nothing in it is a guess."""
    asked = _asked(scan)
    run = f"/{scan.run}" if scan.run else ""
    is_read = scan.verdict != "unreadable"
    whole = Part(
        segment_ms=scan.start_ms, length_ms=scan.end_ms - scan.start_ms, from_ms=scan.from_ms, start_ms=scan.start_ms,
        end_ms=scan.end_ms, is_tail=False, came_ms=now_ms, kind="motion" if is_read else "unreadable",
        maker=f"{scan.detector}@{scan.version}{run}", reason="" if is_read else scan.reason, min_ms=asked.min_ms,
        join_ms=asked.join_ms, stretches=_stretches(scan) if is_read else (Stretch(scan.start_ms, scan.end_ms),),
    )  # fmt: skip
    last_ms = scan.looks[-1].at_ms if is_read and scan.looks else scan.end_ms
    return _split(whole, last_ms) if scan.start_ms <= last_ms < scan.end_ms else (whole,)


def _asked(scan: SegmentScanned) -> MotionConfig:
    """What the camera's owner wanted of episodes when the verdict was made; the defaults where it does not say so."""
    told = {name: scan.parameters[name] for name in ("min_ms", "join_ms") if name in scan.parameters}
    try:
        return msgspec.convert(told, MotionConfig)
    except msgspec.ValidationError:
        return MotionConfig()


def _stretches(scan: SegmentScanned) -> tuple[Stretch, ...]:
    """The verdict's spans, within the time of which it speaks; the strongest has the picture."""
    strongest = max(scan.spans, key=lambda one: (one.score, -one.start_ms), default=None)
    found = [_stretch(one, scan, one is strongest) for one in sorted(scan.spans, key=lambda one: one.start_ms)]
    return tuple(one for one in found if one.start_ms < one.end_ms)


def _stretch(span: MotionSpan, scan: SegmentScanned, is_strongest: bool) -> Stretch:
    key = scan.preview_key if is_strongest else None
    peak_ms = span.start_ms if span.peak_ms is None else span.peak_ms
    preview_ms = peak_ms if scan.preview_ms is None else scan.preview_ms
    return Stretch(
        max(span.start_ms, scan.from_ms), min(span.end_ms, scan.end_ms), span.score, peak_ms, span.zones, key,
        preview_ms if key else 0,
    )  # fmt: skip


def _split(whole: Part, at_ms: int) -> tuple[Part, ...]:
    """Both parts; motion that goes on over the border is in each."""
    head = [structs.replace(one, end_ms=min(one.end_ms, at_ms)) for one in whole.stretches if one.start_ms < at_ms]
    tail = [structs.replace(one, start_ms=max(one.start_ms, at_ms)) for one in whole.stretches if one.end_ms > at_ms]
    return (
        structs.replace(whole, end_ms=at_ms, stretches=tuple(head)),
        structs.replace(whole, from_ms=at_ms, start_ms=at_ms, is_tail=True, stretches=tuple(tail)),
    )
