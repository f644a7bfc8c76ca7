"""An archive that exists only as arithmetic: the same footage and marks for whoever asks.

60 days of cameras that record 6 s segments with a 10-minute hole now and then, one mark about every 33 s: five segments
an episode, as in 100 million episodes on 500 million segments. One mark in 10 is a moment, one in 5,000 lasts for days.
The engine computes the rows from ``archive.sql``, so filling costs no Python.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from string import Template

START_MS = 1_767_571_200_000
"""2026-01-05, a Monday."""
DAY_MS, HOUR_MS, MINUTE_MS = 86_400_000, 3_600_000, 60_000
DAYS = 60
END_MS = START_MS + DAYS * DAY_MS
EPISODES = 156_250
"""Episodes of one camera; 64 cameras are ten million."""
STEP_MS = DAYS * DAY_MS // EPISODES
SEGMENT_MS = 6_000
SLOTS = DAYS * DAY_MS // SEGMENT_MS
"""Segments of one camera, holes included."""
PARTITIONS = 48
_TWITTER_MS = 1_288_834_974_657
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Window:
    """What one run asks about: every run another stretch, so that no engine answers from what it remembers."""

    number: int
    cameras: int

    @property
    def month(self) -> tuple[int, int]:
        """30 days, UTC ms."""
        start = START_MS + 3 * DAY_MS + self.number * 5 * DAY_MS
        return start, start + 30 * DAY_MS

    @property
    def minutes(self) -> tuple[int, int]:
        """Ten minutes, UTC ms."""
        start = START_MS + (52 + self.number) * DAY_MS + 13 * HOUR_MS + 7 * MINUTE_MS
        return start, start + 10 * MINUTE_MS

    @property
    def day(self) -> tuple[int, int]:
        """A UTC day, UTC ms."""
        start = START_MS + (52 + self.number) * DAY_MS
        return start, start + DAY_MS

    @property
    def media(self) -> str:
        """One camera."""
        return f"camera-{self.number * 7 % self.cameras}"

    @property
    def episode_id(self) -> int:
        """An episode of ``media``, from the middle of the archive."""
        return episode_id((EPISODES // 2 + self.number * 1_000), self.number * 7 % self.cameras)

    @property
    def positions(self) -> tuple[int, int]:
        """A stretch of the topic that tells changes, the same on each of its partitions: a hundred or so changes."""
        start = 2 * (EPISODES - EPISODES // DAYS + self.number * 100) * self.cameras
        return start, start + 170

    @property
    def word(self) -> str:
        """Text that stands in few of a day's records: the beginning of a number plate."""
        return f"SL{self.number}7"


def cameras(rows: int, size: int, largest: int) -> int:
    """Cameras of size ``size``, where ``rows`` is asked of the ``largest``; at least one a unit."""
    return max(1, round(rows / EPISODES / largest)) * size


def episode_id(step: int, camera: int) -> int:
    """A snowflake-like id; ``archive.sql`` makes the same."""
    return (START_MS + step * STEP_MS - _TWITTER_MS) << 22 | camera


def days(parts: int) -> list[tuple[int, int]]:
    """The archive's days cut into ``parts``, as (first, end) days."""
    return [(DAYS * part // parts, DAYS * (part + 1) // parts) for part in range(parts)]


def media_sql(cameras: int) -> str:
    """A SELECT of the cameras and the words they are grouped by."""
    return _filled("media", cameras=cameras)


def segments_sql(cameras: int, first: int, end: int) -> str:
    """A SELECT of the segments stored on days ``first`` up to ``end``, in the order in which they were recorded."""
    start, stop = (SLOTS * day // DAYS * cameras for day in (first, end))
    return _filled("segments", cameras=cameras, first=start, count=stop - start)


def episodes_sql(cameras: int, first: int, end: int, *, current: bool) -> str:
    """A SELECT of the episodes opened on days ``first`` up to ``end``, roughly in the order in which they opened.

    ``current`` false: how those of them stood at first that have changed since, one in four that last.
    """
    start, stop = (EPISODES * day // DAYS * cameras for day in (first, end))
    return _filled("episodes", cameras=cameras, first=start, count=stop - start, current=int(current))


def _filled(name: str, **values: int) -> str:
    constants = {
        "start_ms": START_MS, "end_ms": END_MS, "day_ms": DAY_MS, "step_ms": STEP_MS, "segment_ms": SEGMENT_MS,
        "partitions": PARTITIONS, "epoch_ms": _TWITTER_MS,
    }  # fmt: skip
    return Template(parts(_HERE / "archive.sql")[name]).substitute(constants | values)


def parts(file: Path) -> dict[str, str]:
    """The parts of an SQL file by the names behind ``-- name:``; what stands before the first is left out."""
    _, *rest = re.split(r"^-- name: (.+)$", file.read_text("utf-8"), flags=re.MULTILINE)
    return {name: body.strip() for name, body in zip(rest[::2], rest[1::2], strict=True)}
