"""``/episodes/{id}/clip.mp4``: one episode as one file, with a little of what was before and after it."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from api.access.auditing import note
from api.auth import Asking
from api.deps import FromApp
from api.episodes.coverage import HOLE_MS, status
from api.exported import exported
from api.missing import nothing_recorded
from api.mp4.joining import Window
from api.routes.episodes import EpisodeId, OfCamera, no_such_episode
from api.routes.export import FILE, Gaps
from api.seen.reach import Reach
from infra import clock
from projections.episodes.reads import StoredEpisode
from schemas.intervals import Span

router = APIRouter(tags=["episodes"])
MOST_MS = 600_000
"""Longest roll."""

Pre = Annotated[int, Query(ge=0, le=MOST_MS, description="How much before its start, from the key frame before that")]
Post = Annotated[int, Query(ge=0, le=MOST_MS, description="How much after its end")]


class _Mark(msgspec.Struct):
    """What an open episode of ours says in its payload."""

    until_ms: int = 0


@router.get("/episodes/{id}/clip.mp4", response_class=StreamingResponse, responses=FILE)
def clip(
    episode_id: EpisodeId, scope: Asking, app: FromApp, request: Request, media: OfCamera = None,
    pre_ms: Pre = 5000, post_ms: Post = 5000, gaps: Gaps = "skip",
) -> StreamingResponse:  # fmt: skip
    """The footage of an episode as one MP4 file, copied frame by frame, not re-encoded.

    ``X-Recording-Status`` says how much of the episode is in it: ``full``, or ``partial`` where the rest was not
    recorded or is gone by now. Where nothing of it is left: 404.
    """
    found = app.episodes.with_id(episode_id, None, media)
    if not found:
        raise no_such_episode(episode_id, media)
    camera, span = found[0].media, marked(found[0])
    scope.require("export", camera)
    kept = status(span, app.archive.footage({camera: [span]}, HOLE_MS).get(camera, []))
    if kept == "none":
        raise nothing_recorded(app.archive, camera, span)
    note(request, camera, Span(max(0, span.start_ms - pre_ms), span.end_ms + post_ms))
    wanted = Window(max(0, span.start_ms - pre_ms), span.end_ms + post_ms, gaps == "keep")
    return exported(app, Reach(scope, clock.now_ms()), camera, wanted, {"X-Recording-Status": kept})


def marked(episode: StoredEpisode) -> Span:
    """The stretch that an episode marks, never empty; an open one of ours says itself how far it reaches."""
    end_ms = episode.end_ms
    if episode.closed_ms is None:
        end_ms = _until_ms(episode) or end_ms
    return Span(episode.start_ms, max(end_ms, episode.start_ms + 1))


def _until_ms(episode: StoredEpisode) -> int:
    """What its payload says; 0: nothing of use."""
    try:
        return msgspec.json.decode(episode.payload or "{}", type=_Mark).until_ms
    except msgspec.MsgspecError:
        return 0
