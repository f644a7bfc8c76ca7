"""Histories by segment, what the rules keep of them one by one, and the same as hours: for tests of what-if."""

import random
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from processors.retention.rules.footage import ROW, Rows
from processors.retention.rules.order import BEYOND, LOCKED, Policy, outlived, ranked
from processors.retention.rules.ranges import RANGE, Ranges, noted
from processors.retention.rules.room import Camera, make_room
from schemas.what_if import HELD, HOUR, HOUR_MS, Held, Hours, KeepPolicy, Marks

NOW_MS = 1_767_225_600_000
"""2026-01-01T00:00:00Z."""


class Life(NamedTuple):
    """One camera: its segments, what protects them, its policy."""

    rows: Rows
    ranges: Ranges
    policy: KeepPolicy


def life(chance: random.Random, hours: int, policy: KeepPolicy) -> Life:
    """A camera that recorded for so long without a pause, segments of about its own length, marks here and there."""
    length_ms = chance.choice((2000, 6000, 10_000))
    at_ms, rows = NOW_MS - hours * HOUR_MS - chance.randrange(HOUR_MS), []
    rate = chance.uniform(50, 500)
    while at_ms < NOW_MS:
        end_ms = min(NOW_MS, at_ms + length_ms + chance.randrange(-200, 200))
        rows.append((at_ms, end_ms, int(rate * (end_ms - at_ms)), end_ms, len(rows)))
        at_ms = end_ms
    ranges = np.empty(0, RANGE)
    for _ in range(chance.randrange(hours * 3)):
        start_ms = chance.randrange(rows[0][0], NOW_MS)
        end_ms = min(NOW_MS, start_ms + chance.randrange(1000, 400_000))
        ranges = noted(ranges, start_ms, end_ms, is_kept=True, is_locked=chance.random() < 0.1)
    return Life(np.array(rows, ROW), ranges, policy)


def kept_one_by_one(lives: Sequence[Life], marks: Marks | None, step_ms: int = HOUR_MS) -> list[Rows]:
    """What the rules leave of each camera's segments."""
    left = []
    for one in lives:
        policy = Policy(one.policy.depth_ms, one.policy.keep_ms, one.policy.quota_bytes)
        ranks = ranked(one.rows, one.ranges, policy.depth_ms, NOW_MS)
        goes = (ranks == BEYOND) | outlived(one.rows, one.ranges, policy, NOW_MS)
        left.append((one.rows[~goes], ranks[~goes]))
        if (quota := one.policy.quota_bytes) is not None:
            left[-1:] = _roomier(left[-1:], int(left[-1][0]["size_bytes"].sum()) - quota, 0, step_ms)
    total = sum(int(rows["size_bytes"].sum()) for rows, _ in left)
    if marks and total > marks.high_bytes:
        cameras = sum(len(rows) > 0 for rows, _ in left)
        left = _roomier(left, total - marks.low_bytes, marks.low_bytes // cameras, step_ms)
    return [rows for rows, _ in left]


def _roomier(
    left: list[tuple[Rows, np.ndarray]], need_bytes: int, share_bytes: int, step_ms: int
) -> list[tuple[Rows, np.ndarray]]:
    cameras = [
        Camera(f"{at:03}", rows[ranks != LOCKED], ranks[ranks != LOCKED], int(rows["size_bytes"].sum()))
        for at, (rows, ranks) in enumerate(left)
    ]
    taken = make_room(cameras, need_bytes, share_bytes, step_ms) if need_bytes > 0 else []
    for media, _, gone in taken:
        rows, ranks = left[int(media)]
        stays = ~np.isin(rows["start_ms"], gone["start_ms"])
        left[int(media)] = rows[stays], ranks[stays]
    return left


def as_hours(lives: Sequence[Life], stored: Sequence[Rows] | None = None) -> Hours:
    """The hours of these cameras, as the tables sum them; ``stored``: what is left (everything)."""
    found = []
    for camera, one in enumerate(lives):
        left = set((one.rows if stored is None else stored[camera])["start_ms"].tolist())
        for hour_ms in np.unique(one.rows["start_ms"] // HOUR_MS * HOUR_MS).tolist():
            rows = one.rows[one.rows["start_ms"] // HOUR_MS * HOUR_MS == hour_ms]
            there = np.array([start in left for start in rows["start_ms"].tolist()], bool)
            reach = int(rows["start_ms"].min()), int(rows["end_ms"].max())
            found.append((camera, hour_ms, *reach, len(rows), *_sums(rows), *_sums(rows[there]), *_edges(rows, there)))
    return np.array(found, HOUR)


def as_held(lives: Sequence[Life]) -> Held:
    """What protects these cameras."""
    told = [(camera, *one) for camera, life in enumerate(lives) for one in life.ranges.tolist()]
    return np.array(told, HELD)


def _sums(rows: Rows) -> tuple[int, int]:
    return int((rows["end_ms"] - rows["start_ms"]).sum()), int(rows["size_bytes"].sum())


def _edges(rows: Rows, there: np.ndarray) -> tuple[int, int]:
    first = int(rows["start_ms"][there].min()) if there.any() else 0
    return first, int(rows["end_ms"][~there].max()) if not there.all() else 0
