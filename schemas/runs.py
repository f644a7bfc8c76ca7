"""Runs of recording: their ids, and which segment is a run's first. Pure."""

from schemas import ids
from schemas.facts import SegmentRecorded


def run_id(media: str, start_ms: int, origin: str) -> str:
    """The id of the run that starts there: the same for the same footage ingested again."""
    return f"{ids.derived('run', media, start_ms, origin):016x}"


def salvaged_id(start_ms: int) -> str:
    """The id of what a crash left of a segment: a run of its own."""
    return f"{start_ms:x}-salvaged"


def begins_run(segment: SegmentRecorded) -> bool:
    """True when the segment is the first of its run: nothing before it belongs to it."""
    return segment.run_id in (
        run_id(segment.media, segment.start_ms, segment.origin), salvaged_id(segment.start_ms)
    )  # fmt: skip
