"""Media servers that record on their own and ask what they have to keep, as Flussonic does before it deletes."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from api import writes
from api.access.scope import not_allowed
from api.auth import Asking
from api.deps import Deps, FromApp, FromSettings
from api.errors import Problem, bad_query
from api.listed import cameras
from api.protection.coalesced import Kept, coalesced
from api.seen.reach import Reach
from api.times import Time
from infra import clock
from projections.protected_ranges.reads import LAST_MS, StoredRange
from schemas import ids
from schemas.intervals import Span

router = APIRouter(tags=["retention"])
CERTAIN_S = 300.0
"""What came in so long, and twice ``settle_ms``, may be missing from an answer: what a server deletes is much older.

A round of certainty lasts ``settle_ms`` and as long as what lags needs.
"""
WAIT_S = 15.0
"""How long a question waits for a round to end."""
READ_S = 5.0
MOST_RANGES = 200_000
MOST_CAMERAS = 2_000
_EXACT_BITS = 53
"""Integers of so many bits every JSON reader takes as they are."""

Hostname = Annotated[str, Path(max_length=255, description="The media server that asks; every one gets the same")]
Names = Annotated[str | None, Query(max_length=300_000, description="Cameras, with commas; every camera if left out")]
OpenedBefore = Annotated[Time | None, Query(description="Only ranges that begin before this time")]
ClosedAfter = Annotated[Time | None, Query(description="Only ranges that end after this time")]


@router.get("/central/api/v3/streamers/{hostname}/episodes")
def list_kept(
    hostname: Hostname, scope: Asking, app: FromApp, settings: FromSettings, media: Names = None,
    opened_at_lt: OpenedBefore = None, closed_at_gt: ClosedAfter = None,
) -> dict[str, Any]:  # fmt: skip
    """Protected ranges as closed episodes, for a media server that deletes what no episode covers.

    Whoever is missing from a good answer is erased. So the answer is an error whenever it is not certain: while
    protection or anything before it lags, while a server is away, and for a camera that nobody knows.
    """
    names = cameras(media) if media is not None else None
    if scope.media is not None:
        if names is None:  # whoever is missing from a good answer is erased, and here that is nearly everybody
            raise not_allowed("you may not see every camera: name those that you ask about with media=")
        _require(set(names) <= scope.media, tuple(one for one in names if one not in scope.media))
    _require_whole(Reach(scope, clock.now_ms()), names)
    span = _span(opened_at_lt, closed_at_gt)
    _require_certain(app, _partitions(app, names), CERTAIN_S + settings.settle_ms / 500)
    found = _ranges(app, names, span)
    episodes = [_episode(name, one) for name, ranges in found.items() for one in coalesced(ranges)]
    return {"episodes": episodes, "next": None, "prev": None, "estimated_count": len(episodes)}


def _span(opened_at_lt: int | None, closed_at_gt: int | None) -> Span:
    """The window: ranges that reach into it are asked for."""
    after = 0 if closed_at_gt is None else min(closed_at_gt, LAST_MS - 1)
    before = LAST_MS if opened_at_lt is None else min(opened_at_lt, LAST_MS)
    if after >= before:
        raise bad_query("closed_at_gt", "must be before opened_at_lt: nothing opens before and closes after")
    return Span(after, before)


def _partitions(app: Deps, names: tuple[str, ...] | None) -> set[int] | None:
    """Where the facts of these cameras stand; None: anywhere. 404 for cameras that nobody knows."""
    if names is None:
        return None
    if len(names) > MOST_CAMERAS:
        raise bad_query("media", f"more than {MOST_CAMERAS} cameras; ask for some, or leave it out for all")
    found = app.protection.partitions(names)
    unplaced = set(names) - found.keys()
    missing = [
        name for name in sorted(unplaced - app.protection.known(sorted(unplaced))) if not _has_footage(app, name)
    ]
    _require(not missing, tuple(missing))
    return set(found.values()) if not unplaced else None


def _has_footage(app: Deps, name: str) -> bool:
    return app.archive.extent(name) is not None


def _require(is_known: bool, names: tuple[str, ...]) -> None:
    """404 rather than an answer without them."""
    if not is_known:
        told = ", ".join(map(repr, names[:10]))
        detail = f"no camera is called {told}; add it, or its footage would be taken for footage that nobody needs"
        raise Problem(404, "no-such-media", detail)


def _require_whole(reach: Reach, names: tuple[str, ...] | None) -> None:
    """403 where something is kept from the caller: what is not told here is deleted there."""
    if not (reach.is_everything if names is None else reach.may_all(names)):
        raise not_allowed("you may not watch the whole archive of these cameras, and what is not told here would go")


def _require_certain(app: Deps, partitions: set[int] | None, age_s: float) -> None:
    """503 unless everything that came up to so long ago has been judged and is in the tables."""
    certain = app.certainty.within(age_s, WAIT_S, partitions)
    if certain is None:
        detail = (
            "what is protected is not certain now: something between the cameras and the protected ranges lags or is"
        )
        detail += " stopped; keep everything. `sightlog doctor` says what, and the journal of processor:retention"
        raise Problem(503, "protection-not-certain", detail, headers={"Retry-After": "30"})
    if not writes.wait_visible(
        lambda: app.protection.has_read("protected_ranges", "protections", certain.ends), READ_S
    ):
        detail = "the tables of protected ranges are behind; keep everything and ask again"
        raise Problem(503, "protection-not-certain", detail, headers={"Retry-After": "30"})


def _ranges(app: Deps, names: tuple[str, ...] | None, span: Span) -> dict[str, list[StoredRange]]:
    """Camera → its ranges, all of them or an error."""
    if names is not None:
        return app.protection.near(names, span)
    found: dict[str, list[StoredRange]] = {}
    ranges = app.protection.everywhere(span, MOST_RANGES + 1)
    if len(ranges) > MOST_RANGES:
        raise bad_query("media", f"more than {MOST_RANGES} ranges in all; name the cameras, or a shorter window")
    for one in ranges:
        found.setdefault(one.media, []).append(one)
    return found


def _episode(media: str, one: Kept) -> dict[str, Any]:
    return {
        "episode_id": ids.derived("kept", media, one.start_ms) >> (64 - _EXACT_BITS),
        "media": media,
        "opened_at": one.start_ms,
        "updated_at": max(one.observed_ms, one.start_ms),
        "closed_at": one.end_ms,
    }
