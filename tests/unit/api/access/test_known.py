"""What a process of the API knows of people, while facts come in."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from msgspec import structs

from api import followed
from api.access import accounts
from api.access.known import Access, digest_of
from api.access.scope import Scope
from api.registry import Registry
from infra import clock
from infra.log import LogUnavailable
from schemas import codec
from schemas.access import GroupRemoved, SessionOpened, TokenIssued, UserConfigured, UserRemoved
from schemas.facts import MediaConfigured, MediaRemoved
from tests.fakes import FakeLog
from tests.people import group, user
from tests.unit.api.client import LogSource

NOW_MS = 1_000
SECRET = "sl_anna"
CAMERAS, USERS, GROUPS = 5_000, 500, 50


def token(**more: Any) -> TokenIssued:
    told = {"token_id": 5, "user": "anna", "digest": digest_of(SECRET), "scopes": ("live",), "observed_ms": 1}
    return TokenIssued(**told | more)


def camera(name: str, *groups: str) -> MediaConfigured:
    return MediaConfigured(media=name, observed_ms=1, groups=groups)


class Known:
    def __init__(self) -> None:
        self.log = FakeLog()
        self.registry = Registry(lambda: LogSource(self.log))
        self.access = Access(lambda: LogSource(self.log, "access"), self.registry)

    def tell(self, *facts: Any) -> None:
        self.access.wait()
        self.access.append(self.log, facts)

    def show(self, fact: MediaConfigured | MediaRemoved) -> None:
        self.registry.learn(fact, self.log.append(fact).result().offset)

    def scope(self) -> Scope:
        found = self.access.by_token(SECRET, NOW_MS)
        assert found
        return found


@pytest.fixture
def known() -> Iterator[Known]:
    made = Known()
    yield made
    made.access.close()
    made.registry.close()


def test_every_new_fact_counts_at_once(known: Known) -> None:
    known.tell(user("anna", groups=("yard",)), token())
    assert known.scope().media == frozenset()
    known.show(camera("gate", "yard"))
    assert known.scope().media == frozenset()
    known.tell(group("yard"))
    assert known.scope().may("live", "gate")
    known.show(camera("gate"))
    assert known.scope().media == frozenset()
    known.show(camera("gate", "yard", "hall"))
    known.tell(group("yard", live=False))
    assert known.scope().sees("gate")
    assert not known.scope().may("live", "gate")
    known.show(MediaRemoved(media="gate", observed_ms=2))
    assert not known.scope().sees("gate")
    known.show(camera("gate", "yard"))
    known.tell(GroupRemoved(group="yard", observed_ms=3))
    assert not known.scope().sees("gate")
    known.tell(user("anna", enabled=False))
    assert known.access.by_token(SECRET, NOW_MS) is None


def test_what_was_remembered_still_expires(known: Known) -> None:
    known.tell(user("anna"), token(expires_ms=NOW_MS + 1))
    assert known.access.by_token(SECRET, NOW_MS)
    assert known.access.by_token(SECRET, NOW_MS + 1) is None


def test_an_answer_waits_until_the_topics_have_been_read(known: Known) -> None:
    known.log.append(user("anna"))
    known.log.append(token())
    asyncio.run(known.access.ready())
    assert known.access.by_token(SECRET, NOW_MS)


def test_what_an_admin_says_while_somebody_changes_their_own_name_is_never_undone(known: Known) -> None:
    """The admin's fact comes between reading the user and writing them."""
    known.tell(user("anna", admin=True, changed_by="boss"))
    said = [user("anna", groups=("yard",), changed_by="boss"), user("anna", groups=("hall",), changed_by="vice")]

    def change(before: UserConfigured) -> UserConfigured:
        if said:
            known.log.append(said.pop(0))
        return structs.replace(before, title="Anna", changed_by="anna")

    known.access.amend(known.log, "anna", change)
    found = known.access.entries.user("anna")
    assert found
    assert (found.title, found.groups, found.admin, found.changed_by) == ("Anna", ("hall",), False, "vice")
    assert codec.decode("access", known.log.records[-1].value) == found


def test_a_user_who_is_removed_while_they_change_their_name_stays_removed(known: Known) -> None:
    known.tell(user("anna"))

    def change(before: UserConfigured) -> UserConfigured:
        known.log.append(UserRemoved(user="anna", observed_ms=2, changed_by="boss"))
        return structs.replace(before, title="Anna", changed_by="anna")

    known.access.amend(known.log, "anna", change)
    assert known.access.entries.user("anna") is None
    assert isinstance(codec.decode("access", known.log.records[-1].value), UserRemoved)


def test_a_password_that_an_admin_gives_wins_over_one_that_the_user_gives_at_once(known: Known) -> None:
    known.tell(user("anna", password_hash="old"))
    change = accounts.with_password("old", "own", 5)

    def meanwhile(before: UserConfigured) -> UserConfigured:
        if before.password_hash == "old":
            known.log.append(user("anna", password_hash="given", changed_by="boss"))
        return change(before)

    known.access.amend(known.log, "anna", meanwhile)
    found = known.access.entries.user("anna")
    assert found
    assert found.password_hash == "given"


def test_a_topic_that_cannot_be_read_is_the_log_being_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> LogSource:
        raise LogUnavailable("no broker")

    monkeypatch.setattr(followed, "READY_S", 0.05)
    access = Access(away, Registry(away))
    with pytest.raises(LogUnavailable):
        access.wait()
    with pytest.raises(LogUnavailable):
        asyncio.run(access.ready())
    access.close()


def test_a_question_is_quick_for_thousands_of_cameras(known: Known) -> None:
    """Generous, for a machine that does other things; docs/design/access.md says what was measured."""
    names = [f"group-{number}" for number in range(GROUPS)]
    known.tell(*(group(name) for name in names))
    users = (UserConfigured(user=f"u{n}", groups=tuple(names[n % 7 :: 7]), observed_ms=1) for n in range(USERS))
    known.tell(*users, UserConfigured(user="anna", groups=tuple(names), observed_ms=1), token())
    known.tell(SessionOpened(session_id=1, user="anna", digest="a" * 64, expires_ms=9_999, observed_ms=1))
    for number in range(CAMERAS):
        known.show(camera(f"camera-{number:04}", names[number % GROUPS], names[number * 7 % GROUPS]))
    begun_s = clock.cpu_s()
    assert len(known.scope().media or ()) == CAMERAS
    rebuilt_s = clock.cpu_s() - begun_s
    begun_s = clock.cpu_s()
    for _ in range(1_000):
        known.access.by_session("a" * 64, NOW_MS)
    looked_up_s = (clock.cpu_s() - begun_s) / 1_000
    print(f"rebuilt in {rebuilt_s * 1e3:.2f} ms, looked up in {looked_up_s * 1e6:.2f} us")
    assert rebuilt_s < 0.25
    assert looked_up_s < 0.000_25
