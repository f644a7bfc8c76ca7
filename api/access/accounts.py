"""Users, groups and sessions as they are changed: which facts a wish makes, in which order."""

from collections.abc import Callable, Collection, Iterator

from msgspec import structs

from api.access.entries import Entries
from schemas.access import (
    AccessFact,
    GroupRemoved,
    SessionEnded,
    SessionOpened,
    ShareIssued,
    ShareRevoked,
    TokenIssued,
    TokenRevoked,
    UserConfigured,
    UserRemoved,
)


def removed(entries: Entries, login: str, now_ms: int, by: str) -> list[AccessFact]:
    """A user is gone, after everything that stands in their name: a namesake shall inherit nothing."""
    return [*left_behind(entries, login, now_ms, by), UserRemoved(user=login, observed_ms=now_ms, changed_by=by)]


def left_behind(entries: Entries, login: str, now_ms: int, by: str) -> Iterator[AccessFact]:
    """The end of every session, token and link of a user."""
    yield from sessions_ended(entries, login, now_ms, by)
    for token in entries.every(TokenIssued):
        if token.user == login:
            yield TokenRevoked(token_id=token.token_id, observed_ms=now_ms, changed_by=by)
    for share in entries.every(ShareIssued):
        if share.user == login:
            yield ShareRevoked(share_id=share.share_id, observed_ms=now_ms, changed_by=by)


def token_revoked(entries: Entries, token_id: int, now_ms: int, by: str) -> list[AccessFact]:
    """A token no longer works, nor does anything that it made; that is told too, so that no list shows it."""
    gone = _descent(entries, token_id)
    told: list[AccessFact] = [TokenRevoked(token_id=one, observed_ms=now_ms, changed_by=by) for one in gone]
    for share in entries.every(ShareIssued):
        if share.token_id in gone:
            told.append(ShareRevoked(share_id=share.share_id, observed_ms=now_ms, changed_by=by))
    for session in entries.every(SessionOpened):
        if session.token_id in gone:
            told.append(SessionEnded(session_id=session.session_id, observed_ms=now_ms, changed_by=by))
    return told


def sessions_ended(
    entries: Entries, login: str, now_ms: int, by: str, but: Collection[int | None] = ()
) -> Iterator[AccessFact]:
    """The end of every session of a user, except those with the ids ``but``."""
    for session in entries.every(SessionOpened):
        if session.user == login and session.session_id not in but:
            yield SessionEnded(session_id=session.session_id, observed_ms=now_ms, changed_by=by)


def expired_ended(entries: Entries, login: str, now_ms: int, by: str) -> Iterator[AccessFact]:
    """The end of every session of a user that has expired, so that nobody has to remember it."""
    for session in entries.every(SessionOpened):
        if session.user == login and session.expires_ms <= now_ms:
            yield SessionEnded(session_id=session.session_id, observed_ms=now_ms, changed_by=by)


def configured(entries: Entries, user: UserConfigured, by: str) -> list[AccessFact]:
    """A user as set. With another password, or new under a login that was used before, nothing older works."""
    before = entries.user(user.user)
    if before is None:
        return [*left_behind(entries, user.user, user.observed_ms, by), user]
    if before.password_hash == user.password_hash:
        return [user]
    return [user, *sessions_ended(entries, user.user, user.observed_ms, by)]


def with_password(old_hash: str, new_hash: str, now_ms: int) -> Callable[[UserConfigured], UserConfigured]:
    """User → the same with another password, unless an admin gave them one meanwhile. Older sessions are over."""

    def changed(user: UserConfigured) -> UserConfigured:
        told = {"password_hash": new_hash, "password_changed_ms": now_ms} if user.password_hash == old_hash else {}
        return structs.replace(user, **told, observed_ms=now_ms, changed_by=user.user)

    return changed


def with_hash(old_hash: str, new_hash: str) -> Callable[[UserConfigured], UserConfigured]:
    """User → the same with another hash of the same password, unless they have another password meanwhile."""

    def changed(user: UserConfigured) -> UserConfigured:
        kept = new_hash if user.password_hash == old_hash else user.password_hash
        return structs.replace(user, password_hash=kept, changed_by=user.user)

    return changed


def opened_again(entries: Entries, session_id: int | None, now_ms: int) -> list[AccessFact]:
    """The session of this id as if it were opened now; nothing where there is none."""
    own = None if session_id is None else entries.session(session_id)
    return [structs.replace(own, observed_ms=now_ms)] if own else []


def group_removed(entries: Entries, name: str, now_ms: int, by: str) -> list[AccessFact]:
    """A group is gone; then its members are told apart from it, so that a namesake lets nobody in."""
    told: list[AccessFact] = [GroupRemoved(group=name, observed_ms=now_ms, changed_by=by)]
    for user in entries.every(UserConfigured):
        if name in user.groups:
            left = tuple(group for group in user.groups if group != name)
            told.append(structs.replace(user, groups=left, observed_ms=now_ms, changed_by=by))
    return told


def _descent(entries: Entries, token_id: int) -> list[int]:
    """The token and all that came from it, each after the one that issued it."""
    tokens, found = entries.every(TokenIssued), [token_id]
    for parent_id in found:
        found += [one.token_id for one in tokens if one.parent_id == parent_id and one.token_id not in found]
    return found
