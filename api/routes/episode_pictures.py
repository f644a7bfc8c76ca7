"""``/episodes/{id}/preview.jpg``: the picture that came with a save, from the object store, cached by its content."""

from pathlib import PurePosixPath
from typing import Annotated, Any, Literal, NamedTuple

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import StreamingResponse

from api.access.auditing import note
from api.deps import FromApp
from api.episodes.store import Episodes
from api.errors import Problem
from api.objects import size_bytes, streamed
from api.routes.episodes import EpisodeId, OfCamera, no_such_episode
from projections.episodes.reads import StoredEpisode
from schemas.intervals import Span

router = APIRouter(tags=["episodes"])
FOR_GOOD = "private, max-age=31536000, immutable"
ASK_AGAIN = "private, no-cache"
_PATH = "/episodes/{id}/preview.jpg"
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/jpeg": {}}}, 304: {"description": "Not modified"},
}  # fmt: skip
Version = Annotated[
    int | None, Query(ge=1, lt=1 << 32, description="The version it came with; left out: the current one")
]
Picture = Annotated[Literal["preview", "frame"], Query(description="frame: the whole frame")]
IfNoneMatch = Annotated[str, Header(alias="If-None-Match", include_in_schema=False)]


class Picked(NamedTuple):
    """One picture, and what is said of it."""

    key: str
    headers: dict[str, str]
    is_known: bool
    """True when the caller has it."""


def picked(
    episode_id: EpisodeId, app: FromApp, request: Request, media: OfCamera = None, version: Version = None,
    picture: Picture = "preview", if_none_match: IfNoneMatch = "",
) -> Picked:  # fmt: skip
    """The picture asked for; 404 when there is none."""
    found = _version(app.episodes, episode_id, media, version)
    note(request, found.media, Span(found.start_ms, max(found.end_ms, found.start_ms + 1)))
    key = _key(found, picture)
    etag = f'"{PurePosixPath(key).stem}"'
    asked = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    headers = {"ETag": etag, "Cache-Control": ASK_AGAIN if version is None else FOR_GOOD}
    return Picked(key, headers, etag in asked or asked == ["*"])


Chosen = Annotated[Picked, Depends(picked)]


@router.get(_PATH, response_class=StreamingResponse, responses=_ANSWERS)
def preview(picture: Chosen, app: FromApp) -> Response:
    """The picture as it was saved. ``ETag`` is its content; with ``version`` it may be kept for good."""
    if picture.is_known:
        return Response(status_code=304, headers=picture.headers)
    return streamed(app.store, picture.key, "image/jpeg", picture.headers, _gone())


@router.head(_PATH, response_class=Response, responses=_ANSWERS, include_in_schema=False)
def preview_head(picture: Chosen, app: FromApp) -> Response:
    """What GET would say, without the picture."""
    if picture.is_known:
        return Response(status_code=304, headers=picture.headers)
    size = size_bytes(app.store, picture.key, _gone())
    return Response(media_type="image/jpeg", headers=picture.headers | {"Content-Length": str(size)})


def _version(episodes: Episodes, episode_id: int, media: str | None, version: int | None) -> StoredEpisode:
    """The version asked for, the current one without; 404 when there is none."""
    current = episodes.with_id(episode_id, None, media)
    if not current:
        raise no_such_episode(episode_id, media)
    if version is None or version == current[0].version:
        return current[0]
    named = [one for one in episodes.versions(current[0]) if one.version == version]
    if not named:
        raise Problem(404, "no-such-version", f"the latest version of this episode is {current[0].version}")
    return named[0]


def _key(episode: StoredEpisode, picture: str) -> str:
    key = episode.preview_key if picture == "preview" else episode.frame_preview_key
    if not key:
        why = f": {episode.preview_dropped}" if episode.preview_dropped else ""
        raise Problem(404, "no-picture", f"version {episode.version} of this episode has no such picture{why}")
    return key


def _gone() -> Problem:
    return Problem(404, "picture-gone", "the picture is no longer in the object store")
