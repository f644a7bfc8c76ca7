"""The entry of mails on a real broker: cameras of a moment ago, a store that is away, mails that end their reader."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from infra.clock import now_ms
from infra.health import Beat
from infra.kafka import KafkaLog
from infra.objects import ObjectStore, S3Store, StoreUnavailable
from infra.settings import Settings
from processors.alarms.entry import mails
from processors.alarms.entry.metrics import Metrics
from processors.alarms.entry.reader import MOST_TRIES
from processors.alarms.entry.run import Entry
from schemas.facts import AlarmsTicked
from tests.integration.mailing import Post, mail
from tests.integration.recording import wait_for

SLOW_S = 2
"""So long a mail may be on its way to the log here; a busy machine takes its time."""


@pytest.fixture
def own(stack: Settings) -> Settings:
    """The shared servers with topics of this test's own, and time that is told often."""
    more = {"topic_prefix": f"m{secrets.token_hex(3)}.", "tick_ms": 200, "smtp_ack_s": 0.1}
    return stack.model_copy(update=more)


@pytest.fixture
def post(own: Settings) -> Iterator[Post]:
    made = Post(own)
    yield made
    made.close()


class Died(BaseException):
    """What a kill leaves: nothing is caught, nothing committed."""


class Running:
    """An entry in a thread of this process, and its figures."""

    def __init__(self, settings: Settings, store: ObjectStore) -> None:
        self.registry, self.died = CollectorRegistry(), False
        self._stopping = threading.Event()
        self._log = KafkaLog(settings, "entry", 60_000)
        self._entry = Entry(settings, self._log, store, Metrics(self.registry), self._stopping, Beat())
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def count(self, name: str, **labels: str) -> float:
        return self.registry.get_sample_value(f"sightlog_mail_entry_{name}", labels) or 0

    def close(self) -> None:
        self._stopping.set()
        self._thread.join(60)
        assert not self._thread.is_alive()
        self._log.close()

    def _run(self) -> None:
        try:
            self._entry.run()
        except Died:
            self.died = True


@contextmanager
def reading(settings: Settings, store: ObjectStore | None = None) -> Iterator[Running]:
    running = Running(settings, store or S3Store(settings))
    try:
        yield running
    finally:
        running.close()


def test_a_camera_that_was_added_a_moment_ago_is_known(own: Settings, post: Post) -> None:
    with reading(own):
        for number in range(5):
            post.camera(f"new-{number}")
            post.send(mail(number, to=f"new-{number}"))
        wait_for(lambda: len(seen(post)) == 5)
        assert post.letters() == []


class Away(S3Store):
    """A store that can be away."""

    is_away, refused = False, 0

    def put(self, key: str, *rest: Any, **more: Any) -> None:
        if self.is_away:
            self.refused += 1
            raise StoreUnavailable("told to be away")
        super().put(key, *rest, **more)


def test_while_the_store_is_away_mails_wait_and_none_becomes_a_letter(own: Settings, post: Post) -> None:
    store = Away(own)
    post.camera("gate")
    with reading(own, store) as running:
        post.send(mail(0))
        wait_for(post.alarms)
        store.is_away = True
        post.send(*(mail(number) for number in range(1, 30)), mail(99, subject="Nothing"))
        wait_for(lambda: running.count("waiting") == 1)
        assert len(seen(post)) == 1
        store.is_away = False
        wait_for(post.letters)
        wait_for(lambda: len({alarm.alarm_id for alarm in post.alarms()}) == 30)
        wait_for(lambda: running.count("waiting") == 0)
        assert [letter.error for letter in post.letters()] == ["no_match"]


def test_a_mail_that_ends_its_reader_every_time_becomes_a_letter_and_its_neighbours_alarms(
    own: Settings, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = mails.read

    def read(mail: Any, raw: bytes, *rest: Any) -> Any:
        if b"poison" in raw:
            raise Died
        return real(mail, raw, *rest)

    monkeypatch.setattr(mails, "read", read)
    post.camera("gate")
    post.send(*(mail(number, subject="motion, poison" if number == 7 else "motion") for number in range(20)))
    deaths = 0
    while len(seen(post)) < 19:
        with reading(own) as running:
            wait_for(lambda: running.died or len(seen(post)) == 19)
        deaths += running.died
    assert deaths == 1 + MOST_TRIES
    assert [(letter.error, letter.offset) for letter in post.letters()] == [("poison", 7)]
    assert len(seen(post)) == 19


def seen(post: Post) -> set[int]:
    return {alarm.alarm_id for alarm in post.alarms()}


def test_time_is_told_only_once_every_mail_before_it_is_read(own: Settings, post: Post) -> None:
    """Mails that wait for the store hold the time back, so that no mark is closed before what joins it is known."""
    store = Away(own)
    post.camera("gate")
    with reading(own.model_copy(update={"smtp_ack_s": SLOW_S}), store) as running:
        post.send(mail(0))
        wait_for(lambda: running.count("ticks_total") > 2)
        store.is_away = True
        waits = mail(1)
        post.send(waits)
        wait_for(lambda: store.refused > 2 and now_ms() > waits.observed_ms + 1000 * (SLOW_S + 2))
        store.is_away = False
        wait_for(lambda: len(seen(post)) == 2)
        wait_for(lambda: told_ms(post) > waits.observed_ms)
    latest_ms = 0
    for fact in post.told("alarms"):
        if isinstance(fact, AlarmsTicked):
            latest_ms = fact.observed_ms
        else:
            assert fact.received_ms > latest_ms
    assert latest_ms > max(alarm.received_ms for alarm in post.alarms())


def told_ms(post: Post) -> int:
    """The latest time that was told."""
    return max((fact.observed_ms for fact in post.told("alarms") if isinstance(fact, AlarmsTicked)), default=0)
