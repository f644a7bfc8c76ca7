"""Which user somebody is whom a provider knows. Pure."""

from collections.abc import Callable, Collection, Mapping, Sequence

import msgspec
from msgspec import structs

from api.oidc.claims import Identity, NotShown
from schemas.access import Login, UserConfigured

BY = "single-sign-on"
"""Who configured a user, as facts say it."""


class Unknown(NotShown):
    """They are somebody, but nobody of ours."""


def groups_of(mapping: str) -> dict[str, str]:
    """Their groups → ours, as the setting has them: ``THEIRS=OURS`` with commas. Raises ValueError."""
    found = {}
    for part in filter(None, (one.strip() for one in mapping.split(","))):
        theirs, equals, ours = part.rpartition("=")
        if not equals or not theirs or not ours:
            raise ValueError(f"oidc_groups: {part!r} is not THEIRS=OURS")
        found[theirs.strip()] = ours.strip()
    return found


def user_of(
    who: Identity, users: Sequence[UserConfigured], *, by_email: bool, new_groups: Collection[str] | None, now_ms: int
) -> tuple[UserConfigured, bool]:
    """The user, and whether they have to be written first. Raises Unknown.

    By the subject that an admin gave them, or that an earlier sign-in left. ``by_email``: also by a verified address
    that is the login of a user without a subject; from then on by the subject, whoever has the address later.
    ``new_groups``: who is not known becomes a user in these; None: nobody does.
    """
    known = next((one for one in users if one.subject == who.subject), None)
    if known is not None:
        return known, False
    same = next((one for one in users if by_email and who.email and one.user == who.email and not one.subject), None)
    if same is not None:
        return bound(who.subject, now_ms)(same), True
    if not new_groups:
        raise Unknown(f"nobody here has this identity; an admin can give it to a user: {who.subject}")
    return _made(who, users, new_groups, now_ms), True


def bound(subject: str, now_ms: int) -> Callable[[UserConfigured], UserConfigured]:
    """User → the same with this identity, unless they have another by now."""

    def changed(user: UserConfigured) -> UserConfigured:
        return structs.replace(user, subject=user.subject or subject, observed_ms=now_ms, changed_by=BY)

    return changed


def new_groups(who: Identity, mapping: Mapping[str, str], known: Collection[str]) -> list[str]:
    """Our groups for theirs, those that exist."""
    return sorted({ours for theirs, ours in mapping.items() if theirs in who.groups and ours in known})


def _made(who: Identity, users: Sequence[UserConfigured], groups: Collection[str], now_ms: int) -> UserConfigured:
    """A new user; never one whose login somebody has."""
    taken = {one.user for one in users}
    for login in filter(None, (who.login, who.email)):
        if _is_login(login) and login not in taken:
            return UserConfigured(
                user=login, title=who.name, groups=tuple(sorted(groups)), subject=who.subject, observed_ms=now_ms,
                changed_by=BY,
            )  # fmt: skip
    raise Unknown(f"no login is free for this identity; an admin can give it to a user: {who.subject}")


def _is_login(text: str) -> bool:
    try:
        msgspec.convert(text, Login)
    except msgspec.ValidationError:
        return False
    return True
