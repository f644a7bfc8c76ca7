"""What to type into a camera's page so that its mails come here, and whether they do."""

from typing import Any

from fastapi import APIRouter, Request, Response

from api.alarms import camera_page, shapes
from api.auth import Asking
from api.deps import FromApp, FromHealth, FromSettings, Media
from api.missing import no_such_media
from infra import clock

router = APIRouter(tags=["alarms"])


@router.get("/media/{media}/smtp")
def get_mail_page(
    media: Media, scope: Asking, app: FromApp, settings: FromSettings, health: FromHealth, request: Request,
    response: Response,
) -> dict[str, Any]:  # fmt: skip
    """The fields of the camera's mail page, its password among them, and the health of its mail."""
    camera = app.registry.configured(media) if scope.media is None or media in scope.media else None
    if camera is None:
        raise no_such_media(media)
    response.headers["Cache-Control"] = "no-store"
    now_ms = clock.now_ms()
    found = health.standings(now_ms, scope.media, media)
    figures = health.figures(found, now_ms)
    told = shapes.health(found[0], figures[media]) if found else None
    return camera_page.page(camera, settings, request.url.hostname or "") | {"health": told}
