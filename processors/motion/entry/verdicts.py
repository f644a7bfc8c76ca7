"""A verdict as a fact. Pure."""

from typing import Any, cast

from processors.motion.entry.chain import Known
from processors.motion.entry.messages import Judged
from processors.motion.rules.spans import parameters
from schemas.facts import SegmentScanned
from schemas.motion import MotionConfig

GONE = "the footage is gone"


def judged(segment: Known, config: MotionConfig, found: Judged, run: str, now_ms: int) -> SegmentScanned:
    """What an eye found."""
    name, _, version = config.detector.partition("@")
    return SegmentScanned(
        media=segment.media, observed_ms=now_ms, start_ms=segment.start_ms, end_ms=segment.end_ms,
        verdict=cast(Any, found.verdict), reason=found.reason, level=cast(Any, found.level), spans=found.spans,
        looks=found.looks,
        detector=name, version=version, parameters=parameters(config), run=run, begins_run=segment.begins_run,
        baseline_from_ms=found.baseline_from_ms, preview_key=found.preview_key, preview_ms=found.preview_ms,
    )  # fmt: skip


def passed_over(segment: Known, config: MotionConfig, why: str, run: str, now_ms: int) -> SegmentScanned:
    """Nobody wanted to know."""
    return judged(segment, config, Judged(0, "still", "none", why), run, now_ms)


def unreadable(segment: Known, config: MotionConfig, why: str, run: str, now_ms: int) -> SegmentScanned:
    """Nobody can know."""
    return judged(segment, config, Judged(0, "unreadable", "none", why), run, now_ms)
