"""Who did what: for admins."""

from typing import Annotated, Any, get_args

import msgspec
from fastapi import APIRouter, Query
from msgspec import Meta, Struct

from api import sealed
from api.auth import Asking
from api.deps import FromApp
from api.errors import bad_query
from api.listed import cameras, listed
from api.routes.alarms import Cameras, Limit, Sealed
from api.times import Time
from projections.audit.reads import LAST_MS, ActionPlace, ActionSearch, StoredAction
from schemas.access import Action

router = APIRouter(tags=["users"])
ACTIONS: tuple[str, ...] = get_args(Action)
User = Annotated[str | None, Query(max_length=256, description="Login; admin-token, nobody where nobody has one")]
Actions = Annotated[str | None, Query(max_length=512, description=f"{', '.join(ACTIONS)}; or several with commas")]
From = Annotated[Time | None, Query(description="Done at this time or later")]
To = Annotated[Time | None, Query(description="Done before this time")]


class ActionCursor(Struct, frozen=True, array_like=True, tag="action"):
    """Behind this action."""

    at_ms: Annotated[int, Meta(ge=0, le=LAST_MS)]
    action_id: Annotated[int, Meta(ge=0)]


_cursors = msgspec.msgpack.Decoder(ActionCursor)


@router.get("/audit")
def list_actions(
    scope: Asking, app: FromApp, user: User = None, media: Cameras = None, action: Actions = None,
    from_ms: From = None, to_ms: To = None, limit: Limit = 100, cursor: Sealed = None,
) -> dict[str, Any]:  # fmt: skip
    """Who signed in, watched, took away, protected and changed what, the latest first."""
    scope.require_admin()
    if from_ms is not None and to_ms is not None and from_ms >= to_ms:
        raise bad_query("from_ms", "must be before to_ms")
    search = ActionSearch(
        user=user, media=cameras(media), action=listed("action", action, _action), from_ms=_known(from_ms),
        to_ms=_known(to_ms),
    )  # fmt: skip
    after = ActionPlace(*msgspec.structs.astuple(sealed.unseal(cursor, _cursors))) if cursor else None
    found = app.actions.page(search, limit + 1, after)
    following = sealed.seal(ActionCursor(*found[limit - 1].place)) if len(found) > limit else None
    return {"actions": [_shown(one) for one in found[:limit]], "next": following}


def _shown(one: StoredAction) -> dict[str, Any]:
    return msgspec.structs.asdict(one) | {"action_id": str(one.action_id)}


def _action(text: str) -> str:
    if text not in ACTIONS:
        raise ValueError(f"must be one of {', '.join(ACTIONS)}, or several with commas")
    return text


def _known(at_ms: int | None) -> int | None:
    return None if at_ms is None else min(at_ms, LAST_MS)
