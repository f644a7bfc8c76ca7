"""Users, for admins. What they may do follows from their groups."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from msgspec import structs

from api import strict
from api.access import accounts, people, shapes, user_csv
from api.access.ownership import require_admin_left, require_may_watch_to_grant
from api.access.passwords import Busy
from api.access.scope import Scope
from api.access.sign_in import too_many
from api.auth import Asking
from api.deps import Deps, FromWorld
from api.errors import BadFields, Problem, bad_field
from api.preconditions import OnlyNew, require_free
from infra import clock
from schemas.access import UserConfigured

router = APIRouter(tags=["users"])
_BODY = {"requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}}
_CSV = {"requestBody": {"content": {"text/csv": {"schema": {"type": "string"}}}}}
Limit = Annotated[int, Query(ge=1, le=1000, description="Most in one answer")]
Cursor = Annotated[str, Query(max_length=1024, description="`next` of the page before")]
JsonBody = Annotated[bytes, Depends(strict.json_body)]
CsvBody = Annotated[bytes, Depends(strict.csv_body)]


@router.get("/users")
def list_users(scope: Asking, app: FromWorld, limit: Limit = 1000, cursor: Cursor = "") -> dict[str, Any]:
    """Users by login; ``next`` is null on the last page."""
    scope.require_admin()
    app.access.wait()
    found = app.access.entries.every(UserConfigured)
    return shapes.page("users", found, lambda one: one.user, shapes.user, limit, cursor)


@router.post("/users/import", openapi_extra=_CSV)
def import_users(scope: Asking, app: FromWorld, text: CsvBody) -> dict[str, int]:
    """Add and change users from CSV, by login, all or nothing."""
    scope.require_admin()
    app.access.wait()
    entries = app.access.entries
    try:
        rows = user_csv.read(text, entries.user, _is_group(app), clock.now_ms(), scope.who)
    except BadFields as error:
        raise Problem(422, "bad-csv", str(error)[:2000], errors=error.errors[:1000]) from None
    before = {user.user: entries.user(user.user) for user, _ in rows}
    _require_allowed(scope, app, [user for user, _ in rows], {user.user for user, password in rows if password})
    told = [_with_password(app, user, password) for user, password in rows]
    app.access.append(app.log, [fact for user in told for fact in accounts.configured(entries, user, scope.who)])
    updated = sum(found is not None for found in before.values())
    return {"created": len(told) - updated, "updated": updated}


@router.get("/users/{user}")
def get_user(user: str, scope: Asking, app: FromWorld) -> dict[str, Any]:
    """One user."""
    scope.require_admin()
    return shapes.user(_found(app, user))


@router.put("/users/{user}", openapi_extra=_BODY)
def put_user(user: str, scope: Asking, app: FromWorld, body: JsonBody, only_new: OnlyNew) -> dict[str, Any]:
    """Set the whole user; fields left out go back to their defaults, the password stays. It is never answered."""
    scope.require_admin()
    app.access.wait()
    values = strict.json_object(body)
    require_free(only_new, app.access.entries.user(user), "user", user)
    try:
        fact = people.user(user, values, app.access.entries.user(user), _is_group(app), clock.now_ms(), scope.who)
    except BadFields as error:
        raise Problem(422, "bad-user", str(error), errors=error.errors) from None
    _require_allowed(scope, app, [fact], {user} if "password" in values else set())
    fact = _with_password(app, fact, values.get("password", ""))
    app.access.append(app.log, accounts.configured(app.access.entries, fact, scope.who))
    return shapes.user(fact)


@router.delete("/users/{user}", status_code=204)
def delete_user(user: str, scope: Asking, app: FromWorld) -> Response:
    """Take the user away, with their sessions, tokens and links."""
    scope.require_admin()
    _found(app, user)
    require_admin_left(scope, app.access.entries, [], gone=user)
    app.access.append(app.log, accounts.removed(app.access.entries, user, clock.now_ms(), scope.who))
    return Response(status_code=204)


def _found(app: Deps, login: str) -> UserConfigured:
    app.access.wait()
    found = app.access.entries.user(login)
    if found is None:
        raise Problem(404, "no-such-user", f"no user is called {login!r}; GET /api/v1/users lists them")
    return found


def _is_group(app: Deps) -> people.IsGroup:
    return lambda name: app.access.entries.group(name) is not None


def _require_allowed(scope: Scope, app: Deps, told: Sequence[UserConfigured], rekeyed: set[str]) -> None:
    """Pass, or say why these users may not be set so. ``rekeyed``: those who get a password."""
    entries = app.access.entries
    for user in told:
        require_may_watch_to_grant(scope, entries.user(user.user), user, user.user in rekeyed)
    require_admin_left(scope, entries, told)
    _require_own_subjects(app, told)


def _require_own_subjects(app: Deps, told: Sequence[UserConfigured]) -> None:
    """422 where two users would sign in by one identity."""
    owners = {one.subject: one.user for one in app.access.entries.every(UserConfigured) if one.subject}
    for user in told:
        owner = owners.setdefault(user.subject, user.user) if user.subject else user.user
        if owner != user.user:
            error = bad_field("subject", f"is already that of {owner}", "body")
            raise Problem(422, "bad-user", f"{user.user}: subject {error['rule']}", errors=[error])


def _with_password(app: Deps, user: UserConfigured, password: str) -> UserConfigured:
    if not password:
        return user
    try:
        hashed = app.passwords.hashed(password)
    except Busy:
        raise too_many("many passwords are being set just now", 2) from None
    return structs.replace(user, password_hash=hashed, password_changed_ms=user.observed_ms)
