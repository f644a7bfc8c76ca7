"""Login and password → the user, when they are right; as slow, and as silent, when they are not. Tries are counted."""

import threading

from api.access import accounts
from api.access.known import Access
from api.access.passwords import Busy, Passwords, Verdict
from api.access.tries import Tries, network
from api.errors import Problem
from infra import clock
from infra.log import FactLog
from schemas.access import UserConfigured

WITHIN_MS = 15 * 60_000
OF_A_LOGIN = 10
OF_AN_ADDRESS = 50
"""Tries within ``WITHIN_MS`` that showed nobody: by password, token or provider. An office is one address."""


class SignIn:
    """Thread-safe; each process of the API counts by itself."""

    def __init__(self, passwords: Passwords) -> None:
        self._passwords = passwords
        self._by_login, self._by_address = Tries(OF_A_LOGIN, WITHIN_MS), Tries(OF_AN_ADDRESS, WITHIN_MS)
        self._counting = threading.Lock()

    def user(self, access: Access, log: FactLog, login: str, password: str, peer: str) -> UserConfigured:
        """Who signs in. Raises Problem: 401 ``bad-login`` whatever is wrong, 429 ``too-many-tries``.

        Their hash is made anew when the parameters of hashes have changed.
        """
        known = access.entries.user(login)
        found = self.verify(known, login, password, peer)
        if known is None or not found.is_right or not known.enabled:
            raise bad_login()
        self.forgive(login, peer)
        if found.renewed:
            access.amend(log, login, accounts.with_hash(known.password_hash, found.renewed))
        return known

    def verify(self, known: UserConfigured | None, login: str, password: str, peer: str) -> Verdict:
        """Whether this is the user's password; counted. Raises Problem 429."""
        self.admit(peer, login)
        try:
            return self._passwords.verify(known.password_hash if known else "", password)
        except Busy:
            self.take_back(peer, login)
            raise too_many("many people sign in just now", 2) from None

    def admit(self, peer: str, login: str | None = None) -> None:
        """Count a try from an address; of a login, where one was typed. Raises Problem 429."""
        now_ms, counted = int(clock.monotonic_s() * 1000), self._counted(peer, login)
        with self._counting:
            wait_ms = max(tries.wait_ms(key, now_ms) for tries, key in counted)
            if wait_ms:
                raise too_many("too many tries to sign in", wait_ms // 1000 + 1)
            for tries, key in counted:
                tries.count(key, now_ms)

    def take_back(self, peer: str, login: str | None = None) -> None:
        """The try that was counted last was none."""
        with self._counting:
            for tries, key in self._counted(peer, login):
                tries.take_back(key)

    def forgive(self, login: str, peer: str) -> None:
        """What was counted was right; what was tried with this login before it no longer counts."""
        self.take_back(peer)
        with self._counting:
            self._by_login.forgive(login)

    def _counted(self, peer: str, login: str | None) -> list[tuple[Tries, str]]:
        of_login = [] if login is None else [(self._by_login, login)]
        return [(self._by_address, network(peer)), *of_login]


def bad_login() -> Problem:
    """401 for whoever could not show who they are."""
    return Problem(
        401, "bad-login", "login or password is wrong", headers={"WWW-Authenticate": 'Bearer realm="sightlog"'}
    )


def too_many(why: str, wait_s: int) -> Problem:
    """429 that says when to try again."""
    return Problem(429, "too-many-tries", f"{why}; try again in {wait_s} s", headers={"Retry-After": str(wait_s)})
