"""Groups, for admins: what their members may do with their cameras."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from msgspec import structs

from api import camera_writes, strict
from api.access import accounts, people, shapes
from api.auth import Asking
from api.deps import Deps, FromWorld
from api.errors import BadFields, Problem
from api.preconditions import OnlyNew, require_free
from infra import clock
from schemas.access import GroupConfigured, UserConfigured

router = APIRouter(tags=["users"])
_BODY = {"requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}}
Limit = Annotated[int, Query(ge=1, le=1000, description="Most in one answer")]
Cursor = Annotated[str, Query(max_length=1024, description="`next` of the page before")]
JsonBody = Annotated[bytes, Depends(strict.json_body)]


@router.get("/groups")
def list_groups(scope: Asking, app: FromWorld, limit: Limit = 1000, cursor: Cursor = "") -> dict[str, Any]:
    """Groups by name, with their members; ``next`` is null on the last page."""
    scope.require_admin()
    app.access.wait()
    users, cameras = app.access.entries.every(UserConfigured), app.registry.counted()
    return shapes.page(
        "groups", app.access.entries.every(GroupConfigured), lambda one: one.group,
        lambda one: shapes.group(one, users, cameras[one.group]), limit, cursor,
    )  # fmt: skip


@router.get("/groups/{group}")
def get_group(group: str, scope: Asking, app: FromWorld) -> dict[str, Any]:
    """One group."""
    scope.require_admin()
    return _told(app, _found(app, group))


@router.put("/groups/{group}", openapi_extra=_BODY)
def put_group(group: str, scope: Asking, app: FromWorld, body: JsonBody, only_new: OnlyNew) -> dict[str, Any]:
    """Set the whole group; fields left out go back to their defaults."""
    scope.require_admin()
    app.access.wait()
    require_free(only_new, app.access.entries.group(group), "group", group)
    try:
        fact = people.group(group, strict.json_object(body), clock.now_ms(), scope.who)
    except BadFields as error:
        raise Problem(422, "bad-group", str(error), errors=error.errors) from None
    app.access.append(app.log, [fact])
    return _told(app, fact)


@router.delete("/groups/{group}", status_code=204)
def delete_group(group: str, scope: Asking, app: FromWorld) -> Response:
    """Take the group away: its rights end, then its users and cameras are told apart from it."""
    scope.require_admin()
    _found(app, group)
    now_ms = clock.now_ms()
    app.access.append(app.log, accounts.group_removed(app.access.entries, group, now_ms, scope.who))
    left = [
        structs.replace(
            one, groups=tuple(name for name in one.groups if name != group), observed_ms=now_ms, changed_by=scope.who
        )
        for one in app.registry.in_group(group)
    ]
    camera_writes.append(app, left)
    return Response(status_code=204)


def _found(app: Deps, name: str) -> GroupConfigured:
    app.access.wait()
    found = app.access.entries.group(name)
    if found is None:
        raise Problem(404, "no-such-group", f"no group is called {name!r}; GET /api/v1/groups lists them")
    return found


def _told(app: Deps, group: GroupConfigured) -> dict[str, Any]:
    users = app.access.entries.every(UserConfigured)
    return shapes.group(group, users, app.registry.counted()[group.group])
