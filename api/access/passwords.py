"""Passwords: argon2id, a few at once, and the same time for everybody. Nothing here is ever logged."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST = 10
"""Characters of a password."""
MOST = 1024
_AT_ONCE = 2
"""Each takes 64 MiB and a fifth of a second of a core."""
_WAITING = 8
"""Threads of the API that may wait for their turn; the others are sent away at once."""


class Busy(Exception):
    """Too many passwords are being looked at: try again in a moment."""


class Verdict(NamedTuple):
    """What became of a password."""

    is_right: bool
    renewed: str = ""
    """A hash by today's parameters, where the stored one was by others; empty: it is fine as it is."""


class Passwords:
    """Blocks; thread-safe. Raises Busy."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        """``hasher``: RFC 9106's second choice (64 MiB, 3 passes, 4 lanes), where none is given."""
        self._hasher = hasher or PasswordHasher()
        self._turn = threading.BoundedSemaphore(_AT_ONCE)
        self._room = threading.BoundedSemaphore(_AT_ONCE + _WAITING)
        self._nobodys = ""

    def hashed(self, password: str) -> str:
        """What is stored of a password."""
        with self._at_work():
            return self._hasher.hash(password)

    def verify(self, stored: str, password: str) -> Verdict:
        """Whether it is the password of this hash; empty: no password is, and that takes as long to say."""
        with self._at_work():
            nobodys = self._of_nobody()
            try:
                self._hasher.verify(stored or nobodys, password)
            except (VerificationError, InvalidHashError):
                return Verdict(False)
            if not stored:
                return Verdict(False)
            return Verdict(True, self._hasher.hash(password) if self._hasher.check_needs_rehash(stored) else "")

    def _of_nobody(self) -> str:
        """A hash as today's are, of something that nobody knows."""
        self._nobodys = self._nobodys or self._hasher.hash(secrets.token_hex())
        return self._nobodys

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        if not self._room.acquire(blocking=False):
            raise Busy
        try:
            with self._turn:
                yield
        finally:
            self._room.release()


def fault(password: object, login: str) -> str | None:
    """The rule that a new password breaks; None: none."""
    if not isinstance(password, str):
        return "must be text"
    if len(password) < LEAST:
        return f"must have at least {LEAST} characters"
    if len(password) > MOST:
        return f"must have at most {MOST} characters"
    return "must not be the login" if password.casefold() == login.casefold() else None
