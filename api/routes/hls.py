"""``archive.m3u8`` and ``live.m3u8``: playlists over objects that players fetch from the store themselves."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from api import footage, live, playlists, signing
from api.access.cameras import Archived, Watched, media_name
from api.archive import Archive
from api.auth import Asking
from api.deps import FromApp, FromSettings, FromWorld, Secret
from api.episodes.shapes import mark
from api.errors import Problem
from api.footage import Segment
from api.missing import no_such_media, nothing_recorded
from api.mp4.boxes import Broken
from api.mp4.cutting import fragments_until
from api.objects import why_not
from api.seen.reach import Reach
from api.times import MAX_MS, From, Time, To, iso, window
from infra import clock
from infra.objects import ObjectMissing
from schemas.intervals import Span

router = APIRouter(tags=["play"])
signed = APIRouter(tags=["play"])
"""What carries its right in its own address."""
MAX_SEGMENTS = 20_000
"""About 33 hours of 6 s segments."""
MAX_MARKS = 1_000
"""More are not told on a playlist; the list of episodes has them all."""
STALE_MS = 60_000
"""A camera silent for this long has no live picture to begin with."""

Signed = Annotated[str, Depends(media_name)]
"""A name that nobody asked a right for: the address carries its own."""
Master = Annotated[bool, Query(description="1: a multivariant playlist that names the codecs")]
Anchor = Annotated[Time | None, Query(description="Set by the playlist itself: where counting began")]
Signature = Annotated[str, Query(max_length=128, description="Set by the playlist itself, beside from_ms")]
_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"content": {playlists.CONTENT_TYPE: {}}, "description": "An HLS playlist"}
}


@router.get("/media/{media}/archive.m3u8", response_class=Response, responses=_ANSWER)
def archive_playlist(
    media: Archived, scope: Asking, from_ms: From, to_ms: To, app: FromApp, settings: FromSettings, secret: Secret,
    master: Master = False,
) -> Response:  # fmt: skip
    """A finished playlist of the footage in the window, in whole segments, with discontinuities at holes."""
    span = window(from_ms, to_ms)
    segments = app.archive.segments(media, span, MAX_SEGMENTS + 1)
    if not segments:
        raise nothing_recorded(app.archive, media, span)
    if len(segments) > MAX_SEGMENTS:
        raise Problem(400, "window-too-long", f"more than {MAX_SEGMENTS} segments; ask for a shorter window")
    if master:
        return _playlist(playlists.multivariant(segments, f"archive.m3u8?from_ms={from_ms}&to_ms={to_ms}"))
    pieces = footage.shown(segments)
    watched_ms = sum(piece.length_ms for piece in pieces)
    links = signing.links(
        app.store, secret, media, settings.presign_s, clock.now_ms(), watched_ms, until_ms=scope.expires_ms
    )
    shown = [mark(one) for one in app.episodes.overlapping(media, span, MAX_MARKS)]
    return _playlist(playlists.archive(pieces, links, from_ms, shown))


@router.get("/media/{media}/live.m3u8", response_class=Response, responses=_ANSWER)
def live_playlist(
    media: Watched, scope: Asking, app: FromWorld, settings: FromSettings, secret: Secret, from_ms: Anchor = None,
    signature: Signature = "",
) -> Response:  # fmt: skip
    """Without ``from_ms`` the playlist to start with; it leads to the sliding window."""
    now_ms = clock.now_ms()
    fresh_ms = Reach(scope, now_ms, ("archive", "live")).since_ms(media)
    if from_ms is None:
        latest = _latest(app.archive, media, now_ms, fresh_ms)
        address = signing.live_address(secret, media, scope.who, live.anchor_ms(latest))
        return _playlist(playlists.multivariant(latest, address))
    signing.require_anchor(secret, media, scope.who, from_ms, signature)
    segments = app.archive.segments(media, Span(from_ms, MAX_MS), MAX_SEGMENTS + 1)
    if len(segments) > MAX_SEGMENTS:
        raise Problem(400, "window-too-long", "watched for too long; load live.m3u8 again without from_ms")
    if segments and segments[0].start_ms > from_ms:
        _require_since(app.archive, media, from_ms)
    pieces, opening = live.window_since(segments, from_ms, fresh_ms)
    links = signing.live_links(app.store, secret, media, now_ms, scope.expires_ms)
    return _playlist(playlists.live(pieces, links, opening, live.target_duration_s(pieces, settings.segment_ms)))


@signed.get("/media/{media}/cut.m4s", response_class=Response, responses={200: {"content": {"video/mp4": {}}}})
def cut(
    media: Signed, start_ms: Time, end_ms: Time, expires_ms: Time, signature: str, app: FromWorld, secret: Secret
) -> Response:
    """The fragments of one segment up to where another recording takes over. Only playlists make its address."""
    signing.require_cut(secret, media, start_ms, end_ms, expires_ms, signature, clock.now_ms())
    found = [one for one in app.archive.segments(media, Span(start_ms, start_ms + 1), 100) if one.start_ms == start_ms]
    try:
        content = fragments_until(app.store.get(found[0].object_key), start_ms, end_ms) if found else b""
    except (ObjectMissing, Broken) as error:
        why = why_not(found[0].object_key, error)
        raise Problem(404, "footage-unreadable", f"the segment of {iso(start_ms)} cannot be read: {why}") from None
    if not content:
        raise Problem(404, "footage-gone", f"the segment of {iso(start_ms)} is gone")
    return Response(content, media_type="video/mp4", headers={"Cache-Control": "private, max-age=3600"})


def _latest(archive: Archive, media: str, now_ms: int, fresh_ms: int) -> list[Segment]:
    """What to join at: the last segments that began at ``fresh_ms`` or later; 404 where there is nothing live."""
    latest = archive.latest(media, 2 * live.WINDOW)
    if not latest and archive.camera(media) is None:
        raise no_such_media(media)
    if not latest:
        raise Problem(404, "not-live", "nothing has been recorded yet")
    if latest[-1].end_ms < now_ms - STALE_MS:
        raise Problem(404, "not-live", f"nothing has been recorded since {iso(latest[-1].end_ms)}")
    shown = [one for one in latest if one.start_ms >= fresh_ms]
    if not shown:
        raise Problem(404, "not-live", "what is recorded now began too long ago to be watched without the archive")
    return shown


def _require_since(archive: Archive, media: str, from_ms: int) -> None:
    """Retention took what was counted from: numbers would go back, so the player must begin anew."""
    extent = archive.extent(media)
    if extent and extent.start_ms > from_ms:
        raise Problem(
            410, "live-expired", "watched for longer than footage is kept; load live.m3u8 again without from_ms"
        )


def _playlist(text: str) -> Response:
    """Signatures are secrets with an end: kept by nobody in between."""
    return Response(text, media_type=playlists.CONTENT_TYPE, headers={"Cache-Control": "private, no-cache"})
