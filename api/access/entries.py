"""What stands on topic ``access``: the last fact of every entry. Pure: no clock, no thread."""

from collections import deque
from collections.abc import Collection
from typing import TypeAlias, TypeVar

from schemas.access import (
    AccessFact,
    BrandingConfigured,
    GroupConfigured,
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

Borne: TypeAlias = TokenIssued | ShareIssued | SessionOpened
"""What somebody can show, known by the digest of its secret."""
_GONE = (UserRemoved, GroupRemoved, TokenRevoked, ShareRevoked, SessionEnded)
_RIGHTS = (UserConfigured, UserRemoved, GroupConfigured, GroupRemoved, TokenIssued, TokenRevoked)
_RECENT = 8
_Kind = TypeVar("_Kind", bound=AccessFact)


class Entries:
    """Folded from facts and their offsets, which order them. One writer at a time; readers never wait."""

    def __init__(self) -> None:
        self._standing: dict[str, AccessFact] = {}
        self._by_digest: dict[str, Borne] = {}
        self._followed = -1
        self._ahead: dict[str, int] = {}
        """Entry → offset of a fact of our own that has not come round on the topic yet."""
        self._user_at: dict[str, int] = {}
        self._by_others: dict[str, deque[tuple[int, UserConfigured | UserRemoved]]] = {}
        """Login → the last facts of a user on the topic that are not their own words, and where they stand."""
        self.rights_rev = 0
        """Another one after every fact of a user, a group or a token."""

    def follow(self, fact: AccessFact, offset: int) -> None:
        """Take the next fact of the topic. What was read before, or is older than what we wrote, changes nothing."""
        if offset <= self._followed:
            return
        self._followed = offset
        if isinstance(fact, UserConfigured | UserRemoved) and fact.changed_by != fact.user:
            self._by_others.setdefault(fact.user, deque(maxlen=_RECENT)).append((offset, fact))
        if offset >= self._ahead.get(fact.entry, -1):
            self._ahead.pop(fact.entry, None)
            self._put(fact, offset)

    def learn(self, fact: AccessFact, offset: int) -> None:
        """Take a fact of our own that was acknowledged at ``offset``, before it comes round on the topic."""
        if offset > self._followed and offset > self._ahead.get(fact.entry, -1):
            self._ahead[fact.entry] = offset
            self._put(fact, offset)

    def has_followed(self, offset: int) -> bool:
        """True once the topic has been read up to and with ``offset``."""
        return self._followed >= offset

    def user_at(self, login: str) -> tuple[int, UserConfigured | None]:
        """The user of this login, and where that fact stands."""
        at = self._user_at.get(login, -1)
        return at, self.user(login)

    def by_others(
        self, login: str, after: int, before: int, but: Collection[int] = ()
    ) -> tuple[int, UserConfigured | UserRemoved] | None:
        """The last fact of a user between two places that somebody else wrote, and its place; ``but``: not these."""
        found = [one for one in list(self._by_others.get(login, ())) if after < one[0] < before and one[0] not in but]
        return found[-1] if found else None

    def user(self, login: str) -> UserConfigured | None:
        """The user of this login; None: there is none."""
        found = self._standing.get(f"user/{login}")
        return found if isinstance(found, UserConfigured) else None

    def group(self, name: str) -> GroupConfigured | None:
        """The group of this name; None: there is none."""
        found = self._standing.get(f"group/{name}")
        return found if isinstance(found, GroupConfigured) else None

    def token(self, token_id: int) -> TokenIssued | None:
        """The token of this id, expired or not; None: never issued, or revoked."""
        found = self._standing.get(f"token/{token_id}")
        return found if isinstance(found, TokenIssued) else None

    def share(self, share_id: int) -> ShareIssued | None:
        """The link of this id, expired or not; None: never made, or revoked."""
        found = self._standing.get(f"share/{share_id}")
        return found if isinstance(found, ShareIssued) else None

    def session(self, session_id: int) -> SessionOpened | None:
        """The session of this id, expired or not; None: never opened, or ended."""
        found = self._standing.get(f"session/{session_id}")
        return found if isinstance(found, SessionOpened) else None

    def branding(self) -> BrandingConfigured | None:
        """How the page looks; None: as it comes."""
        found = self._standing.get("branding")
        return found if isinstance(found, BrandingConfigured) else None

    def borne(self, digest: str) -> Borne | None:
        """The token, link or session whose secret has this SHA-256; expired ones as well."""
        return self._by_digest.get(digest)

    def every(self, kind: type[_Kind]) -> list[_Kind]:
        """All that stand of one kind of fact, by entry."""
        found = {entry: fact for entry, fact in self._standing.copy().items() if isinstance(fact, kind)}
        return [found[entry] for entry in sorted(found)]

    def _put(self, fact: AccessFact, offset: int) -> None:
        before = self._standing.get(fact.entry)
        if isinstance(fact, UserConfigured | UserRemoved):
            self._user_at[fact.user] = offset
        if isinstance(fact, _GONE):
            self._standing.pop(fact.entry, None)
        else:
            self._standing[fact.entry] = fact
        if isinstance(fact, Borne):
            self._by_digest[fact.digest] = fact
        if isinstance(before, Borne) and before.digest != getattr(fact, "digest", ""):
            self._by_digest.pop(before.digest, None)
        self.rights_rev += isinstance(fact, _RIGHTS)
