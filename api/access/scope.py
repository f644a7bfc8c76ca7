"""What a caller may see and do. Pure: no clock, no request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from api.errors import Problem
from api.missing import no_such_media
from schemas.access import Right
from schemas.intervals import Span

Via = Literal["session", "token", "share", "admin-token"]
RIGHTS: tuple[Right, ...] = ("live", "archive", "export", "protect", "configure")


@dataclass(frozen=True, slots=True)
class Grant:
    """What may be done with one camera."""

    rights: frozenset[Right]
    depth_ms: int | None = None
    """How far back the archive reaches; None: all of it. Counts with ``archive``."""


EVERYTHING = Grant(frozenset(RIGHTS))


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks, and what they may. Without arguments: everything, as the admin token."""

    who: str = "admin-token"
    """As facts name them in ``changed_by`` and ``requested_by``."""
    user: str = ""
    """Login; empty: nobody in particular."""
    via: Via = "admin-token"
    admin: bool = True
    """May configure users, groups and the system, and ask about all cameras at once."""
    grants: Mapping[str, Grant] | None = None
    """By camera; None: ``everywhere`` holds for all, also for those to come."""
    everywhere: Grant = field(default=EVERYTHING)
    window: Span | None = None
    """A share link shows nothing outside of it."""
    token_id: int | None = None
    """The token that was shown, now or when the session was opened."""
    session_id: int | None = None
    share_id: int | None = None
    expires_ms: int | None = None
    """When what was shown no longer works, whatever happens; None: it has no such time."""

    @property
    def media(self) -> frozenset[str] | None:
        """Names of the cameras that the caller may know of; None: all."""
        return None if self.grants is None else frozenset(self.grants)

    def sees(self, media: str) -> bool:
        """True when the caller may know that the camera is there."""
        return self.grants is None or media in self.grants

    def may(self, right: Right, media: str) -> bool:
        """True when the caller may do this with the camera."""
        return right in self.grant(media).rights

    def grant(self, media: str) -> Grant:
        """What the caller may do with a camera; nothing for one that they may not know of."""
        return self.everywhere if self.grants is None else self.grants.get(media, _NOTHING)

    def require(self, right: Right, media: str) -> None:
        """Pass, or raise: 404 as for a camera that does not exist, 403 for one that is seen without this right."""
        if not self.sees(media):
            raise no_such_media(media)
        if not self.may(right, media):
            raise not_allowed(
                f"you may not {_WORDS[right]} {media}; ask an admin for the right `{right}` in one of its groups"
            )

    def require_admin(self) -> None:
        """Pass, or 403."""
        if not self.admin:
            raise not_allowed("only admins may do this")

    def require_no_link(self) -> None:
        """Pass, or 403 for a link: it shows nothing of mails, settings and locks."""
        if self.via == "share":
            raise not_allowed("a link shows footage, the episodes in it and when it goes, and nothing else")

    def since_ms(self, media: str, now_ms: int) -> int:
        """Footage before this time is as if it were not there; 0: no limit. Footage at all needs ``archive``."""
        depth_ms = self.grant(media).depth_ms
        return 0 if depth_ms is None else max(0, now_ms - depth_ms)

    def shown(self, media: str, span: Span, now_ms: int) -> Span | None:
        """The part of a window that the caller may look at; None: nothing of it."""
        start_ms, end_ms = max(span.start_ms, self.since_ms(media, now_ms)), span.end_ms
        if self.window is not None:
            start_ms, end_ms = max(start_ms, self.window.start_ms), min(end_ms, self.window.end_ms)
        return Span(start_ms, end_ms) if start_ms < end_ms else None


def not_allowed(detail: str) -> Problem:
    """403, for what the caller may know of and may not do."""
    return Problem(403, "not-allowed", detail)


_NOTHING = Grant(frozenset())
_WORDS: dict[Right, str] = {
    "live": "watch", "archive": "watch the archive of", "export": "export footage of", "protect": "protect footage of",
    "configure": "configure",
}  # fmt: skip
