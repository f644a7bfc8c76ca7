"""Locks: footage that people want to keep whatever happens, and what became of it."""

import secrets
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from msgspec import Meta, Struct

from api import sealed, strict
from api.access.auditing import note
from api.access.cameras import Archived, NotForLinks, Protected
from api.auth import Asking
from api.deps import Deps, FromApp, FromAppToProtect
from api.errors import Problem, bad_field
from api.missing import nothing_recorded, require_known
from api.protection import placing, receipt, shapes
from api.protection.request import BadLock, requested
from api.seen.reach import Reach
from infra import clock
from projections.protected_ranges.reads import LockPlace, StoredLock
from schemas import ids
from schemas.facts import LockRequested
from schemas.intervals import Span

router = APIRouter(tags=["retention"])
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


def _lock(lock_id: Annotated[int, Depends(_lock_id)], app: FromAppToProtect, request: Request) -> StoredLock:
    """The lock in the path; of a camera that the caller may not see as if there were none."""
    found = app.protection.lock(lock_id)
    if found is None:
        raise Problem(404, "no-such-lock", f"no lock has the id {lock_id}; GET /api/v1/locks lists them")
    note(request, found.media, found.span)
    return found


def _own(lock: Annotated[StoredLock, Depends(_lock)], scope: Asking) -> StoredLock:
    """The same, of a camera that the caller may protect."""
    scope.require("protect", lock.media)
    return lock


Lock = Annotated[StoredLock, Depends(_lock)]
Own = Annotated[StoredLock, Depends(_own)]


@router.post(
    "/media/{media}/locks",
    openapi_extra={"requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}},
)
def place_lock(media: Protected, scope: Asking, app: FromAppToProtect, body: JsonBody) -> dict[str, Any]:
    """Keep a stretch of footage until the lock is given back, or until ``until_ms``. Answered once Kafka has it.

    Only what the caller may look at is locked.

    The receipt says of each stretch whether it is kept (``covered``), gone already, or not known yet (``partial``).
    """
    try:
        fact = requested(media, strict.json_object(body), secrets.randbits(64), clock.now_ms(), scope.who)
    except BadLock as error:
        raise Problem(400, "bad-lock", str(error), errors=error.errors) from None
    require_known(app.archive, media)
    fact = _within_reach(app, fact, Reach(scope, fact.observed_ms, ("archive", "protect")))
    placed = placing.place(app, fact)
    told = {"lock_id": str(fact.lock_id), "media": media, "from_ms": fact.start_ms, "to_ms": fact.end_ms}
    return told | _receipt(placed)


@router.get("/media/{media}/locks", dependencies=[NotForLinks])
def list_locks_of(media: Archived, app: FromApp, limit: Limit = 100, cursor: Sealed = None) -> dict[str, Any]:
    """Locks of a camera, those asked for last first, also those that ended."""
    found = _page(app, media, limit, cursor)
    if not found["locks"]:
        require_known(app.archive, media)
    return found


@router.get("/locks", dependencies=[NotForLinks])
def list_locks(app: FromApp, limit: Limit = 100, cursor: Sealed = None) -> dict[str, Any]:
    """Locks of every camera, those asked for last first, also those that ended."""
    return _page(app, None, limit, cursor)


@router.get("/locks/{id}", dependencies=[NotForLinks])
def get_lock(lock: Lock, app: FromAppToProtect) -> dict[str, Any]:
    """One lock, with its receipt as of now while it stands."""
    told = shapes.lock(lock, app.protection.in_force([lock]))
    if told["state"] in ("released", "ended"):
        return told | {"receipt": []}
    return told | _receipt(placing.told(app, lock.media, lock.span))


@router.delete("/locks/{id}", status_code=204)
def release_lock(lock: Own, scope: Asking, app: FromAppToProtect) -> Response:
    """Give a lock back: what nothing else keeps is footage like any other from now on.

    Only where all of it may be looked at: nobody lets footage go that they may not see.
    """
    Reach(scope, clock.now_ms(), ("archive", "protect")).require_whole(lock.media, lock.span, "release")
    placing.release(app, lock, scope.who)
    return Response(status_code=204)


def _page(app: Deps, media: str | None, limit: int, cursor: str | None) -> dict[str, Any]:
    after = LockPlace(*msgspec.structs.astuple(sealed.unseal(cursor, _cursors))) if cursor else None
    found = app.protection.locks(media, limit + 1, after)
    following = sealed.seal(LockCursor(*found[limit - 1].place)) if len(found) > limit else None
    in_force = app.protection.in_force(one for one in found if one.released_ms is None)
    return {"locks": [shapes.lock(one, in_force) for one in found[:limit]], "next": following}


def _receipt(placed: placing.Placed) -> dict[str, Any]:
    return {"receipt": receipt.shape(placed.receipt)} | ({"note": placed.note} if placed.note else {})


def _within_reach(app: Deps, fact: LockRequested, reach: Reach) -> LockRequested:
    """The part of the lock that the caller may look at; 404 where that is nothing."""
    asked = Span(fact.start_ms, fact.end_ms)
    if (shown := reach.shown(fact.media, asked)) is None:
        raise nothing_recorded(app.archive, fact.media, asked)
    return msgspec.structs.replace(fact, start_ms=shown.start_ms, end_ms=shown.end_ms)
