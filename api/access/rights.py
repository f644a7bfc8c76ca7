"""What facts let somebody do. Pure: every time is passed in."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from api.access.entries import Entries
from api.access.scope import EVERYTHING, RIGHTS, Grant, Scope, Via
from schemas.access import GroupConfigured, Right, SessionOpened, ShareIssued, TokenIssued, UserConfigured
from schemas.intervals import Span

GrantsOf = Callable[[tuple[str, ...]], Mapping[str, Grant]]
"""Names of groups → what their members may do, by camera."""
_WATCHING: frozenset[Right] = frozenset({"live", "archive", "export"})


def grants_of(
    groups: Mapping[str, GroupConfigured], cameras: Mapping[tuple[str, ...], Collection[str]]
) -> dict[str, Grant]:
    """By camera, the union of what those of ``groups`` that it is in allow.

    ``cameras``: names by the groups they are in. A camera in one of the groups is there, also where none of its groups
    allows anything.
    """
    found: dict[str, Grant] = {}
    made: dict[tuple[str, ...], Grant] = {}
    for theirs, names in cameras.items():
        shared = tuple(name for name in theirs if name in groups)
        if shared:
            if shared not in made:
                made[shared] = _union([groups[name] for name in shared])
            found.update(dict.fromkeys(names, made[shared]))
    return found


def user_scope(user: UserConfigured, via: Via, grants_of_groups: GrantsOf) -> Scope:
    """What a user may. An admin needs no groups; one who does not watch has no rights to pictures."""
    if user.admin:
        everywhere = EVERYTHING if user.watches else Grant(EVERYTHING.rights - _WATCHING)
        return Scope(who=user.user, user=user.user, via=via, admin=True, everywhere=everywhere)
    grants = grants_of_groups(user.groups)
    return Scope(who=user.user, user=user.user, via=via, admin=False, grants=grants)


def within(scope: Scope, scopes: Collection[str], media: Sequence[str] | None) -> Scope:
    """The part of ``scope`` that a token leaves. One with a list of cameras is no admin's: admins ask about all."""
    rights: frozenset[Right] = frozenset(right for right in RIGHTS if right in scopes)
    narrowed: dict[Grant, Grant] = {}

    def left(grant: Grant) -> Grant:
        if grant not in narrowed:
            narrowed[grant] = Grant(grant.rights & rights, grant.depth_ms)
        return narrowed[grant]

    is_admin = scope.admin and "admin" in scopes and media is None
    if scope.grants is None and media is None:
        return replace(scope, admin=is_admin, everywhere=left(scope.everywhere))
    names = media if media is not None else scope.grants or ()
    return replace(scope, admin=is_admin, grants={name: left(scope.grant(name)) for name in names if scope.sees(name)})


def share_scope(share: ShareIssued, maker: Scope) -> Scope:
    """What the bearer of a link may: watch one stretch of one camera, as far as its maker may now."""
    offered: frozenset[Right] = frozenset({"archive", "export"}) if share.export else frozenset({"archive"})
    own = maker.grant(share.media)
    grants = {share.media: Grant(own.rights & offered, own.depth_ms)} if maker.may("archive", share.media) else {}
    return Scope(
        who=f"{maker.who} share-{share.share_id}", via="share", admin=False, grants=grants,
        window=Span(share.from_ms, share.to_ms), share_id=share.share_id,
        expires_ms=_first(share.expires_ms, maker.expires_ms),
    )  # fmt: skip


def maker_scope(entries: Entries, share: ShareIssued, now_ms: int, grants: GrantsOf) -> Scope | None:
    """What the maker of a link may; None: they may nothing any more.

    One that was made with a token shows what the token may, and ends with it.
    """
    if share.token_id is not None:
        return _used_scope(entries, share.token_id, share.user, now_ms, grants)
    if not share.user:
        return Scope()
    user = standing(entries, share.user)
    return user_scope(user, "share", grants) if user else None


def token_scope(entries: Entries, token: TokenIssued, now_ms: int, grants: GrantsOf) -> Scope | None:
    """What the bearer of a token may; None: it no longer works. One that a token issued ends with that."""
    user = standing(entries, token.user)
    if user is None or is_over(token.expires_ms, now_ms) or not _is_rooted(entries, token):
        return None
    scope = within(user_scope(user, "token", grants), token.scopes, token.media)
    who = f"{user.user} token-{token.token_id}"
    return replace(scope, who=who, token_id=token.token_id, expires_ms=token.expires_ms)


def session_scope(entries: Entries, session: SessionOpened, now_ms: int, grants: GrantsOf) -> Scope | None:
    """What somebody who signed in may; None: the session is over.

    One that was opened with a token may what the token may, and ends with it.
    """
    if is_over(session.expires_ms, now_ms):
        return None
    if session.token_id is not None:
        found = _used_scope(entries, session.token_id, session.user, now_ms, grants)
        expires_ms = _first(session.expires_ms, found.expires_ms if found else None)
        return found and replace(found, via="session", session_id=session.session_id, expires_ms=expires_ms)
    if not session.user:
        return Scope(via="session", session_id=session.session_id, expires_ms=session.expires_ms)
    user = standing(entries, session.user)
    if user is None or session.observed_ms < user.password_changed_ms:
        return None
    scope = user_scope(user, "session", grants)
    return replace(scope, session_id=session.session_id, expires_ms=session.expires_ms)


def standing(entries: Entries, login: str) -> UserConfigured | None:
    """The user, where they are there and may do anything."""
    user = entries.user(login)
    return user if user and user.enabled else None


def is_over(expires_ms: int | None, now_ms: int) -> bool:
    """True once what expires then has expired."""
    return expires_ms is not None and now_ms >= expires_ms


def _used_scope(entries: Entries, token_id: int, login: str, now_ms: int, grants: GrantsOf) -> Scope | None:
    """What the token may that somebody used to make something that lasts; None: it no longer works."""
    token = entries.token(token_id)
    return token_scope(entries, token, now_ms, grants) if token and token.user == login else None


def _is_rooted(entries: Entries, token: TokenIssued) -> bool:
    """True while every token stands that this one came from."""
    passed = {token.token_id}
    while token.parent_id is not None:
        parent = entries.token(token.parent_id)
        if parent is None or parent.user != token.user or parent.token_id in passed:
            return False
        passed.add(parent.token_id)
        token = parent
    return True


def _first(*times_ms: int | None) -> int | None:
    """The earliest of times, of which some may be never; None: never."""
    return min((one for one in times_ms if one is not None), default=None)


def _union(groups: Sequence[GroupConfigured]) -> Grant:
    rights: frozenset[Right] = frozenset(right for right in RIGHTS if any(getattr(one, right) for one in groups))
    depths = [one.archive_depth_ms for one in groups if one.archive]
    return Grant(
        rights, None if None in depths else max((depth for depth in depths if depth is not None), default=None)
    )
