"""Passwords and how often they may be wrong."""

import threading

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from api.access import passwords
from api.access.passwords import Busy, Passwords
from api.access.tries import Tries, network
from tests.beside import until

WAIT_S = 60
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Counting:
    """A hasher that notes how often it worked, and waits to be let go."""

    def __init__(self) -> None:
        self.verified: list[str] = []
        self.let_go = threading.Event()
        self.let_go.set()
        self.at_work, self.most = 0, 0
        self._counting = threading.Lock()

    def hash(self, password: str) -> str:
        return QUICK.hash(password)

    def check_needs_rehash(self, stored: str) -> bool:
        return False

    def verify(self, stored: str, password: str) -> bool:
        with self._counting:
            self.verified.append(stored)
            self.at_work += 1
            self.most = max(self.most, self.at_work)
        assert self.let_go.wait(WAIT_S)
        with self._counting:
            self.at_work -= 1
        return QUICK.verify(stored, password)


def test_a_password_is_known_by_its_hash_and_by_nothing_else() -> None:
    found = Passwords(QUICK)
    stored = found.hashed("correct horse")
    assert stored.startswith("$argon2id$")
    assert found.verify(stored, "correct horse") == (True, "")
    for wrong in ("correct horsE", "", "correct horse "):
        assert not found.verify(stored, wrong).is_right
    assert not found.verify("not a hash", "correct horse").is_right


def test_parameters_are_those_of_rfc_9106() -> None:
    hasher = Passwords()._hasher
    assert (hasher.memory_cost, hasher.time_cost, hasher.parallelism) == (64 * 1024, 3, 4)


def test_a_hash_by_other_parameters_is_renewed_only_with_the_right_password() -> None:
    stored = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash("correct horse")
    found = Passwords(QUICK)
    assert found.verify(stored, "wrong").renewed == ""
    assert found.verify(found.verify(stored, "correct horse").renewed, "correct horse") == (True, "")


def test_nobody_takes_as_much_work_as_somebody() -> None:
    counting = Counting()
    found = Passwords(counting)  # type: ignore[arg-type]
    assert not found.verify("", "correct horse").is_right
    assert not found.verify(QUICK.hash("x"), "correct horse").is_right
    assert len(counting.verified) == 2
    assert QUICK.check_needs_rehash(counting.verified[0]) is False


def test_only_so_many_at_once_and_the_rest_are_sent_away() -> None:
    counting = Counting()
    counting.let_go.clear()
    found = Passwords(counting)  # type: ignore[arg-type]
    stored, sent_away, done = QUICK.hash("x"), threading.Semaphore(0), []

    def ask() -> None:
        try:
            done.append(found.verify(stored, "x").is_right)
        except Busy:
            sent_away.release()

    asking = [threading.Thread(target=ask) for _ in range(15)]
    for one in asking:
        one.start()
    for _ in range(5):
        assert sent_away.acquire(timeout=WAIT_S)
    until(lambda: counting.at_work == 2)
    counting.let_go.set()
    for one in asking:
        one.join(WAIT_S)
    assert (done, counting.most) == ([True] * 10, 2)


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("123456789", "at least 10"), ("x" * 1025, "at most 1024"), ("Anna.Smith", "not be the login"), (5, "text"),
        ("1234567890", None), ("x" * 1024, None),
    ],
)  # fmt: skip
def test_a_new_password_has_rules(password: object, rule: str | None) -> None:
    found = passwords.fault(password, "anna.smith")
    assert found is None if rule is None else rule in str(found)


@given(st.lists(st.integers(0, 400), max_size=40).map(sorted), st.integers(1, 5))
def test_no_stretch_of_time_holds_more_tries_than_allowed(times: list[int], most: int) -> None:
    tries = Tries(most, 100)
    let = []
    for now_ms in times:
        wait_ms = tries.wait_ms("anna", now_ms)
        if not wait_ms:
            tries.count("anna", now_ms)
            let.append(now_ms)
        else:
            assert tries.wait_ms("anna", now_ms + wait_ms) == 0, "and it says when"
            tries = _as_before(let, most)
    for first in let:
        assert sum(first <= at < first + 100 for at in let) <= most


def _as_before(let: list[int], most: int) -> Tries:
    found = Tries(most, 100)
    for at_ms in let:
        found.count("anna", at_ms)
    return found


def test_one_key_does_not_wait_for_another_and_is_forgiven() -> None:
    tries = Tries(2, 100)
    for _ in range(2):
        tries.count("anna", 5)
    assert (tries.wait_ms("anna", 5), tries.wait_ms("ben", 5)) == (100, 0)
    tries.take_back("anna")
    assert tries.wait_ms("anna", 5) == 0
    tries.count("anna", 5)
    tries.forgive("anna")
    assert tries.wait_ms("anna", 5) == 0


def test_whoever_tries_under_many_names_fills_no_memory() -> None:
    tries = Tries(2, 100, kept=10)
    for number in range(1000):
        tries.count(str(number), number)
    assert len(tries) == 10


@pytest.mark.parametrize(
    ("peer", "found"),
    [
        ("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"), ("", ""), ("testclient", "testclient"),
    ],
)  # fmt: skip
def test_a_household_is_an_address_or_a_network(peer: str, found: str) -> None:
    assert network(peer) == found


def test_what_was_tried_long_ago_is_not_kept() -> None:
    tries = Tries(2, 100)
    for at_ms in range(50):
        tries.count(f"login {at_ms}", at_ms)
    tries.count("anna", 149)
    assert len(tries) == 1


def test_a_key_of_any_length_is_counted_and_takes_as_much_room_as_another() -> None:
    tries = Tries(1, 100)
    tries.count("a" * 100_000, 1)
    assert tries.wait_ms("a" * 100_000, 2) == 99
    assert tries.wait_ms("a" * 100_001, 2) == 0
    assert sum(map(len, tries._at)) < 200
    tries.take_back("a" * 100_000)
    assert tries.wait_ms("a" * 100_000, 2) == 0
