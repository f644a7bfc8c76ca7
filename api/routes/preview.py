"""``preview.jpg``: the key frame nearest to a moment, read by its byte range and nothing else."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from api.access.cameras import Looked
from api.archive import Picture
from api.deps import FromAppToLook
from api.errors import Problem
from api.missing import nothing_recorded
from api.objects import why_not
from api.times import At, iso
from infra import frames
from infra.objects import ObjectMissing, ObjectStore
from schemas.intervals import Span

router = APIRouter(tags=["play"])
MAX_INIT_BYTES = 1 << 20
MAX_FRAME_BYTES = 32 << 20
Width = Annotated[int, Query(ge=16, le=3840, description="Width in pixels; never enlarged")]
IfNoneMatch = Annotated[str, Header(alias="If-None-Match", include_in_schema=False)]


@router.get(
    "/media/{media}/preview.jpg",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}}, 304: {"description": "Not modified"}},
)
def preview(
    media: Looked, at_ms: At, app: FromAppToLook, width: Width = 640, if_none_match: IfNoneMatch = ""
) -> Response:
    """The nearest picture as JPEG; ``X-At-Ms`` says of when it is."""
    picture = app.archive.key_frame(media, at_ms)
    if picture is None:
        raise nothing_recorded(app.archive, media, Span(at_ms, at_ms + 1))
    etag = f'"{picture.sha256[:20]}-{picture.frame.byte_offset}-{width}"'
    headers = {"ETag": etag, "Cache-Control": "private, max-age=60", "X-At-Ms": str(picture.frame.at_ms)}
    if etag in (tag.strip().removeprefix("W/") for tag in if_none_match.split(",")):
        return Response(status_code=304, headers=headers)
    return Response(_jpeg(app.store, picture, width), media_type="image/jpeg", headers=headers)


def _jpeg(store: ObjectStore, picture: Picture, width: int) -> bytes:
    try:
        return frames.jpeg(*_bytes(store, picture), width_px=width)
    except (ObjectMissing, frames.Unreadable) as error:
        why = why_not(picture.segment.object_key, error)
        detail = f"the picture of {iso(picture.frame.at_ms)} cannot be read: {why}"
        raise Problem(404, "picture-unreadable", detail) from None


def _bytes(store: ObjectStore, picture: Picture) -> tuple[bytes, bytes]:
    """(initialisation section, key frame)."""
    segment, frame = picture.segment, picture.frame
    if segment.init_len > MAX_INIT_BYTES or frame.size_bytes > MAX_FRAME_BYTES:
        raise frames.Unreadable(f"it claims {segment.init_len} + {frame.size_bytes} bytes, more than a picture has")
    init = store.get_range(segment.object_key, 0, segment.init_len)
    return init, store.get_range(segment.object_key, frame.byte_offset, frame.size_bytes)
