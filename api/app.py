"""The FastAPI app, made from what it needs; nothing happens at import."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.openapi.utils import get_openapi

from api import auth, errors, strict
from api.access.auditing import Auditing, asked_by
from api.access.sign_in import SignIn
from api.deps import Deps
from api.episodes.feed import Feed
from api.observe import Observe
from api.oidc import signing
from api.packed import Packed
from api.routes import (
    alarms,
    audit,
    branding,
    clips,
    dead_letters,
    episode_pictures,
    episodes,
    events,
    expirations,
    explain,
    export,
    groups,
    hls,
    locks,
    mail,
    mail_test,
    me,
    media,
    media_servers,
    motion,
    oidc,
    operations,
    page,
    preview,
    ranges,
    reprocess,
    retention,
    reviews,
    sessions,
    shares,
    sql,
    system,
    tokens,
    users,
)
from api.sql.desk import Desk
from api.system.asked import asks
from api.system.asks import Asks
from infra.settings import BadSettings, Settings

PREFIX = "/api/v1"
VERSION = "1"
_TOKEN = [Depends(one) for one in (auth.bearer, auth.basic, auth.require, asked_by)]
_BEHIND_TOKEN = [*_TOKEN, Depends(strict.known_query)]


def create(settings: Settings, deps: Deps, doors: Sequence[APIRouter] = ()) -> FastAPI:
    """The app over ``deps``. Raises BadSettings when no token is configured: an open archive is never served.

    ``doors``: where facts come in; each brings its own full paths and stands behind the token like every route.
    """
    app = furnished(settings, deps)
    for door in doors:
        app.include_router(door, dependencies=_BEHIND_TOKEN)
    app.include_router(media_servers.router, dependencies=_BEHIND_TOKEN)
    app.include_router(_protected())
    app.include_router(sql.router, prefix=PREFIX, dependencies=[*_TOKEN, Depends(strict.known_query_or_bound)])
    for opening in (sessions.opening, branding.opening):
        app.include_router(opening, prefix=PREFIX, dependencies=[Depends(strict.known_query)])
    app.include_router(oidc.opening, prefix=PREFIX)
    app.include_router(hls.signed, prefix=PREFIX, dependencies=[Depends(strict.known_query)])
    for prefix in ("", PREFIX):
        app.include_router(_open(app), prefix=prefix, include_in_schema=not prefix)
    page.install(app, settings)
    return app


def furnished(settings: Settings, deps: Deps) -> FastAPI:
    """The app without its routes. Raises BadSettings."""
    token = settings.token()
    if not token:
        raise BadSettings("no admin token: set SIGHTLOG_API_KEY, or write one to <SIGHTLOG_DATA>/admin.token")
    app = FastAPI(title="Sightlog", version=VERSION, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.deps, app.state.settings, app.state.token_digest = deps, settings, auth.digest(token)
    app.state.feed = Feed(deps.episodes)
    app.state.desk = Desk(settings)
    app.state.signing = signing.made(settings)
    app.state.asks = Asks(asks(deps, settings))
    app.state.sign_in = SignIn(deps.passwords)
    app.add_middleware(Auditing, audit=deps.audit)
    app.add_middleware(Observe, metrics=deps.metrics)
    app.add_middleware(Packed)
    errors.install(app)
    return app


def _protected() -> APIRouter:
    """Everything about cameras and footage: token first, then strict parameters."""
    router = APIRouter(prefix=PREFIX, dependencies=_BEHIND_TOKEN)
    parts = (
        media, ranges, hls, export, preview, motion, episodes, episode_pictures, clips, events, alarms, mail,
        dead_letters, reprocess, locks, expirations, explain, retention, reviews, audit, shares, system, mail_test,
        branding, sessions, me, users, groups, tokens,
    )  # fmt: skip
    for part in parts:
        router.include_router(part.router)
    return router


def _open(app: FastAPI) -> APIRouter:
    """What probes and generators of clients may read without a token."""
    router = APIRouter()
    router.include_router(operations.router)

    @router.get("/openapi.json", include_in_schema=False)
    def description() -> dict[str, Any]:
        app.openapi_schema = app.openapi_schema or _description(app)
        return app.openapi_schema

    return router


def _description(app: FastAPI) -> dict[str, Any]:
    """OpenAPI, with our problems in place of the framework's own validation error."""
    told = get_openapi(title=app.title, version=app.version, routes=app.routes)
    problem = {"description": "A problem", "content": {"application/problem+json": {"schema": _PROBLEM}}}
    for operation in (one for path in told["paths"].values() for one in path.values()):
        operation["responses"].pop("422", None)
        operation["responses"]["default"] = problem
    for name in ("HTTPValidationError", "ValidationError"):
        told.get("components", {}).get("schemas", {}).pop(name, None)
    return told


_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}
