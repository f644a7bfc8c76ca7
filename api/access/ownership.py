"""What callers may do about accounts, beyond what they may do with cameras. Nobody gives what they do not have."""

from collections.abc import Collection, Iterable

from api.access.entries import Entries
from api.access.scope import Scope, not_allowed
from api.errors import Problem
from schemas.access import ShareIssued, TokenIssued, UserConfigured


def require_person(scope: Scope) -> None:
    """Pass for somebody who signed in, or an admin; 403 for a program with a token and for the bearer of a link."""
    is_person = scope.via == "session" and scope.token_id is None
    if not (is_person or scope.admin):
        raise not_allowed("a token or a link may not do this; sign in")


def require_may_watch_to_grant(
    scope: Scope, before: UserConfigured | None, after: UserConfigured, is_rekeyed: bool
) -> None:
    """An admin who is barred from watching makes no admin watch, and takes over none who does; else 403.

    ``is_rekeyed``: the user gets another password.
    """
    if "live" in scope.everywhere.rights and scope.grants is None:
        return
    if _watching_admin(after) and not _watching_admin(before):
        raise not_allowed("you are barred from watching, so you may not let another admin watch: say watches: false")
    if before and _watching_admin(before) and (is_rekeyed or before.subject != after.subject):
        raise not_allowed("you are barred from watching, so you may not change how an admin who watches signs in")


def require_admin_left(scope: Scope, entries: Entries, changed: Iterable[UserConfigured], gone: str = "") -> None:
    """409 where nobody could set users any more, after ``changed`` and without ``gone``. The admin token always may."""
    if not scope.user:
        return
    after = {one.user: one for one in entries.every(UserConfigured)} | {one.user: one for one in changed}
    after.pop(gone, None)
    if not any(one.admin and one.enabled for one in after.values()):
        raise Problem(409, "last-admin", "no admin would be left; make another one first, or use the admin token")


def may_manage(scope: Scope, token: TokenIssued) -> bool:
    """True for an admin, and for the user of a token: it is told to them, and they may revoke it.

    A token that is no admin's knows of itself only.
    """
    is_own = bool(scope.user) and token.user == scope.user
    return scope.admin or (is_own and scope.token_id in (None, token.token_id))


def require_within(scope: Scope, own: TokenIssued | None, asked: TokenIssued) -> None:
    """Pass, or 403 where a token would issue one that may more, or for longer, than itself (``own``)."""
    if own is None:
        return
    is_within = set(asked.scopes) <= set(own.scopes) and _covers(own.media, asked.media)
    lasts_longer = own.expires_ms is not None and (asked.expires_ms is None or asked.expires_ms > own.expires_ms)
    if not is_within or lasts_longer or asked.user != own.user:
        raise not_allowed("a token issues no token that may more than itself, or for longer; sign in")


def require_link_within(own: TokenIssued | None, link: ShareIssued) -> None:
    """Pass, or 403 where a token would make a link that works for longer than itself (``own``)."""
    if own is not None and own.expires_ms is not None and link.expires_ms > own.expires_ms:
        raise not_allowed("a token makes no link that works for longer than itself; sign in")


def _covers(own: Collection[str] | None, asked: Collection[str] | None) -> bool:
    return own is None or (asked is not None and set(asked) <= set(own))


def _watching_admin(user: UserConfigured | None) -> bool:
    return user is not None and user.admin and user.watches
