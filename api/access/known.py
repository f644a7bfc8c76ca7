"""Who may do what, as every process of the API knows it: topic ``access`` in memory, beside the groups of cameras."""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, TypeVar

from msgspec import structs

from api import writes
from api.access import rights
from api.access.entries import Borne, Entries
from api.access.scope import Grant, Scope
from api.followed import Followed
from api.registry import Registry
from infra.following import Source
from infra.log import FactLog, Position, Record
from schemas.access import AccessFact, SessionOpened, ShareIssued, TokenIssued, UserConfigured, UserRemoved

_KEPT = 256
"""Most sets of groups, and most tokens and sessions, whose rights are remembered."""
Change = Callable[[UserConfigured], UserConfigured]
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Access:
    """Thread-safe. Ask ``ready`` first. A broker that goes away later stops nothing: what was read last counts."""

    def __init__(self, open_source: Callable[[], Source], registry: Registry) -> None:
        self.entries = Entries()
        self._registry = registry
        self._followed = Followed("access", open_source, self._take)
        self._learning = threading.Lock()
        self._remembered = _Remembered()

    async def ready(self) -> None:
        """Return once both topics have been read. Raises LogUnavailable when they cannot be."""
        await self._followed.wait_async()
        await self._registry.followed.wait_async()

    def wait(self) -> None:
        """The same, blocking."""
        self._followed.wait()
        self._registry.followed.wait()

    def by_token(self, secret: str, now_ms: int) -> Scope | None:
        """What the bearer of a token or of a link may; None: it is neither, or no longer works."""
        found = self.entries.borne(digest_of(secret))
        return self._scope(found, now_ms) if isinstance(found, TokenIssued | ShareIssued) else None

    def by_session(self, digest: str, now_ms: int) -> Scope | None:
        """What somebody may who shows the cookie of this digest; None: the session is over."""
        found = self.entries.borne(digest)
        return self._scope(found, now_ms) if isinstance(found, SessionOpened) else None

    def of_user(self, login: str) -> Scope | None:
        """What a user may; None: there is no such user, or they may not sign in."""
        user = rights.standing(self.entries, login)
        return rights.user_scope(user, "session", self._grants) if user else None

    def append(self, log: FactLog, facts: Iterable[AccessFact]) -> None:
        """Write facts; they count here at once, elsewhere as soon as they are read. Raises LogUnavailable."""
        self._written(log, list(facts))

    def amend(self, log: FactLog, login: str, change: Change, new: UserConfigured | None = None) -> None:
        """Have users change something of themselves, and nothing of what others set meanwhile. Raises LogUnavailable.

        ``new``: the user where there is none; nothing else makes one.
        The fact is the whole user, as this process knows them; so where somebody else's fact came in between, theirs
        is told again with the change. A demotion can be delayed so by a moment, and never be undone.
        """
        with self._learning:
            at, user = self.entries.user_at(login)
        told: UserConfigured | UserRemoved | None = change(user) if user else new
        ours: list[int] = []
        while told is not None:
            offset = self._written(log, [told])[0].offset
            writes.wait_visible(lambda offset=offset: self.entries.has_followed(offset))  # type: ignore[misc]
            missed = self.entries.by_others(login, at, offset, ours)
            ours.append(offset)
            at, told = (missed[0], _changed(missed[1], change)) if missed else (offset, None)

    def close(self) -> None:
        """Stop following."""
        self._followed.close()

    def _written(self, log: FactLog, facts: list[AccessFact]) -> list[Position]:
        positions = writes.append(log, facts)
        with self._learning:
            for fact, position in zip(facts, positions, strict=True):
                self.entries.learn(fact, position.offset)
        return positions

    def _scope(self, borne: Borne, now_ms: int) -> Scope | None:
        if rights.is_over(borne.expires_ms, now_ms):
            return None
        kept = self._now().scopes
        found = kept.get(borne.digest)
        if found is None and (found := self._made(borne, now_ms)):
            _keep(kept, borne.digest, found)
        return None if found and rights.is_over(found.expires_ms, now_ms) else found

    def _made(self, borne: Borne, now_ms: int) -> Scope | None:
        if isinstance(borne, TokenIssued):
            return rights.token_scope(self.entries, borne, now_ms, self._grants)
        if isinstance(borne, SessionOpened):
            return rights.session_scope(self.entries, borne, now_ms, self._grants)
        maker = rights.maker_scope(self.entries, borne, now_ms, self._grants)
        return maker and rights.share_scope(borne, maker)

    def _grants(self, groups: tuple[str, ...]) -> Mapping[str, Grant]:
        kept = self._now().grants
        found = kept.get(groups)
        if found is None:
            known = {name: group for name in groups if (group := self.entries.group(name))}
            found = rights.grants_of(known, self._registry.by_groups())
            _keep(kept, groups, found)
        return found

    def _now(self) -> "_Remembered":
        """What is remembered, none of it older than the last fact of users, groups, tokens or the groups of cameras."""
        revs = (self.entries.rights_rev, self._registry.groups_rev)
        if self._remembered.revs != revs:
            self._remembered = _Remembered(revs)
        return self._remembered

    def _take(self, record: Record, fact: Any) -> None:
        with self._learning:
            self.entries.follow(fact, record.offset)


def _changed(theirs: UserConfigured | UserRemoved, change: Change) -> UserConfigured | UserRemoved:
    """What somebody else said of a user, as their word, with the change."""
    if isinstance(theirs, UserRemoved):
        return theirs
    return structs.replace(change(theirs), changed_by=theirs.changed_by)


def digest_of(secret: str) -> str:
    """What stands in facts of a token, a link or a cookie."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class _Remembered:
    """Rights that were worked out from one state of users, groups, tokens and cameras."""

    revs: tuple[int, int] = (-1, -1)
    grants: dict[tuple[str, ...], Mapping[str, Grant]] = field(default_factory=dict)
    """By the groups of a user: colleagues share them."""
    scopes: dict[str, Scope] = field(default_factory=dict)
    """By the digest of what was shown."""


def _keep(kept: dict[_Key, _Value], key: _Key, value: _Value) -> None:
    """Remember; when there are too many, begin anew: working one out takes milliseconds."""
    if len(kept) >= _KEPT:
        kept.clear()
    kept[key] = value
