"""From looks to spans: when something moved, in which zones, how strongly. Pure.

Looks know no zone, sensitivity or least size, so the past can be judged anew from them alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from processors.motion.rules.areas import CELLS, Grids, areas
from processors.motion.rules.zones import COLUMNS, ROWS, watched
from schemas.facts import Look, MotionConfig, MotionSpan, SegmentScanned
from schemas.intervals import Span, subtract, union

FULL_SCORE_AREA = 0.05
"""What moves over so much of the picture has score 1."""
DENSE_MS = 400
"""Looks no further apart stand beside each other: of three, one alone is overruled by the others."""

Flags = NDArray[np.bool_]


def judged(span: Span, looks: Sequence[Look], config: MotionConfig) -> tuple[MotionSpan, ...]:
    """What moved in ``span``, by its looks (ascending) and the camera's wishes.

    A border lies midway between a look that moved and one that did not. A span that touches the border of ``span``
    goes on beyond it.
    """
    return judged_many([(span, looks)], config)[0]


def judged_many(segments: Sequence[tuple[Span, Sequence[Look]]], config: MotionConfig) -> list[tuple[MotionSpan, ...]]:
    """The same for many segments of one camera at once."""
    found: list[list[MotionSpan]] = [[] for _ in segments]
    lively = [number for number, (_, looks) in enumerate(segments) if any(look.grid for look in looks)]
    owners = [number for number in lively for _ in segments[number][1]]
    looks = [look for number in lively for look in segments[number][1]]
    shares, names = _shares(_grids(looks), config)
    for first, after in _stretches(shares.max(axis=1, initial=0.0) > 0, looks, owners):
        span = segments[owners[first]][0]
        start_ms = span.start_ms if _begins(owners, first) else max(span.start_ms, _midway(looks, first))
        end_ms = span.end_ms if _begins(owners, after) else min(span.end_ms, _midway(looks, after))
        if end_ms > start_ms:
            strongest = _strongest(shares[first:after], names)
            found[owners[first]].append(_span(start_ms, end_ms, looks[first:after], strongest))
    return [tuple(spans) for spans in found]


def scores(looks: Sequence[Look], config: MotionConfig) -> NDArray[np.float64]:
    """Per look, how large what moved is in the zones, 0..1; 0: nothing that counts."""
    if not any(look.grid for look in looks):
        return np.zeros(len(looks))
    shares, _ = _shares(_grids(looks), config)
    return np.asarray(shares.max(axis=1, initial=0.0))


def score_of(area: float) -> float:
    """An area that moved, a share of the picture, as a score 0..1."""
    return float(min(1.0, (area / FULL_SCORE_AREA) ** 0.5))


def parameters(config: MotionConfig, **more: Any) -> dict[str, Any]:
    """What a verdict depends on beside the footage, for the fact."""
    zones = [
        {name: value for name in zone.__struct_fields__ if (value := getattr(zone, name)) is not None}
        for zone in config.zones
    ]
    plain = {name: getattr(config, name) for name in ("profile", "sensitivity", "min_area", "min_ms", "join_ms")}
    return plain | ({"zones": zones} if zones else {}) | more


def settled(verdicts: Iterable[SegmentScanned]) -> list[Span]:
    """When something moved, by verdicts on neighbouring segments, ascending: a later one's word about the end of the
    segment before it counts."""
    spans: list[Span] = []
    for verdict in verdicts:
        spans = subtract(spans, [Span(verdict.from_ms, verdict.start_ms)])
        spans = union([*spans, *(Span(one.start_ms, one.end_ms) for one in verdict.spans)])
    return spans


def _shares(grids: Grids, config: MotionConfig) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """(looks x zones: score of what counts, else 0; the zones' names)."""
    zones = watched(config)
    shares = np.zeros((len(grids), len(zones)))
    for column, zone in enumerate(zones):
        shares[:, column] = np.minimum(1.0, np.sqrt(areas(grids, zone) / FULL_SCORE_AREA))
    return shares, tuple(zone.name for zone in zones)


def _grids(looks: Sequence[Look]) -> Grids:
    data = b"".join(look.grid.ljust(CELLS, b"\0") for look in looks)
    return np.frombuffer(data, np.uint8).reshape(-1, ROWS, COLUMNS)


def _stretches(moved: Flags, looks: Sequence[Look], owners: Sequence[int]) -> Iterator[tuple[int, int]]:
    """(first, first after it) of the looks in a row that moved, each row within one segment."""
    owner = np.asarray(owners, np.int64)
    near = (np.diff([look.at_ms for look in looks]) <= DENSE_MS) & (np.diff(owner) == 0)
    moved = agreed(moved, near)
    new = np.diff(owner, prepend=-1) != 0
    starts = np.flatnonzero(moved & (new | ~np.concatenate(([False], moved[:-1]))))
    ends = np.flatnonzero(moved & np.concatenate((new[1:] | ~moved[1:], [True]))) if len(moved) else starts
    return zip(starts.tolist(), (ends + 1).tolist(), strict=True)


def agreed(moved: Flags, near: Flags) -> Flags:
    """The flags, but where one look says other than both beside it, these count. ``near``: whether each look but the
    last stands beside the next one."""
    overruled = near[:-1] & near[1:] & (moved[:-2] == moved[2:]) & (moved[1:-1] != moved[:-2])
    found = moved.copy()
    found[1:-1] ^= overruled
    return found


def _begins(owners: Sequence[int], number: int) -> bool:
    """True where a segment's looks begin, or where there are no more."""
    return number in (0, len(owners)) or owners[number] != owners[number - 1]


def _strongest(shares: NDArray[np.float64], names: tuple[str, ...]) -> tuple[int, float, tuple[str, ...]]:
    """(number of the strongest look, its score, the zones that any look touched)."""
    scores = shares.max(axis=1)
    peak = int(scores.argmax())
    zones = tuple(name for name, most in zip(names, shares.max(axis=0).tolist(), strict=True) if name and most)
    return peak, round(float(scores[peak]), 3), zones


def _span(
    start_ms: int, end_ms: int, looks: Sequence[Look], strongest: tuple[int, float, tuple[str, ...]]
) -> MotionSpan:
    peak, score, zones = strongest
    return MotionSpan(start_ms=start_ms, end_ms=end_ms, score=score, peak_ms=looks[peak].at_ms, zones=zones)


def _midway(looks: Sequence[Look], number: int) -> int:
    return (looks[number - 1].at_ms + looks[number].at_ms) // 2
