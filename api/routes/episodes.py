"""Episodes: the list and its feed, one of them, its history, and the saves that were refused."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response
from starlette.concurrency import run_in_threadpool

from api.access.cameras import NotForLinks
from api.auth import Asking
from api.deps import FromApp, FromEpisodes, FromFeed, FromVisible, FromWorld
from api.episodes import cursors, pages, shapes
from api.episodes.asked import Asked, SortBy, order_of
from api.episodes.cursors import RefusalCursor
from api.episodes.reviewed import with_reviews
from api.episodes.store import Episodes
from api.errors import Problem, bad_field, bad_query
from api.times import Time
from projections.episodes.reads import RefusalSearch, StoredEpisode
from schemas import ids
from schemas import media as media_names

router = APIRouter(tags=["episodes"])
LONGEST_POLL_S = 60
_JSON: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {"schema": {"type": "object"}}}}}


def _episode_id(
    text: Annotated[str, Path(alias="id", description="Made by the source: an unsigned 64-bit integer, in digits")],
) -> int:
    """The id in the path; 400 with the rule."""
    try:
        return ids.parse(text, "id")
    except ValueError as error:
        raise Problem(400, "bad-episode-id", str(error), errors=[bad_field("id", str(error), "path")]) from None


def _camera(
    media: Annotated[str | None, Query(max_length=256, description="Camera; ids are the sources' own")] = None,
) -> str | None:
    """The camera asked for, as it is stored; 400 for no name of one."""
    try:
        return None if media is None else media_names.normalise(media)
    except media_names.BadMediaName as error:
        raise bad_query("media", str(error)) from None


EpisodeId = Annotated[int, Depends(_episode_id)]
OfCamera = Annotated[str | None, Depends(_camera)]
Limit = Annotated[int, Query(ge=1, le=1000, description="Most in one answer")]
Sealed = Annotated[str | None, Query(max_length=16_384, description="`next` or `prev` of an answer before")]
Wait = Annotated[
    float | None,
    Query(ge=0, le=LONGEST_POLL_S, description="Seconds to wait for a change; makes this a feed of changes"),
]


@router.get("/episodes", responses=_JSON)
async def list_episodes(
    search: Asked, scope: Asking, app: FromApp, world: FromWorld, feed: FromFeed, visible: FromVisible,
    sort: SortBy | None = None, limit: Limit = 100, cursor: Sealed = None, poll_timeout: Wait = None,
) -> Response:  # fmt: skip
    """Episodes as they are now, page by page; with ``poll_timeout`` every change of them, each once."""
    if poll_timeout is None:
        order = order_of(sort or "-opened_at")
        found = await run_in_threadpool(pages.page, app.episodes, search, order, limit, cursor)
    elif sort not in (None, "updated_at"):
        raise bad_query("sort", "the feed has an order of its own; leave it out beside poll_timeout")
    else:
        start = cursors.feed_cursor(cursor) if cursor else None
        told = await feed.poll(search, start, limit, poll_timeout, visible)
        found = pages.Page(told.episodes, cursors.seal(told.next), None, len(told.episodes))
    shown = await feed.shared(shapes.episodes, world.archive, tuple(found.episodes))
    if poll_timeout is None:  # a feed is told to thousands at once, and the same to all
        shown = await run_in_threadpool(with_reviews, app.reviews, scope, shown)
    return shapes.answer(found._asdict() | {"episodes": shown})


@router.get("/episodes/refusals", responses=_JSON, dependencies=[NotForLinks])
def list_refusals(
    episodes: FromEpisodes,
    media: OfCamera = None,
    episode_id: Annotated[str | None, Query(description="Only of this episode")] = None,
    reason: Annotated[str | None, Query(max_length=128, description="stale, opened_at_changed, …")] = None,
    from_ms: Annotated[Time | None, Query(description="Refused at this time or later")] = None,
    to_ms: Annotated[Time | None, Query(description="Refused before this time")] = None,
    limit: Limit = 100,
    cursor: Sealed = None,
) -> Response:
    """Saves that were refused, with the reason, the latest first."""
    search = RefusalSearch(media=media, episode_id=_number(episode_id), reason=reason, from_ms=from_ms, to_ms=to_ms)
    after = cursors.refusal_cursor(cursor) if cursor else None
    found = episodes.refusals(search, limit + 1, (after.at_ms, after.save_id) if after else None)
    last = found[limit - 1] if len(found) > limit else None
    following = cursors.seal(RefusalCursor(at_ms=last.observed_ms, save_id=last.save_id)) if last else None
    return shapes.answer({"refusals": [shapes.refusal(one) for one in found[:limit]], "next": following})


@router.get("/episodes/{id}", responses=_JSON)
def get_episode(episode_id: EpisodeId, scope: Asking, app: FromApp, media: OfCamera = None) -> Response:
    """One episode; where several cameras have its id, the one that changed last, and ``other_media`` names the rest."""
    found = _require(app.episodes, episode_id, media)
    others = [one.media for one in found[1:]]
    told = with_reviews(app.reviews, scope, shapes.episodes(app.archive, found[:1]))[0]
    return shapes.answer(told | ({"other_media": others} if others else {}))


@router.get("/episodes/{id}/versions", responses=_JSON)
def list_versions(episode_id: EpisodeId, app: FromApp, media: OfCamera = None) -> Response:
    """Every accepted version of an episode, oldest first: who saved what, and when."""
    episode = _require(app.episodes, episode_id, media)[0]
    return shapes.answer({"versions": shapes.episodes(app.archive, app.episodes.versions(episode))})


def _require(episodes: Episodes, episode_id: int, media: str | None) -> list[StoredEpisode]:
    found = episodes.with_id(episode_id, None, media)
    if not found:
        raise no_such_episode(episode_id, media)
    return found


def no_such_episode(episode_id: int, media: str | None) -> Problem:
    """404, and what it may mean."""
    where = f" of camera {media!r}" if media else ""
    detail = f"no episode {episode_id}{where} was accepted; GET /api/v1/episodes/refusals tells what was refused"
    return Problem(404, "no-such-episode", detail)


def _number(text: str | None) -> int | None:
    try:
        return None if text is None else ids.parse(text, "episode_id")
    except ValueError as error:
        raise bad_query("episode_id", str(error)) from None
