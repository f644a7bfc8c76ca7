"""Verdicts and the passing of time for tests of motion, the fold over them in memory, and random footage."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from hypothesis import strategies as st
from msgspec import structs

from processors.motion import agent
from processors.spec import States
from schemas.episode import EpisodeRecord
from schemas.facts import Look, MotionSpan, MotionTicked, SegmentScanned
from schemas.intervals import Span
from tests.folded import Folded

NOW_MS = 1_790_000_000_000
WAIT_MS = 30_000
Event = SegmentScanned | MotionTicked
Seen = tuple[float, float]
"""Motion from … to, in seconds after NOW_MS."""


def at(second: float) -> int:
    return NOW_MS + round(second * 1000)


def scan(start_s: float, end_s: float, *seen: Seen, last_s: float | None = None, **fields: Any) -> SegmentScanned:
    """The verdict on a segment that was seen to its end, or with a last look at ``last_s``."""
    spans = tuple(MotionSpan(start_ms=at(a), end_ms=at(b), score=0.5, peak_ms=at(a)) for a, b in seen)
    looks = () if last_s is None else (Look(at_ms=at(start_s), score=0.0), Look(at_ms=at(last_s), score=0.0))
    told: dict[str, Any] = {
        "media": "gate", "observed_ms": at(end_s + 1), "verdict": "motion" if spans else "still", "level": "keyframes",
        "spans": spans, "looks": looks, "detector": "cascade", "version": "1",
        "parameters": {"min_ms": 0, "join_ms": 3000},
    }  # fmt: skip
    return SegmentScanned(start_ms=at(start_s), end_ms=at(end_s), **(told | fields))


def unreadable(start_s: float, end_s: float, **fields: Any) -> SegmentScanned:
    return scan(start_s, end_s, **({"verdict": "unreadable", "level": "none", "reason": "no header"} | fields))


def tick(at_s: float, partition: int = 0) -> MotionTicked:
    return MotionTicked(partition=partition, observed_ms=at(at_s))


END = tick(9_000_000)
"""Long after everything."""


class Partition(Folded):
    """The motion of one partition."""

    def __init__(self, wait_ms: int = WAIT_MS) -> None:
        def fold(event: Event, states: States) -> Sequence[EpisodeRecord]:
            if isinstance(event, MotionTicked):
                return agent.pass_time(event, states, wait_ms)
            return agent.place(event, states, wait_ms)

        super().__init__(fold)


def told(*events: Event) -> list[EpisodeRecord]:
    """The last versions of the episodes that these facts make, by start, then label."""
    partition = Partition()
    partition.tell(*events)
    return last(partition.saves)


def last(saves: Iterable[EpisodeRecord]) -> list[EpisodeRecord]:
    """The episodes as their last versions have them, by start, then label."""
    found = {save.episode_id: save for save in saves}
    return sorted(found.values(), key=lambda one: (mark(one), one.labels or ()))


def mark(save: EpisodeRecord) -> Span:
    """What a version marks; an open one reaches as far as it says."""
    assert save.payload is not None
    start_ms = save.opened_at if save.started_at is None else save.started_at
    return Span(start_ms, save.payload["until_ms"] if save.closed_at is None else save.closed_at)


def shown(saves: Iterable[EpisodeRecord]) -> list[tuple[float, float, str | None]]:
    """(start, end, close reason) in seconds after NOW_MS."""
    marks = [(mark(save), save.close_reason) for save in last(saves)]
    return [((one.start_ms - NOW_MS) / 1000, (one.end_ms - NOW_MS) / 1000, reason) for one, reason in marks]


class Moved(NamedTuple):
    """What really moved, from … to in seconds after NOW_MS."""

    start_s: float
    end_s: float
    score: float = 0.5
    zone: str = "door"


class Recorded(NamedTuple):
    """A segment, and whether its verdict is a guess from its last look on, a second before its end."""

    start_s: float
    end_s: float
    guesses: bool = False


def verdicts(moved: Sequence[Moved], segments: Sequence[Recorded], media: str = "gate") -> list[SegmentScanned]:
    """What a detector says, in the order of the footage: what moved, exactly, save where it guesses.

    Where the last look sees motion it supposes that it goes on, else that nothing follows; the verdict on the next
    segment, where there is no hole, knows better.
    """
    found: list[SegmentScanned] = []
    for number, one in enumerate(segments):
        before = segments[number - 1] if number and segments[number - 1].end_s == one.start_s else None
        from_s = one.start_s - 1 if before and before.guesses else one.start_s
        last_s = one.end_s - 1 if one.guesses else one.end_s
        spans = [_span(truth, max(truth.start_s, from_s), min(truth.end_s, last_s)) for truth in moved]
        if one.guesses:
            spans = [_going_on(span, truth, last_s, one.end_s) for span, truth in zip(spans, moved, strict=True)]
        looked = (from_s, last_s) if one.guesses else (from_s, one.end_s - 0.001) if from_s < one.start_s else ()
        spans = [span for span in spans if span.start_ms < span.end_ms]
        found.append(_said(one, spans, looked, media))
    return found


def _span(truth: Moved, start_s: float, end_s: float) -> MotionSpan:
    zones = (truth.zone,) if truth.zone else ()
    return MotionSpan(start_ms=at(start_s), end_ms=at(end_s), score=truth.score, peak_ms=at(start_s), zones=zones)


def _going_on(span: MotionSpan, truth: Moved, last_s: float, end_s: float) -> MotionSpan:
    """The same, to the end of the segment, where the last look sees motion."""
    if not truth.start_s <= last_s < truth.end_s:
        return span
    return structs.replace(span, end_ms=at(end_s))


def _said(one: Recorded, spans: Sequence[MotionSpan], looked: Sequence[float], media: str) -> SegmentScanned:
    best = max(spans, key=lambda span: (span.score, -span.start_ms), default=None)
    return scan(
        one.start_s, one.end_s, media=media, spans=tuple(spans), verdict="motion" if spans else "still",
        looks=tuple(Look(at_ms=at(second), score=0.0) for second in looked),
        preview_key=f"previews/{one.start_s}.jpg" if best else None, preview_ms=best.peak_ms if best else None,
    )  # fmt: skip


_TENTHS = st.integers(1, 80).map(lambda tenths: tenths / 10)


@st.composite
def footage(draw: st.DrawFn, has_holes: bool = True, most: int = 12) -> tuple[list[Moved], list[Recorded]]:
    """Random motion, further apart than nothing, and the segments that were recorded, some behind holes."""
    second, segments = 0.0, list[Recorded]()
    for _ in range(draw(st.integers(1, most))):
        if has_holes and draw(st.integers(0, 4)) == 0:
            second = round(second + draw(st.sampled_from((0.5, 2.9, 3, 3.1, 20))), 1)
        length_s = draw(st.sampled_from((2, 4.5, 6, 10)))
        end_s = round(second + length_s, 1)
        segments.append(Recorded(second, end_s, draw(st.booleans())))
        second = end_s
    return draw(movements(second)), segments


@st.composite
def movements(draw: st.DrawFn, until_s: float) -> list[Moved]:
    """Random motion up to then, ascending, none touching another."""
    second, moved = 0.0, list[Moved]()
    while second < until_s:
        start_s = round(second + draw(_TENTHS), 1)
        end_s = round(start_s + draw(_TENTHS), 1)
        moved.append(
            Moved(start_s, end_s, draw(st.sampled_from((0.2, 0.5, 0.9))), draw(st.sampled_from(("", "door", "yard"))))
        )
        second = end_s
    return moved


def told_as_they_came(
    scans: Sequence[SegmentScanned], every_s: float = 1, from_s: float = 1000
) -> list[SegmentScanned]:
    """The same verdicts in this order, told one after the other."""
    return [structs.replace(one, observed_ms=at(from_s + number * every_s)) for number, one in enumerate(scans)]
