"""What a stretch of footage teaches: a fold over its key pictures, in order. The same footage, the same baseline."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from processors.motion.detector import Bytes, ObjectMissing
from processors.motion.frames.reader import Limits, Picture, Reader, Unreadable
from processors.motion.rules.spans import score_of
from processors.motion.score import baseline as learning
from processors.motion.score import blocks, light, seed
from processors.motion.score.baseline import Baseline
from processors.motion.score.moved import Moved, moved
from schemas.facts import Look, SegmentRecorded

Level = Literal["keyframes", "borders", "all"]


class Known(NamedTuple):
    """What is known after some footage."""

    baseline: Baseline
    last: Look
    """Of the latest key picture."""
    best: float
    """The highest score since something began to move; 0: nothing moves."""
    from_ms: int
    """Since when it was learned."""

    @property
    def size_bytes(self) -> int:
        """What it takes in memory."""
        return self.baseline.size_bytes + len(self.last.grid)


class KeyLook(NamedTuple):
    """One key picture, and what was known with it."""

    picture: Picture
    look: Look
    known: Known
    is_other_scene: bool


def looked(known: Known | None, pictures: Sequence[Picture], from_ms: int) -> list[KeyLook]:
    """The looks at key pictures, each against what those before it taught."""
    found: list[KeyLook] = []
    for picture in pictures:
        found.append(_next(known, picture, from_ms))
        known = found[-1].known
    return found


def _next(known: Known | None, picture: Picture, from_ms: int) -> KeyLook:
    if known is None:
        look = Look(at_ms=picture.at_ms, score=0.0)
        return KeyLook(picture, look, Known(learning.begun(picture.luma), look, 0.0, from_ms), False)
    seen = moved(known.baseline, light.view(picture.luma))
    look = look_of(picture.at_ms, seen, "keyframes")
    best = max(known.best, look.score) if look.grid else 0.0
    baseline = learning.learned(known.baseline, seen)
    return KeyLook(picture, look, Known(baseline, look, best, known.from_ms), seen.is_other_scene)


def look_of(at_ms: int, seen: Moved, level: Level) -> Look:
    """A scored picture as a look. Where all is another scene nothing can be said to have moved."""
    if seen.is_other_scene or not seen.strengths.any():
        return Look(at_ms=at_ms, score=0.0, level=level)
    grid = blocks.cells(seen.strengths)
    return Look(at_ms=at_ms, score=round(score_of(float(seen.strengths.mean())), 3), grid=grid.tobytes(), level=level)


def seeded(pictures: Sequence[Picture], from_ms: int) -> Known:
    """What the first footage after a hole teaches of its own scene, by all of its pictures."""
    baseline = seed.begun([picture.luma for picture in pictures])
    return Known(baseline, Look(at_ms=pictures[0].at_ms, score=0.0), 0.0, from_ms)


def taught(
    chain: Sequence[SegmentRecorded], known: Known | None, is_start: bool, footage: Bytes, limits: Limits
) -> Known | None:
    """What is known after ``chain``, if ``known`` was known before it. None: nothing of it could be read.

    ``is_start``: the first of the chain is the first after a hole. Footage that cannot be read,
    or is gone, is a hole. Raises StoreUnavailable.
    """
    for number, segment in enumerate(chain):
        try:
            reader = Reader(segment, footage, limits)
            if known is None and (is_start or number):
                known = seeded(dense(reader, segment), segment.start_ms)
            looks = looked(known, reader.key_pictures(), segment.start_ms)
        except (Unreadable, ObjectMissing):
            continue
        known = looks[-1].known
    return known


def dense(reader: Reader, segment: SegmentRecorded) -> list[Picture]:
    """All its pictures at five a second."""
    return list(reader.pictures(0, len(segment.keyframes) - 1))
