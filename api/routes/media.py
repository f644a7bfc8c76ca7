"""Cameras: read from the projection, changed by facts on ``media``."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from api import camera_csv, cursors, shapes, strict, writes
from api.access.cameras import Configured, Known
from api.archive import Archive, Camera
from api.auth import Asking
from api.camera_config import BadConfig, configured, may_hide
from api.deps import Deps, FromApp, FromArchive
from api.errors import Problem
from api.missing import no_such_media
from infra import clock
from schemas.facts import MediaConfigured, MediaRemoved

router = APIRouter(tags=["cameras"])
CHANGED_BY = "api"
Limit = Annotated[int, Query(ge=1, le=1000, description="Most cameras in one answer")]
Filter = Annotated[str, Query(max_length=128, description="Part of a name, title or label")]
Cursor = Annotated[str, Query(max_length=1024, description="`next` of the page before")]
JsonBody = Annotated[bytes, Depends(strict.json_body)]
CsvBody = Annotated[bytes, Depends(strict.csv_body)]


@router.get("/media")
def list_media(archive: FromArchive, limit: Limit = 200, q: Filter = "", cursor: Cursor = "") -> dict[str, Any]:
    """Cameras by name; ``next`` is null on the last page."""
    found = archive.cameras(cursors.unseal(cursor), limit + 1, q)
    now_ms = clock.now_ms()
    more = cursors.seal(found[limit - 1].config.media) if len(found) > limit else None
    return {"media": [shapes.camera(one, now_ms) for one in found[:limit]], "next": more}


@router.post("/media/import", openapi_extra={"requestBody": {"content": {"text/csv": {"schema": {"type": "string"}}}}})
def import_media(app: FromApp, scope: Asking, text: CsvBody) -> dict[str, int]:
    """Add and change cameras from CSV, by name, all or nothing. Cameras that are not there yet: admins only."""
    known: dict[str, MediaConfigured] = {}

    def stored(names: list[str]) -> dict[str, MediaConfigured]:
        for name in names:
            scope.require("configure", name)
        found = ((name, app.registry.configured(name)) for name in names)
        known.update((name, config) for name, config in found if config)
        return known

    try:
        facts = camera_csv.read(text, stored, clock.now_ms(), CHANGED_BY)
    except BadConfig as error:
        raise Problem(422, "bad-csv", str(error)[:2000], errors=error.errors[:1000]) from None
    _append(app, facts)
    if facts:
        writes.wait_visible(lambda: _shows(app.archive, facts[-1]))
    updated = sum(fact.media in known for fact in facts)
    return {"created": len(facts) - updated, "updated": updated}


@router.get("/media/{media}")
def get_media(media: Known, archive: FromArchive) -> dict[str, Any]:
    """One camera."""
    return shapes.camera(_require(archive, media), clock.now_ms())


@router.put(
    "/media/{media}", openapi_extra={"requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}}
)
def put_media(media: Configured, app: FromApp, body: JsonBody) -> dict[str, Any]:
    """Set the whole configuration; fields left out go back to their defaults."""
    values, before = strict.json_object(body), app.archive.camera(media)
    stored = app.registry.configured(media) if may_hide(values) else None
    answered = before.config.source if before else None
    try:
        fact = configured(media, values, clock.now_ms(), CHANGED_BY, stored, answered)
    except BadConfig as error:
        raise Problem(422, "bad-camera", str(error), errors=error.errors) from None
    _append(app, [fact])
    shown = writes.wait_visible(lambda: _shows(app.archive, fact)) and app.archive.camera(media)
    return shapes.camera(shown or Camera(fact, before.last_ms if before else None), clock.now_ms())


@router.delete("/media/{media}", status_code=204)
def delete_media(media: Configured, app: FromApp) -> Response:
    """Take the camera away; its footage stays until retention takes it."""
    _require(app.archive, media)
    _append(app, [MediaRemoved(media=media, observed_ms=clock.now_ms(), changed_by=CHANGED_BY)])
    writes.wait_visible(lambda: app.archive.camera(media) is None)
    return Response(status_code=204)


def _append(app: Deps, facts: Sequence[MediaConfigured | MediaRemoved]) -> None:
    for fact, position in zip(facts, writes.append(app.log, facts), strict=True):
        app.registry.learn(fact, position.offset)


def _require(archive: Archive, media: str) -> Camera:
    found = archive.camera(media)
    if found is None:
        raise no_such_media(media)
    return found


def _shows(archive: Archive, fact: MediaConfigured) -> bool:
    found = archive.camera(fact.media)
    return found is not None and found.config.observed_ms >= fact.observed_ms
