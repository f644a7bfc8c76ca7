"""Whether the mail of a camera would arrive, tried with a real one."""

from typing import Any

import msgspec
from fastapi import APIRouter, Request

from api.access.cameras import Configured
from api.alarms.trying import Trying
from api.deps import FromAppToConfigure, FromSettings
from api.missing import no_such_media

router = APIRouter(tags=["alarms"])


@router.post("/media/{media}/smtp/test")
def try_mail(media: Configured, app: FromAppToConfigure, settings: FromSettings, request: Request) -> dict[str, Any]:
    """Send a test mail as this camera would, and say what became of it, at the latest after ten seconds.

    It goes through the listener with the camera's own login. It is read as a test: it marks nothing and keeps nothing.
    """
    camera = app.registry.configured(media)
    if camera is None:
        raise no_such_media(media)
    tried = Trying(settings, app.alarms, app.letters).tried(camera, request.url.hostname or "")
    return dict(msgspec.to_builtins(tried))
