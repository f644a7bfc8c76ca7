"""Motion of one camera: what was seen when, and when something moved in a part of the picture."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api import cursors
from api.access.cameras import Archived, NotForLinks
from api.deps import FromArchive, FromMotion, FromRuns
from api.episodes.shapes import answer
from api.errors import bad_query
from api.missing import require_known
from api.motion import asked, shapes
from api.motion.store import Runs
from api.times import From, To, window
from projections.motion.reads import LIVE, ScanSearch

router = APIRouter(tags=["motion"])
_JSON: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {"schema": {"type": "object"}}}}}
MIN_ENERGY = 8
"""What counts at the usual sensitivity."""
Run = Annotated[
    str | None, Query(max_length=64, description="Verdicts of this run, or `live` ones; else those that count")
]
Verdicts = Annotated[str | None, Query(max_length=64, description="motion, still, unreadable; or several with commas")]
Region = Annotated[
    str | None, Query(max_length=2048, description="x,y,x,y,x,y… in shares of the picture: only where it moved there")
]
Energy = Annotated[int, Query(ge=1, le=255, description="Least energy of a block of the region")]
Looks = Annotated[bool, Query(description="With every look and its grid")]
Limit = Annotated[int, Query(ge=1, le=5000, description="Most verdicts in one answer")]
Cursor = Annotated[str, Query(max_length=64, description="`next` of the page before")]


@router.get("/media/{media}/motion", responses=_JSON, dependencies=[NotForLinks])
def motion(
    media: Archived, from_ms: From, to_ms: To, archive: FromArchive, scans: FromMotion, runs: FromRuns, run: Run = None,
    verdict: Verdicts = None, region: Region = None, min_energy: Energy = MIN_ENERGY, looks: Looks = False,
    limit: Limit = 1000, cursor: Cursor = "",
) -> Response:  # fmt: skip
    """Verdicts on the segments that reach into the window, by time, and how many segments got which."""
    search = ScanSearch(
        media=media, span=window(from_ms, to_ms), runs=_whose(runs, media, run), verdicts=asked.verdicts(verdict),
        cells=asked.region(region), min_energy=min_energy,
    )  # fmt: skip
    after_ms = _after(cursor)
    found = scans.scans(search, limit + 1, after_ms, looks)
    if not found:
        require_known(archive, media)
    told: dict[str, Any] = {"verdicts": [shapes.scan(one, looks) for one in found[:limit]]}
    told |= {"counts": scans.counts(search)} if after_ms is None else {}
    return answer(told | {"next": cursors.seal(str(found[limit - 1].start_ms)) if len(found) > limit else None})


def _whose(runs: Runs, media: str, run: str | None) -> tuple[str, ...]:
    """The runs whose verdicts are asked for, the one that counts first."""
    if run is None:
        return (*runs.promoted(media), LIVE)
    return (LIVE,) if run == asked.LIVE else (run,)


def _after(cursor: str) -> int | None:
    text = cursors.unseal(cursor)
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise bad_query("cursor", "not a cursor from `next`; leave it out to begin at the start")
    return int(text)
