"""Locks as legal holds on a real store: on and off with the lock, for footage of before and of after."""

import secrets
import threading
from collections.abc import Iterator

import pytest

from infra.kafka import KafkaLog, ensure_topics
from infra.objects import ObjectMissing, S3Store, StoreRefused
from infra.settings import Settings
from projections.effects import holding
from tests.footage_facts import START_MS, segment
from tests.integration.test_projection import count, log, running, until
from tests.protection_facts import hold, locked, protected, released

__all__ = ["log"]

SECOND = 1000


@pytest.fixture
def own(stack: Settings) -> Settings:
    """Topics, tables and a bucket with object lock of this test's own."""
    mark = f"h{secrets.token_hex(3)}"
    changes = {"topic_prefix": f"{mark}.", "database": mark, "s3_bucket": mark, "flush_ms": 100}
    settings = stack.model_copy(update=changes | {"object_lock": "legal-hold"})
    ensure_topics(settings)
    return settings


@pytest.fixture
def store(own: Settings) -> S3Store:
    made = S3Store(own)
    made.ensure_bucket()
    return made


@pytest.fixture
def effect(own: Settings, store: S3Store) -> Iterator[None]:
    stopping = threading.Event()
    with holding.holding(own, stopping):
        yield


def recorded(log: KafkaLog, store: S3Store, at_s: int) -> str:
    """The key of a segment that was recorded then."""
    fact = segment("tył", START_MS + at_s * SECOND)
    store.put(fact.object_key, b"footage")
    log.append(fact).result(60)
    return fact.object_key


def test_what_a_lock_keeps_nobody_deletes_until_it_is_given_back(
    own: Settings, log: KafkaLog, store: S3Store, effect: None
) -> None:
    with running(own, log):
        before = [recorded(log, store, at) for at in (0, 6, 12)]
        log.append(locked(7, "tył", START_MS + 7 * SECOND, 60 * SECOND))
        log.append(protected("tył", START_MS + 7 * SECOND, 60 * SECOND, hold(7, "lock"))).result(60)
        until(lambda: [store.is_held(key) for key in before] == [False, True, True])
        after = recorded(log, store, 18)
        until(lambda: store.is_held(after))
        assert [one.key for one in store.delete([before[1], after])] == [before[1], after]
        log.append(released("tył", START_MS + 7 * SECOND, 60 * SECOND)).result(60)
        until(lambda: not any(store.is_held(key) for key in (*before, after)))
        assert store.delete([*before, after]) == []
        until(lambda: count(own, "locks") == 1)


def test_a_bucket_without_object_locks_is_said_with_what_to_do(own: Settings) -> None:
    plain = S3Store(own.model_copy(update={"object_lock": "none"}))
    plain.ensure_bucket()
    with pytest.raises(StoreRefused, match="SIGHTLOG_OBJECT_LOCK=legal-hold"):
        S3Store(own).require_locks()


def test_a_hold_on_nothing_is_an_error_and_taking_off_what_is_not_on_is_none(store: S3Store) -> None:
    with pytest.raises(ObjectMissing):
        store.hold("segments/none.mp4", True)
    store.put("segments/one.mp4", b"x")
    store.hold("segments/one.mp4", False)
    assert not store.is_held("segments/one.mp4")


def test_what_fails_ends_the_service_and_is_raised(own: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("a bug")

    monkeypatch.setattr(holding, "run", broken)
    stopping = threading.Event()
    with pytest.raises(ValueError, match="a bug"), holding.holding(own, stopping):
        assert stopping.wait(60)


def test_without_the_setting_nothing_runs(stack: Settings) -> None:
    with holding.holding(stack, threading.Event()):
        assert not [one for one in threading.enumerate() if one.name == "legal-holds"]
