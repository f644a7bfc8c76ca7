"""Users, groups and what they carry, for tests."""

from typing import Any

from argon2 import PasswordHasher

from schemas.access import GroupConfigured, SessionOpened, TokenIssued, UserConfigured

PASSWORD = "correct horse battery"
_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def user(login: str = "anna", password: str = PASSWORD, **more: Any) -> UserConfigured:
    hashed = _HASHER.hash(password) if password else ""
    return UserConfigured(**{"user": login, "password_hash": hashed, "observed_ms": 1} | more)


def group(name: str = "yard", **more: Any) -> GroupConfigured:
    return GroupConfigured(**{"group": name, "observed_ms": 1} | more)


def token(secret: str, digest: str, login: str = "anna", **more: Any) -> TokenIssued:
    told = {"token_id": 5, "user": login, "digest": digest, "scopes": ("live", "archive"), "observed_ms": 1}
    return TokenIssued(**told | more)


def sessions(facts: list[Any]) -> list[SessionOpened]:
    return [fact for fact in facts if isinstance(fact, SessionOpened)]
