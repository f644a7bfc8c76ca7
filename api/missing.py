"""Why there is nothing to show: no such camera, or nothing recorded then, and where the nearest footage is."""

from api.archive import Archive
from api.errors import Problem
from api.times import iso
from schemas.intervals import Span


def no_such_media(media: str) -> Problem:
    """404 for a name nobody configured and nothing was recorded under."""
    return Problem(404, "no-such-media", f"no camera is called {media!r}; GET /api/v1/media lists them")


def nothing_recorded(archive: Archive, media: str, span: Span) -> Problem:
    """404 for a window without footage, with the recorded stretches before and after it."""
    near = archive.around(media, span)
    if not near and archive.camera(media) is None:
        return no_such_media(media)
    told = " and ".join(f"{iso(one.start_ms)} to {iso(one.end_ms)}" for one in near)
    detail = f"nothing is recorded then; nearest: {told}" if told else "nothing has been recorded yet"
    return Problem(404, "nothing-recorded", detail, nearest=[one._asdict() for one in near])


def require_known(archive: Archive, media: str) -> None:
    """Pass when the camera is configured or has footage; else 404."""
    if archive.camera(media) is None and archive.extent(media) is None:
        raise no_such_media(media)
