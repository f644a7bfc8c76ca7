"""Verdicts from looks that were taken before: other zones, another sensitivity, no footage. Pure."""

from collections.abc import Sequence

from msgspec import structs

from processors.motion.rules.spans import judged_many, parameters
from schemas.facts import SegmentScanned
from schemas.intervals import Span
from schemas.motion import MotionConfig, MotionSpan

NEVER_LOOKED = "nobody looked at it then, so there is nothing to judge anew"


def judged_anew(
    verdicts: Sequence[SegmentScanned], config: MotionConfig, run: str, now_ms: int
) -> list[SegmentScanned]:
    """What these live verdicts of one camera come to under ``config``, as those of a run.

    Levels and looks stay; what could not be read stays unreadable.
    """
    spans = judged_many([(Span(one.from_ms, one.end_ms), one.looks) for one in verdicts], config)
    told = parameters(config)
    return [
        structs.replace(_judged(one, found), run=run, parameters=told, observed_ms=now_ms)
        for one, found in zip(verdicts, spans, strict=True)
    ]


def passed_over(verdict: SegmentScanned, config: MotionConfig, why: str, run: str, now_ms: int) -> SegmentScanned:
    """The verdict of a run that does not want to know of this segment."""
    return structs.replace(
        verdict, verdict="still", reason=why, level="none", spans=(), looks=(), baseline_from_ms=None,
        preview_key=None, preview_ms=None, run=run, parameters=parameters(config), observed_ms=now_ms,
    )  # fmt: skip


def _judged(verdict: SegmentScanned, spans: tuple[MotionSpan, ...]) -> SegmentScanned:
    if verdict.verdict == "unreadable":
        return verdict
    if verdict.level == "none":
        return structs.replace(verdict, reason=NEVER_LOOKED)
    at_ms = verdict.preview_ms
    is_shown = at_ms is not None and any(one.start_ms <= at_ms < one.end_ms for one in spans)
    return structs.replace(
        verdict, verdict="motion" if spans else "still", spans=spans,
        preview_key=verdict.preview_key if is_shown else None, preview_ms=at_ms if is_shown else None,
    )  # fmt: skip
