"""What somebody who may configure a camera, and is no admin, may not say of it."""

from collections.abc import Sequence

from api.access.scope import Scope, not_allowed
from api.alarms.ways import Taken
from api.registry import Registry
from schemas.facts import MediaConfigured

Change = tuple[MediaConfigured | None, MediaConfigured]
"""A camera as it is and as it shall be; None: it is not there yet."""


def require(scope: Scope, changes: Sequence[Change], registry: Registry, listener: str) -> None:
    """Pass, or 403 with what only admins do. ``listener``: the login that may speak for all cameras. Blocks."""
    if scope.admin or not changes:
        return
    foreign = (one for one in registry.every() if not scope.may("configure", one.media))
    taken = Taken(foreign, listener)
    for before, after in changes:
        _require_there(before, after)
        _require_groups_kept(before, after)
        _require_network(before, after)
        _require_names_free(taken, before, after)


def is_local(source: str) -> bool:
    """True for a file or a device of the machine that the recorder runs on."""
    return "://" not in source or source.startswith("file:")


def _require_there(before: MediaConfigured | None, after: MediaConfigured) -> None:
    if before is None:
        raise not_allowed(f"only admins add cameras, and there is no {after.media} yet")


def _require_groups_kept(before: MediaConfigured | None, after: MediaConfigured) -> None:
    if before is None or set(before.groups) != set(after.groups):
        raise not_allowed(f"only admins say in which groups {after.media} is")


def _require_network(before: MediaConfigured | None, after: MediaConfigured) -> None:
    """What the recorder can read of its machine is no camera that a group was given."""
    is_other = before is None or before.source != after.source
    if is_other and after.source and is_local(after.source):
        raise not_allowed(f"only admins let {after.media} be a file or a device of the recorder's machine")


def _require_names_free(taken: Taken, before: MediaConfigured | None, after: MediaConfigured) -> None:
    """Two cameras of one name get each other's mails, and each other's logins pass."""
    if names := taken.claimed(before, after):
        told = ", ".join(map(repr, names))
        raise not_allowed(f"only admins let {after.media} go by {told}: mails by that name are another camera's")
