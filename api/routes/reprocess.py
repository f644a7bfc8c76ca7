"""Runs that look at the past again: asked for, watched, promoted, dropped. The motion processor does the work."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Query, Response
from msgspec import Meta, Struct

from api import sealed, strict, writes
from api.access.cameras import AsAdmin, only_admins
from api.deps import Deps, FromApp
from api.errors import Problem
from api.motion import shapes
from api.motion.request import BadRun, requested, stored
from infra import clock
from projections.reprocess.reads import RunPlace, State, StoredRun
from schemas.facts import ReprocessDropped, ReprocessPromoted

router = APIRouter(tags=["motion"], dependencies=[Depends(only_admins)])
"""A run may look at any camera."""
JsonBody = Annotated[bytes, Depends(strict.json_body)]
Limit = Annotated[int, Query(ge=1, le=1000, description="Most in one answer")]
Sealed = Annotated[str | None, Query(max_length=1024, description="`next` of the page before")]
InState = Annotated[State | None, Query(description="Only runs in this state")]


class RunCursor(Struct, frozen=True, array_like=True, tag="run"):
    """Behind this run."""

    requested_ms: Annotated[int, Meta(ge=0, le=253_402_300_799_999)]
    run: Annotated[str, Meta(max_length=64)]


_cursors = msgspec.msgpack.Decoder(RunCursor)


@router.post(
    "/reprocess",
    status_code=201,
    openapi_extra={"requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}},
)
def start_run(admin: AsAdmin, app: FromApp, body: JsonBody) -> dict[str, Any]:
    """Ask for footage of the past to be looked at again, beside the verdicts that count."""
    try:
        fact = requested(strict.json_object(body), clock.now_ms(), admin.who)
    except BadRun as error:
        raise Problem(422, "bad-run", str(error), errors=error.errors) from None
    if app.runs.get(fact.run) is not None:
        raise _taken(fact.run)
    unknown = [media for media in fact.media if app.archive.camera(media) is None and app.archive.extent(media) is None]
    if unknown:
        raise Problem(404, "no-such-media", f"no camera is called {', '.join(map(repr, unknown[:10]))}")
    writes.append(app.log, [fact])
    writes.wait_visible(lambda: app.runs.get(fact.run) is not None)
    found = app.runs.get(fact.run) or stored(fact)
    if found.requested_ms != fact.observed_ms:
        raise _taken(fact.run)
    return _shown(app, found)


@router.get("/reprocess")
def list_runs(app: FromApp, state: InState = None, limit: Limit = 100, cursor: Sealed = None) -> dict[str, Any]:
    """Runs, newest first, each with how far it is."""
    after = RunPlace(*msgspec.structs.astuple(sealed.unseal(cursor, _cursors))) if cursor else None
    found = app.runs.page(limit + 1, after, state)
    following = sealed.seal(RunCursor(*found[limit - 1].place)) if len(found) > limit else None
    return {"runs": [_shown(app, one) for one in found[:limit]], "next": following}


@router.get("/reprocess/{run}")
def get_run(run: str, app: FromApp) -> dict[str, Any]:
    """One run and how far it is."""
    return _shown(app, _require(app, run))


@router.post("/reprocess/{run}/promote")
def promote_run(run: str, admin: AsAdmin, app: FromApp) -> dict[str, Any]:
    """Let the run's verdicts count instead of those before, for the cameras and the time that it looked at."""
    found = _require(app, run)
    if found.state in ("promoting", "promoted"):
        return _shown(app, found)
    if found.state == "dropped":
        raise Problem(409, "run-dropped", f"the run {run!r} was dropped; start another one")
    if found.state != "done":
        raise Problem(409, "run-unfinished", f"the run {run!r} has not looked at everything yet; wait, or drop it")
    return _shown(app, _decided(app, found, ReprocessPromoted(run=run, observed_ms=clock.now_ms(), by=admin.who)))


@router.delete("/reprocess/{run}", status_code=204)
def drop_run(run: str, admin: AsAdmin, app: FromApp) -> Response:
    """Give the run up: nobody goes on with it, and its verdicts are not shown any more."""
    found = _require(app, run)
    if found.state in ("promoting", "promoted"):
        raise Problem(409, "run-promoted", f"the run {run!r} counts; promote another one instead of it")
    if found.state != "dropped":
        _decided(app, found, ReprocessDropped(run=run, observed_ms=clock.now_ms(), by=admin.who))
    return Response(status_code=204)


def _taken(run: str) -> Problem:
    return Problem(409, "run-exists", f"there is or was a run {run!r}; names of runs are never used again")


def _require(app: Deps, run: str) -> StoredRun:
    found = app.runs.get(run)
    if found is None:
        raise Problem(404, "no-such-run", f"no run is called {run[:64]!r}; GET /api/v1/reprocess lists them")
    return found


def _decided(app: Deps, before: StoredRun, fact: ReprocessPromoted | ReprocessDropped) -> StoredRun:
    """The run as it is shown once the fact is in the tables; a fact that is late in coming is safe all the same."""
    writes.append(app.log, [fact])
    writes.wait_visible(lambda: _require(app, fact.run).state != before.state)
    return _require(app, fact.run)


def _shown(app: Deps, run: StoredRun) -> dict[str, Any]:
    return shapes.run(run, app.runs.progress(run))
