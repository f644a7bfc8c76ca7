"""Reads everything that is known of a stretch of one camera, before anything is said of it."""

from collections.abc import Iterable

from api.deps import Deps
from api.errors import Problem
from api.missing import no_such_media
from api.retention.known import Known
from projections.episodes.reads import StoredEpisode
from projections.expirations.reads import StoredExpiration
from projections.motion.reads import ScanSearch
from projections.protected_ranges.reads import StoredHold, StoredLock, StoredRange
from schemas.intervals import Span

MOST_SEGMENTS = 20_000
MOST_HOLDS = 50
"""Of so many holds of a kind it is told what they are; of others their ids."""
PROJECTIONS = ("segments", "motion", "episodes", "media", "expirations", "protected_ranges")
"""Whose tables are read; what they have not seen is not known."""


def gathered(app: Deps, media: str, span: Span, now_ms: int) -> Known:
    """What is known of a camera in ``span``. 404 where nobody knows it, 400 where it is too much for one answer."""
    camera, reach = app.archive.camera(media), app.history.reach(media)
    if camera is None and reach is None:
        raise no_such_media(media)
    footage = app.history.footage(media, span, MOST_SEGMENTS + 1)
    if len(footage) > MOST_SEGMENTS:
        raise Problem(400, "window-too-long", f"more than {MOST_SEGMENTS} segments in one window; ask in pieces")
    ranges = app.protection.within(media, span)
    expirations = app.retention.within(media, span)
    scans = app.motion.scans(ScanSearch(media=media, span=span), MOST_SEGMENTS)
    return Known(
        media=media, now_ms=now_ms, camera=camera, reach=reach, footage=tuple(footage),
        gaps=tuple(app.archive.gaps(media, span)), ranges=tuple(ranges), episodes=_episodes(app, media, ranges),
        locks=_locks(app, ranges), expirations=tuple(expirations),
        deletions=tuple(app.history.deletions(media, _hull(span, expirations))),
        judged=frozenset(one.start_ms for one in scans),
    )  # fmt: skip


def _hull(span: Span, expirations: Iterable[StoredExpiration]) -> Span:
    """The span, and all that orders name in it: where a part of one is gone says that it was carried out."""
    orders = [one for one in expirations if one.state == "ordered"]
    return Span(
        min([span.start_ms, *(one.start_ms for one in orders)]), max([span.end_ms, *(one.end_ms for one in orders)])
    )


def _episodes(app: Deps, media: str, ranges: Iterable[StoredRange]) -> dict[int, StoredEpisode]:
    wanted = [one.id for one in _holds(ranges) if one.kind == "episode"]
    found = (app.episodes.with_id(one, None, media) for one in wanted[:MOST_HOLDS])
    return {each[0].episode_id: each[0] for each in found if each}


def _locks(app: Deps, ranges: Iterable[StoredRange]) -> dict[int, StoredLock]:
    wanted = [one.id for one in _holds(ranges) if one.kind != "episode"]
    found = (app.protection.lock(one) for one in wanted[:MOST_HOLDS])
    return {one.lock_id: one for one in found if one}


def _holds(ranges: Iterable[StoredRange]) -> list[StoredHold]:
    """Each once, in order of kind and id."""
    return sorted({hold for one in ranges for hold in one.holds})
