"""What an analytics product would see in the demo cameras' loops: who, when, where in the picture. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from msgspec import structs

from schemas import ids
from schemas.episode import EpisodeRecord, Originator

LOOP_MS = 60_000
HOSTNAME = "demo-analytics"
_WIDTH_PX, _HEIGHT_PX = 640, 360
_PLATE_AFTER_MS = 2000
Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, width, height in pixels of the picture."""


@dataclass(frozen=True)
class Sight:
    """One thing that passes once a loop, from ``begin_s`` to ``end_s``."""

    media: str
    episode_type: str
    title: str
    labels: tuple[str, ...]
    begin_s: float
    end_s: float
    box: Callable[[float], Box]
    """Where it is at a second of the loop."""
    score: float = 0.9
    plate: str | None = None
    match_score: float | None = None

    @property
    def middle_s(self) -> float:
        """When it is seen best."""
        return (self.begin_s + self.end_s) / 2


def _person(first_px: float, begin_s: float, px_per_s: float, top_px: float) -> Callable[[float], Box]:
    return lambda at_s: (first_px + (at_s - begin_s) * px_per_s, top_px - 24, 26, 86)


def _car(begin_s: float, px_per_s: float, plate: str, colour: str, score: float) -> Sight:
    """A car that drives right (positive speed, far lane) or left (near lane)."""
    begin_px, top_px = (-90.0, 198.0) if px_per_s > 0 else (660.0, 252.0)
    return Sight(
        "demo-road", "vehicle", f"{colour.capitalize()} car", ("car", colour), begin_s, begin_s + 700 / abs(px_per_s),
        lambda at_s: (begin_px + (at_s - begin_s) * px_per_s, top_px, 84, 46), score, plate,
    )  # fmt: skip


SIGHTS = (
    Sight("demo-gate", "human", "Person at the gate", ("person",), 6, 16, _person(-30, 6, 70, 205), 0.94),
    Sight("demo-gate", "human", "Person at the gate", ("person",), 36, 46, _person(-30, 36, 70, 205), 0.91),
    _car(2, 150, "WX 4071K", "red", 0.97),
    _car(9, -160, "KR 88213", "green", 0.93),
    _car(19, 190, "PO 5NV90", "grey", 0.95),
    _car(33, -210, "GD 7731E", "yellow", 0.89),
    _car(41, 170, "WX 0042A", "blue", 0.96),
    _car(50, -140, "LU 61909", "purple", 0.92),
    Sight(
        "demo-store", "face", "Known face", ("person", "staff"), 44, 51, _person(600, 44, -95, 235), 0.88,
        match_score=0.83,
    ),
    Sight("demo-yard", "animal", "Cat", ("cat",), 12, 19, lambda at_s: (310 + (at_s - 12) * 40, 235, 60, 30), 0.61),
    Sight("demo-yard", "human", "Torch", ("light",), 36, 47, lambda at_s: (20 + (at_s - 36) * 45, 180, 80, 80), 0.72),
)  # fmt: skip


def begun(sight: Sight, loop_ms: int, after_ms: int, until_ms: int) -> int | None:
    """When the thing last came into view, if that was in (after, until]. ``loop_ms``: when some loop began."""
    first_ms = loop_ms + round(sight.begin_s * 1000)
    latest_ms = first_ms + (until_ms - first_ms) // LOOP_MS * LOOP_MS
    return latest_ms if latest_ms > after_ms else None


def saves(sight: Sight, opened_ms: int) -> list[EpisodeRecord]:
    """The saves of one episode: opened, seen best, closed, and for a car its plate, read a little later."""
    middle_ms, end_ms = (opened_ms + round((at_s - sight.begin_s) * 1000) for at_s in (sight.middle_s, sight.end_s))
    opened = EpisodeRecord(
        episode_id=ids.derived(HOSTNAME, sight.media, sight.title, opened_ms), media=sight.media, opened_at=opened_ms,
        updated_at=opened_ms, episode_type=sight.episode_type, title=sight.title, labels=sight.labels,
        originator=Originator(source="inference", hostname=HOSTNAME),
    )  # fmt: skip
    seen = structs.replace(
        opened, updated_at=middle_ms, score=sight.score, match_score=sight.match_score, preview_timestamp=middle_ms,
        detections=({"label": sight.labels[0], "score": sight.score, "box": share(sight.box(sight.middle_s))},),
    )  # fmt: skip
    closed = structs.replace(seen, updated_at=end_ms, closed_at=end_ms, close_reason="left the picture")
    read = structs.replace(closed, updated_at=end_ms + _PLATE_AFTER_MS, license_plate_text=sight.plate)
    return [opened, seen, closed, read] if sight.plate else [opened, seen, closed]


def share(box: Box) -> list[float]:
    """The box as shares of the picture, cut to it: left, top, width, height."""
    left, top = max(box[0], 0.0), max(box[1], 0.0)
    right, bottom = min(box[0] + box[2], _WIDTH_PX), min(box[1] + box[3], _HEIGHT_PX)
    parts = (left / _WIDTH_PX, top / _HEIGHT_PX, (right - left) / _WIDTH_PX, (bottom - top) / _HEIGHT_PX)
    return [round(max(part, 0.0), 4) for part in parts]
