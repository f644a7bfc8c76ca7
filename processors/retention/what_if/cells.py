"""Pieces judged by the rules and summed by hour and rank. Pure."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from processors.retention.rules.footage import ROW, Flags, Rows
from processors.retention.rules.order import BEYOND, Policy, outlived, ranked
from processors.retention.rules.ranges import RANGE, Ranges
from processors.retention.what_if import axis
from processors.retention.what_if.axis import SPAN_MS
from processors.retention.what_if.pieces import Cut
from schemas.what_if import HOUR_MS, KeepPolicy

CELL = np.dtype(
    [
        ("camera", "<i8"), ("hour_ms", "<i8"), ("rank", "i1"), ("is_held", "?"), ("is_within", "?"),
        ("start_ms", "<i8"), ("end_ms", "<i8"), ("size_bytes", "<f8"), ("kept_bytes", "<f8"), ("pieces", "<i8"),
    ]
)  # fmt: skip
"""All footage of an hour that is alike to the rules and that depth and keep leave. ``is_held``: protected;
``is_within``: younger than depth; ``kept_bytes``: what quota and room leave of it; ``pieces``: how many it is."""
Cells: TypeAlias = NDArray[Any]


def judged(found: Cut, policies: Sequence[KeepPolicy], now_ms: int) -> Cells:
    """What depth and keep leave of the pieces, by camera, hour and rank."""
    camera = found.pieces["start"] // SPAN_MS
    rows = _rows(found)
    ranges = _ranges(found)
    ranks, goes, is_within = np.zeros(len(rows), np.int8), np.zeros(len(rows), np.bool_), np.zeros(len(rows), np.bool_)
    number = {policy: at for at, policy in enumerate(dict.fromkeys(policies))}
    whose = np.array([number[policy] for policy in policies], np.int64)[camera]
    for told, at in number.items():
        mine = whose == at
        policy = Policy(told.depth_ms, told.keep_ms, told.quota_bytes)
        ranks[mine] = ranked(rows[mine], ranges, policy.depth_ms, now_ms)
        goes[mine] = (ranks[mine] == BEYOND) | outlived(rows[mine], ranges, policy, now_ms)
        is_within[mine] = rows["stored_ms"][mine] + policy.depth_ms > now_ms
    return _summed(found, ranks, is_within, ~goes)


def _rows(found: Cut) -> Rows:
    """The pieces as the rules know segments: stored once half a segment after its first moment has passed."""
    pieces = found.pieces
    camera = pieces["start"] // SPAN_MS
    rows = np.zeros(len(pieces), ROW)
    rows["start_ms"], rows["end_ms"] = pieces["start"], pieces["end"]
    rows["stored_ms"] = pieces["start"] - camera * SPAN_MS + found.half_ms[camera] + 1
    return rows


def _ranges(found: Cut) -> Ranges:
    """What protects, as the rules know it: cut where a lock begins or ends."""
    edges = axis.distinct(np.concatenate((*found.held, *found.locked)))
    start = edges[:-1]
    is_held = axis.is_inside(found.held, start)
    ranges = np.zeros(int(is_held.sum()), RANGE)
    ranges["start_ms"], ranges["end_ms"] = start[is_held], edges[1:][is_held]
    ranges["is_locked"] = axis.is_inside(found.locked, ranges["start_ms"])
    return ranges


def _summed(found: Cut, ranks: NDArray[np.int8], is_within: Flags, stays: Flags) -> Cells:
    pieces, ranks, is_within = found.pieces[stays], ranks[stays], is_within[stays]
    kind = (ranks.astype(np.int64) * 2 + pieces["is_held"]) * 2 + is_within
    key = pieces["hour"] * 32 + kind
    order = np.argsort(key, kind="stable")
    first = np.flatnonzero(np.diff(key[order], prepend=-1))
    last = np.append(first[1:], len(order))[: len(first)] - 1
    begins, ends = pieces[order[first]], pieces[order[last]]
    cells = np.zeros(len(first), CELL)
    cells["camera"] = begins["start"] // SPAN_MS
    base = cells["camera"] * SPAN_MS
    cells["start_ms"], cells["end_ms"] = begins["start"] - base, ends["end"] - base
    cells["hour_ms"] = cells["start_ms"] // HOUR_MS * HOUR_MS
    cells["rank"], cells["is_held"] = ranks[order[first]], begins["is_held"]
    cells["is_within"] = is_within[order[first]]
    cells["size_bytes"] = np.add.reduceat(pieces["size_bytes"][order], first) if len(first) else 0
    cells["kept_bytes"] = cells["size_bytes"]
    cells["pieces"] = last - first + 1
    return cells
