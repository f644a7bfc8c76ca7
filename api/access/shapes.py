"""How users, groups, tokens and sessions look in answers. No hash, digest or secret passes here."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from api import cursors
from api.access.entries import Entries
from api.access.scope import RIGHTS, Grant, Scope
from schemas.access import GroupConfigured, SessionOpened, TokenIssued, UserConfigured

Item = TypeVar("Item")


def me(scope: Scope, entries: Entries) -> dict[str, Any]:
    """Who asks, and what they may do with any camera at all."""
    user = entries.user(scope.user) if scope.user else None
    grants = [scope.everywhere] if scope.grants is None else list(set(scope.grants.values()))
    return {
        "user": scope.user or None,
        "title": user.title if user else "",
        "admin": scope.admin,
        "watches": "live" in scope.everywhere.rights if scope.grants is None else user is None or user.watches,
        "language": user.language if user else "",
        "groups": list(user.groups) if user else [],
        "via": scope.via,
        "share": _share(scope, entries),
        "may": {right: any(right in grant.rights for grant in grants) for right in RIGHTS},
    }


def may(grant: Grant) -> dict[str, Any]:
    """What may be done with one camera."""
    told: dict[str, Any] = {right: right in grant.rights for right in RIGHTS}
    return told | {"archive_depth_ms": grant.depth_ms}


def user(found: UserConfigured) -> dict[str, Any]:
    """A user as an admin sees them."""
    return {
        "user": found.user, "title": found.title, "groups": list(found.groups), "admin": found.admin,
        "watches": found.watches, "enabled": found.enabled, "language": found.language, "subject": found.subject,
        "has_password": bool(found.password_hash), "configured_ms": found.observed_ms, "changed_by": found.changed_by,
    }  # fmt: skip


def group(found: GroupConfigured, users: Iterable[UserConfigured], cameras: int) -> dict[str, Any]:
    """A group with its members and the number of its cameras."""
    return {
        "group": found.group, "title": found.title, "live": found.live, "archive": found.archive,
        "archive_depth_ms": found.archive_depth_ms, "export": found.export, "protect": found.protect,
        "configure": found.configure, "users": [one.user for one in users if found.group in one.groups],
        "cameras": cameras, "configured_ms": found.observed_ms, "changed_by": found.changed_by,
    }  # fmt: skip


def token(found: TokenIssued) -> dict[str, Any]:
    """A token without its secret."""
    return {
        "token_id": str(found.token_id), "user": found.user, "title": found.title, "scopes": list(found.scopes),
        "media": None if found.media is None else list(found.media), "issued_ms": found.observed_ms,
        "expires_ms": found.expires_ms,
    }  # fmt: skip


def session(found: SessionOpened, current: int | None) -> dict[str, Any]:
    """A session without its secret; ``current``: the id of the one that asks."""
    return {
        "session_id": str(found.session_id), "user": found.user or None, "opened_ms": found.observed_ms,
        "expires_ms": found.expires_ms, "peer": found.peer, "agent": found.agent,
        "token_id": None if found.token_id is None else str(found.token_id), "current": found.session_id == current,
    }  # fmt: skip


def page(
    name: str, found: Sequence[Item], key: Callable[[Item], str], shape: Callable[[Item], dict[str, Any]],
    limit: int, cursor: str,
) -> dict[str, Any]:  # fmt: skip
    """One page of a list in memory that is in the order of ``key``; ``next`` is null on the last."""
    after = cursors.unseal(cursor)
    left = [one for one in found if not cursor or key(one) > after]
    more = cursors.seal(key(left[limit - 1])) if len(left) > limit else None
    return {name: [shape(one) for one in left[:limit]], "next": more}


def _share(scope: Scope, entries: Entries) -> dict[str, Any] | None:
    found = None if scope.share_id is None else entries.share(scope.share_id)
    if found is None:
        return None
    may_export = scope.may("export", found.media)
    return {"media": found.media, "from_ms": found.from_ms, "to_ms": found.to_ms, "export": may_export}
