"""Cameras: read from the projection, changed by facts on ``media``."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from api import camera_csv, camera_rights, camera_writes, cursors, shapes, strict, writes
from api.access.cameras import Configured, Known
from api.archive import Archive, Camera
from api.auth import Asking
from api.camera_config import BadConfig, configured, may_hide
from api.deps import Deps, FromApp, FromArchive, FromSettings
from api.errors import Problem
from api.missing import no_such_media
from api.preconditions import OnlyNew, require_free
from infra import clock
from projections.media.reads import CameraSearch, CameraStatus
from schemas.facts import MediaConfigured, MediaRemoved

router = APIRouter(tags=["cameras"])
Limit = Annotated[int, Query(ge=1, le=1000, description="Most cameras in one answer")]
Filter = Annotated[str, Query(max_length=128, description="Part of a name, title or label")]
Folder = Annotated[str, Query(max_length=512, description="Cameras in this folder and below it, `site/floor`")]
Group = Annotated[str, Query(max_length=64, description="Cameras of this group")]
Status = Annotated[CameraStatus | None, Query(description="Whether they record now")]
Cursor = Annotated[str, Query(max_length=1024, description="`next` of the page before")]
JsonBody = Annotated[bytes, Depends(strict.json_body)]
CsvBody = Annotated[bytes, Depends(strict.csv_body)]


@router.get("/media")
def list_media(
    archive: FromArchive,
    scope: Asking,
    limit: Limit = 200,
    q: Filter = "",
    folder: Folder = "",
    group: Group = "",
    status: Status = None,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """Cameras by name; ``next`` is null on the last page. A link knows of one and filters nothing."""
    if q or folder or group or status:
        scope.require_no_link()
    now_ms = clock.now_ms()
    since_ms = now_ms - shapes.RECORDING_MS
    search = CameraSearch(text=q, folder=folder.strip("/"), group=group, status=status, recorded_since_ms=since_ms)
    found = archive.cameras(cursors.unseal(cursor), limit + 1, search)
    more = cursors.seal(found[limit - 1].config.media) if len(found) > limit else None
    told = [shapes.camera(one, now_ms, scope) for one in found[:limit]]
    return {"media": told, "next": more}


@router.post("/media/import", openapi_extra={"requestBody": {"content": {"text/csv": {"schema": {"type": "string"}}}}})
def import_media(app: FromApp, scope: Asking, settings: FromSettings, text: CsvBody) -> dict[str, int]:
    """Add and change cameras from CSV, by name, all or nothing. Cameras that are not there yet: admins only."""
    known: dict[str, MediaConfigured] = {}

    def stored(names: list[str]) -> dict[str, MediaConfigured]:
        for name in names:
            scope.require("configure", name)
        found = ((name, app.registry.configured(name)) for name in names)
        known.update((name, config) for name, config in found if config)
        return known

    try:
        facts = camera_csv.read(text, stored, clock.now_ms(), scope.who, lambda name: _is_group(app, name))
    except BadConfig as error:
        raise Problem(422, "bad-csv", str(error)[:2000], errors=error.errors[:1000]) from None
    changes = [(known.get(fact.media), fact) for fact in facts]
    camera_rights.require(scope, changes, app.registry, settings.smtp_login)
    camera_writes.append(app, facts)
    if facts:
        writes.wait_visible(lambda: _shows(app.archive, facts[-1]))
    updated = sum(fact.media in known for fact in facts)
    return {"created": len(facts) - updated, "updated": updated}


@router.get("/media/{media}")
def get_media(media: Known, scope: Asking, archive: FromArchive) -> dict[str, Any]:
    """One camera."""
    return shapes.camera(_require(archive, media), clock.now_ms(), scope)


@router.put(
    "/media/{media}", openapi_extra={"requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}}
)
def put_media(
    media: Configured, scope: Asking, app: FromApp, settings: FromSettings, body: JsonBody, only_new: OnlyNew
) -> dict[str, Any]:
    """Set the whole configuration; fields left out go back to their defaults.

    Only admins add cameras, set groups, take files and devices as sources, and give a name that mails of others go by.
    """
    values, before = strict.json_object(body), app.registry.configured(media)
    require_free(only_new, before, "media", media)
    own = before.groups if before else ()
    values = values if scope.admin else {"groups": list(own)} | values
    stored, shown = before if may_hide(values) else None, app.archive.camera(media)
    answered = shown.config.source if shown else None
    try:
        fact = configured(
            media, values, clock.now_ms(), scope.who, stored, answered,
            lambda name: name in own or _is_group(app, name),
        )  # fmt: skip
    except BadConfig as error:
        raise Problem(422, "bad-camera", str(error), errors=error.errors) from None
    camera_rights.require(scope, [(before, fact)], app.registry, settings.smtp_login)
    camera_writes.append(app, [fact])
    now = writes.wait_visible(lambda: _shows(app.archive, fact)) and app.archive.camera(media)
    told = now or Camera(fact, shown.last_ms if shown else None)
    return shapes.camera(told, clock.now_ms(), scope)


@router.delete("/media/{media}", status_code=204)
def delete_media(media: Configured, scope: Asking, app: FromApp) -> Response:
    """Take the camera away; its footage stays until retention takes it."""
    _require(app.archive, media)
    camera_writes.append(app, [MediaRemoved(media=media, observed_ms=clock.now_ms(), changed_by=scope.who)])
    writes.wait_visible(lambda: app.archive.camera(media) is None)
    return Response(status_code=204)


def _is_group(app: Deps, name: str) -> bool:
    app.access.wait()
    return app.access.entries.group(name) is not None


def _require(archive: Archive, media: str) -> Camera:
    found = archive.camera(media)
    if found is None:
        raise no_such_media(media)
    return found


def _shows(archive: Archive, fact: MediaConfigured) -> bool:
    found = archive.camera(fact.media)
    return found is not None and found.config.observed_ms >= fact.observed_ms
