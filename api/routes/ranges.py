"""What is recorded, when: ranges, days, activity."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.access.cameras import Archived
from api.deps import FromArchive, FromEpisodes, FromProtection
from api.errors import bad_query
from api.missing import require_known
from api.protection.coalesced import coalesced, shape
from api.times import From, To, window

router = APIRouter(tags=["archive"])
MAX_STEPS = 20_000
JOIN_MS = 40
"""Rounding between two segments is no hole."""
Step = Annotated[int, Query(ge=1, description="Length of one bucket, ms")]


@router.get("/media/{media}/ranges")
def ranges(
    media: Archived, from_ms: From, to_ms: To, archive: FromArchive, protection: FromProtection
) -> dict[str, list[dict[str, Any]]]:
    """Coalesced recorded, protected and gap ranges, cut to the window. An open gap ends with the window."""
    span = window(from_ms, to_ms)
    require_known(archive, media)
    gaps = [
        {"start_ms": max(gap.start_ms, from_ms), "end_ms": min(gap.end_ms or to_ms, to_ms), "reason": gap.reason}
        for gap in archive.gaps(media, span)
    ]
    recorded = [{"start_ms": one.start_ms, "end_ms": one.end_ms} for one in archive.recorded(media, span, JOIN_MS)]
    protected = [shape(one) for one in coalesced(protection.within(media, span), span)]
    return {"recorded": recorded, "protected": protected, "gaps": gaps}


@router.get("/media/{media}/days")
def days(media: Archived, archive: FromArchive, episodes: FromEpisodes) -> dict[str, list[dict[str, Any]]]:
    """The days (UTC) that hold footage or on which an episode opened, ascending."""
    opened = episodes.days(media)
    recorded = {one.day: one.recorded_ms for one in archive.days(media)}
    if not opened and not recorded:
        require_known(archive, media)
    told = sorted(opened.keys() | recorded.keys())
    return {"days": [{"day": day, "recorded_ms": recorded.get(day, 0), "episodes": opened.get(day, 0)} for day in told]}


@router.get("/media/{media}/activity")
def activity(
    media: Archived, from_ms: From, to_ms: To, archive: FromArchive, episodes: FromEpisodes, step_ms: Step = 60_000
) -> dict[str, Any]:
    """Milliseconds recorded, and episodes opened, in each step of the window."""
    span = window(from_ms, to_ms)
    if span.length_ms > step_ms * MAX_STEPS:
        raise bad_query(
            "step_ms", f"the window has more than {MAX_STEPS} steps; make step_ms larger or the window shorter"
        )
    recorded, opened = archive.activity(media, span, step_ms), episodes.activity(media, span, step_ms)
    if not opened and not any(recorded):
        require_known(archive, media)
    marks = [opened.get(step, 0) for step in range(len(recorded))]
    return {"from_ms": from_ms, "step_ms": step_ms, "recorded_ms": recorded, "episodes": marks}
