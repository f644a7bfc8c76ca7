"""From looks to spans: when something moved, in which zones, how strongly. Pure.

Looks know no zone, sensitivity or least size, so the past can be judged anew from them alone.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from processors.motion.rules.areas import CELLS, Grids, areas, least_area
from processors.motion.rules.zones import COLUMNS, ROWS, watched
from schemas.facts import Look, MotionConfig, MotionSpan, SegmentScanned
from schemas.intervals import Span, subtract, union

FULL_SCORE_AREA = 0.05
"""What moves over so much of the picture has score 1."""
DENSE_MS = 400
"""Looks no further apart stand beside each other: one alone that moved, between two that did not, is noise."""

Flags = NDArray[np.bool_]


def judged(span: Span, looks: Sequence[Look], config: MotionConfig) -> tuple[MotionSpan, ...]:
    """What moved in ``span``, by its looks (ascending) and the camera's wishes.

    A border lies midway between a look that moved and one that did not. A span that touches the border of ``span``
    goes on beyond it.
    """
    return judged_many([(span, looks)], config)[0]


def judged_many(segments: Sequence[tuple[Span, Sequence[Look]]], config: MotionConfig) -> list[tuple[MotionSpan, ...]]:
    """The same for many segments of one camera at once."""
    found: list[tuple[MotionSpan, ...]] = [()] * len(segments)
    lively = [number for number, (_, looks) in enumerate(segments) if any(look.grid for look in looks)]
    data = b"".join(look.grid.ljust(CELLS, b"\0") for number in lively for look in segments[number][1])
    grids = np.frombuffer(data, np.uint8).reshape(-1, ROWS, COLUMNS)
    shares, names = _shares(grids, config)
    at = 0
    for number in lively:
        span, looks = segments[number]
        found[number] = _spans(span, looks, shares[at : at + len(looks)], names)
        at += len(looks)
    return found


def scores(looks: Sequence[Look], config: MotionConfig) -> NDArray[np.float64]:
    """Per look, how large what moved is in the zones, 0..1; 0: nothing that counts."""
    if not any(look.grid for look in looks):
        return np.zeros(len(looks))
    grids = np.frombuffer(b"".join(look.grid.ljust(CELLS, b"\0") for look in looks), np.uint8)
    shares, _ = _shares(grids.reshape(-1, ROWS, COLUMNS), config)
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
        area = areas(grids, zone)
        shares[:, column] = np.where(area >= least_area(zone), np.minimum(1.0, np.sqrt(area / FULL_SCORE_AREA)), 0.0)
    return shares, tuple(zone.name for zone in zones)


def _spans(
    span: Span, looks: Sequence[Look], shares: NDArray[np.float64], names: tuple[str, ...]
) -> tuple[MotionSpan, ...]:
    strengths = shares.max(axis=1, initial=0.0)
    moved = without_lone(strengths > 0, [look.at_ms for look in looks], [look.level for look in looks])
    edges = np.flatnonzero(np.diff(np.concatenate(([False], moved, [False])).astype(np.int8)))
    found = []
    for first, after in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        peak = first + int(strengths[first:after].argmax())
        start_ms = max(span.start_ms, _midway(looks, first)) if first else span.start_ms
        end_ms = min(span.end_ms, _midway(looks, after)) if after < len(looks) else span.end_ms
        if end_ms > start_ms:
            touched = shares[first:after].max(axis=0).tolist()
            zones = tuple(name for name, hit in zip(names, touched, strict=True) if name and hit)
            found.append(
                MotionSpan(
                    start_ms=start_ms,
                    end_ms=end_ms,
                    score=round(float(strengths[peak]), 3),
                    peak_ms=looks[peak].at_ms,
                    zones=zones,
                )
            )
    return tuple(found)


def _midway(looks: Sequence[Look], number: int) -> int:
    return (looks[number - 1].at_ms + looks[number].at_ms) // 2


def without_lone(moved: Flags, times: Sequence[int], levels: Sequence[str]) -> Flags:
    """The flags without those that stand alone among dense looks."""
    kept = moved.copy()
    for number in np.flatnonzero(moved).tolist():
        beside = [one for one in (number - 1, number + 1) if 0 <= one < len(moved)]
        near = [one for one in beside if abs(times[one] - times[number]) <= DENSE_MS]
        if levels[number] != "keyframes" and len(near) == 2 and not moved[near].any():
            kept[number] = False
    return kept
