"""How the page looks to everybody, and how people may sign in: read by the page before anybody has."""

import asyncio
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from starlette.concurrency import run_in_threadpool

from api import strict
from api.access import branding
from api.access.cameras import AsAdmin
from api.access.known import Access
from api.deps import FromSettings, FromWorld
from api.errors import Problem
from infra import clock
from infra.log import LogUnavailable
from infra.objects import ObjectMissing
from infra.settings import Settings

opening = APIRouter(tags=["users"])
"""Needs no token: the page asks before anybody has signed in."""
router = APIRouter(tags=["users"])
LOGO = "/api/v1/branding/logo"
_PATIENCE_S = 1.0
"""A page that looks like ours is better than one that waits for a broker."""
_FOR_GOOD = "public, max-age=31536000, immutable"
JsonBody = Annotated[bytes, Depends(strict.json_body)]
Version = Annotated[str, Query(max_length=64, description="As in `logo_url`; another logo has another")]


@opening.get("/branding")
async def get_branding(app: FromWorld, settings: FromSettings) -> dict[str, Any]:
    """Title, colour and logo, and where to sign in with a provider; ours while nobody has set any."""
    with suppress(LogUnavailable, TimeoutError):
        await asyncio.wait_for(app.access.ready(), _PATIENCE_S)
    return _shown(app.access, settings)


@opening.get(
    "/branding/logo",
    response_class=Response,
    responses={200: {"content": {"image/png": {}, "image/jpeg": {}}}},
)
async def get_logo(app: FromWorld, v: Version = "") -> Response:
    """The logo."""
    with suppress(LogUnavailable, TimeoutError):
        await asyncio.wait_for(app.access.ready(), _PATIENCE_S)
    found = app.access.entries.branding()
    if found is None or not found.logo_key:
        raise Problem(404, "no-logo", "no logo was set; PUT /api/v1/branding sets one")
    try:
        content = await run_in_threadpool(app.store.get, found.logo_key)
    except ObjectMissing:
        raise Problem(404, "no-logo", "the logo is no longer in the object store; set it again") from None
    is_this = v == _version(found.logo_key)
    headers = {"Cache-Control": _FOR_GOOD if is_this else "no-cache"}
    return Response(content, media_type=branding.kind_of(found.logo_key), headers=headers)


@router.put(
    "/branding", openapi_extra={"requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}}
)
def put_branding(admin: AsAdmin, app: FromWorld, settings: FromSettings, body: JsonBody) -> dict[str, Any]:
    """Set how the page looks; a logo that is left out stays, null takes it away. PNG or JPEG, at most 256 KiB."""
    app.access.wait()
    before = app.access.entries.branding()
    fact, logo = branding.asked(strict.json_object(body), before, clock.now_ms(), admin.who)
    if logo:
        app.store.put(logo.key, logo.content, logo.kind)
    app.access.append(app.log, [fact])
    return _shown(app.access, settings)


def _shown(access: Access, settings: Settings) -> dict[str, Any]:
    found = access.entries.branding()
    logo_key = found.logo_key if found else ""
    provider = {"title": settings.oidc_title, "url": "/api/v1/auth/oidc/start"} if settings.oidc_issuer else None
    return {
        "title": (found.title if found else "") or branding.OURS, "colour": found.colour if found else "",
        "logo_url": f"{LOGO}?v={_version(logo_key)}" if logo_key else None, "oidc": provider,
    }  # fmt: skip


def _version(logo_key: str) -> str:
    return PurePosixPath(logo_key).stem[:16]
