"""Refusals told together."""

from prometheus_client import CollectorRegistry

from producers.alarms.metrics import Metrics
from producers.alarms.refusals import Refusals
from schemas.mail import MailRefused
from tests.fakes import FakeLog


def refused(peer: str = "1.2.3.4", login: str = "", reason: str = "login", at: int = 1_700_000_000_000) -> MailRefused:
    return MailRefused(route="r", observed_ms=at, peer=peer, login=login, reason=reason)  # type: ignore[arg-type]


def told(log: FakeLog) -> list[tuple[str, str, int]]:
    return [(fact.reason, fact.peer, fact.times) for fact in log.facts if isinstance(fact, MailRefused)]


def test_alike_refusals_are_one_fact_with_their_number() -> None:
    log, registry = FakeLog(), CollectorRegistry()
    refusals = Refusals(log, Metrics(registry))
    for _ in range(5):
        refusals.add(refused())
    refusals.add(refused(reason="relay"))
    refusals.add(refused(peer="5.6.7.8", at=1_700_000_009_000))
    refusals.tell()
    refusals.tell()
    assert told(log) == [("login", "1.2.3.4", 5), ("relay", "1.2.3.4", 1), ("login", "5.6.7.8", 1)]
    assert registry.get_sample_value("sightlog_smtp_refused_total", {"reason": "login"}) == 6


def test_an_attack_from_everywhere_takes_no_more_room_than_a_few_hundred() -> None:
    log = FakeLog()
    refusals = Refusals(log, Metrics(CollectorRegistry()))
    for number in range(5_000):
        refusals.add(refused(peer=f"10.0.{number // 256}.{number % 256}", login=f"user {number}"))
    refusals.tell()
    assert len(log.facts) == 501
    assert sum(times for *_, times in told(log)) == 5_000


def test_what_the_log_did_not_take_is_told_later() -> None:
    log = FakeLog()
    refusals = Refusals(log, Metrics(CollectorRegistry()))
    log.down = True
    refusals.add(refused())
    refusals.tell()
    refusals.add(refused())
    refusals.tell()
    log.down = False
    refusals.tell()
    refusals.tell()
    assert told(log) == [("login", "1.2.3.4", 2)]
