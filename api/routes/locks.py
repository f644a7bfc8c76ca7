"""Locks: footage that people want to keep whatever happens, and what became of it."""

import secrets
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Path, Query, Response
from msgspec import Meta, Struct

from api import sealed, strict
from api.access.scope import Scope
from api.auth import Asking
from api.deps import Deps, FromApp, Media
from api.errors import Problem, bad_field
from api.missing import require_known
from api.protection import placing, receipt, shapes
from api.protection.request import BadLock, requested
from infra import clock
from projections.protected_ranges.reads import LockPlace, StoredLock
from schemas import ids

router = APIRouter(tags=["retention"])
BY = "api"
JsonBody = Annotated[bytes, Depends(strict.json_body)]
Limit = Annotated[int, Query(ge=1, le=1000, description="Most in one answer")]
Sealed = Annotated[str | None, Query(max_length=1024, description="`next` of the page before")]


class LockCursor(Struct, frozen=True, array_like=True, tag="lock"):
    """Behind this lock."""

    requested_ms: Annotated[int, Meta(ge=0, le=253_402_300_799_999)]
    lock_id: Annotated[int, Meta(ge=0)]
    media: Annotated[str, Meta(max_length=128)]


_cursors = msgspec.msgpack.Decoder(LockCursor)


def _lock_id(text: Annotated[str, Path(alias="id", description="As answered: digits")]) -> int:
    """The id in the path; 400 with the rule."""
    try:
        return ids.parse(text, "id")
    except ValueError as error:
        raise Problem(400, "bad-lock-id", str(error), errors=[bad_field("id", str(error), "path")]) from None


def _lock(lock_id: Annotated[int, Depends(_lock_id)], scope: Asking, app: FromApp) -> StoredLock:
    """The lock in the path; of a camera that the caller may not see as if there were none."""
    found = app.protection.lock(lock_id)
    if found is None or (scope.media is not None and found.media not in scope.media):
        raise Problem(404, "no-such-lock", f"no lock has the id {lock_id}; GET /api/v1/locks lists them")
    return found


Lock = Annotated[StoredLock, Depends(_lock)]


@router.post(
    "/media/{media}/locks",
    openapi_extra={"requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}},
)
def place_lock(media: Media, app: FromApp, body: JsonBody) -> dict[str, Any]:
    """Keep a stretch of footage until the lock is given back, or until ``until_ms``. Answered once Kafka has it.

    The receipt says of each stretch whether it is kept (``covered``), gone already, or not known yet (``partial``).
    """
    try:
        fact = requested(media, strict.json_object(body), secrets.randbits(64), clock.now_ms(), BY)
    except BadLock as error:
        raise Problem(400, "bad-lock", str(error), errors=error.errors) from None
    require_known(app.archive, media)
    placed = placing.place(app, fact)
    told = {"lock_id": str(fact.lock_id), "media": media, "from_ms": fact.start_ms, "to_ms": fact.end_ms}
    return told | _receipt(placed)


@router.get("/media/{media}/locks")
def list_locks_of(media: Media, app: FromApp, limit: Limit = 100, cursor: Sealed = None) -> dict[str, Any]:
    """Locks of a camera, those asked for last first, also those that ended."""
    found = _page(app, media, limit, cursor)
    if not found["locks"]:
        require_known(app.archive, media)
    return found


@router.get("/locks")
def list_locks(scope: Asking, app: FromApp, limit: Limit = 100, cursor: Sealed = None) -> dict[str, Any]:
    """Locks of every camera, those asked for last first, also those that ended."""
    _require_all(scope)
    return _page(app, None, limit, cursor)


@router.get("/locks/{id}")
def get_lock(lock: Lock, app: FromApp) -> dict[str, Any]:
    """One lock, with its receipt as of now while it stands."""
    told = shapes.lock(lock, app.protection.in_force([lock]))
    if told["state"] in ("released", "ended"):
        return told | {"receipt": []}
    return told | _receipt(placing.told(app, lock.media, lock.span))


@router.delete("/locks/{id}", status_code=204)
def release_lock(lock: Lock, app: FromApp) -> Response:
    """Give a lock back: what nothing else keeps is footage like any other from now on."""
    placing.release(app, lock, BY)
    return Response(status_code=204)


def _page(app: Deps, media: str | None, limit: int, cursor: str | None) -> dict[str, Any]:
    after = LockPlace(*msgspec.structs.astuple(sealed.unseal(cursor, _cursors))) if cursor else None
    found = app.protection.locks(media, limit + 1, after)
    following = sealed.seal(LockCursor(*found[limit - 1].place)) if len(found) > limit else None
    in_force = app.protection.in_force(one for one in found if one.released_ms is None)
    return {"locks": [shapes.lock(one, in_force) for one in found[:limit]], "next": following}


def _receipt(placed: placing.Placed) -> dict[str, Any]:
    return {"receipt": receipt.shape(placed.receipt)} | ({"note": placed.note} if placed.note else {})


def _require_all(scope: Scope) -> None:
    if scope.media is not None:
        detail = "the list of all locks is only for who may see every camera; ask for one camera's"
        raise Problem(403, "admin-only", detail)
