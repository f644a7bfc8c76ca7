"""What to type into a camera's page so that its mails come here, and whether they do."""

from typing import Any

from fastapi import APIRouter, Request, Response

from api.access.cameras import Configured
from api.alarms import camera_page, shapes
from api.alarms.health import Health
from api.auth import Asking
from api.deps import FromAppToConfigure, FromSettings
from api.missing import no_such_media
from infra import clock

router = APIRouter(tags=["alarms"])


@router.get("/media/{media}/smtp")
def get_mail_page(
    media: Configured, scope: Asking, app: FromAppToConfigure, settings: FromSettings, request: Request,
    response: Response,
) -> dict[str, Any]:  # fmt: skip
    """The fields of the camera's mail page, its password among them, and the health of its mail.

    The login of the listener itself is for admins.
    """
    camera = app.registry.configured(media)
    if camera is None:
        raise no_such_media(media)
    response.headers["Cache-Control"] = "no-store"
    now_ms, health = clock.now_ms(), Health(app.alarms, app.refusals, app.letters)
    found = health.standings(now_ms, media)
    figures = health.figures(found, now_ms)
    told = shapes.health(found[0], figures[media]) if found else None
    page = camera_page.page(camera, settings, request.url.hostname or "")
    return (page if scope.admin else camera_page.withheld(page, camera)) | {"health": told}
