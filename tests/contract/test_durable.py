"""Keeping mails, on the fake log and store and on the real ones."""

import asyncio
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from prometheus_client import CollectorRegistry

from infra.backlog import Backlog
from infra.kafka import KafkaLog, ensure_topics, read_topic
from infra.log import FactLog, Record
from infra.objects import ObjectStore, S3Store
from infra.settings import Settings, load
from producers.alarms.durable import Durable, Outcome
from producers.alarms.kept_metrics import KeptMetrics
from producers.alarms.packed import packed
from schemas import codec
from schemas.mail import MailReceived
from tests.fakes import FakeLog, FakeStore
from tests.mails import mail


class World(NamedTuple):
    settings: Settings
    log: FactLog
    store: ObjectStore
    records: Callable[[], list[Record]]


@pytest.fixture(params=["fake", "real"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    if request.param == "fake":
        fake = FakeLog()
        yield World(load(data=tmp_path), fake, FakeStore(), lambda: fake.records)
        return
    stack: Settings = request.getfixturevalue("stack")
    own = stack.model_copy(update={"topic_prefix": f"d{secrets.token_hex(3)}.", "data": tmp_path, "smtp_ack_s": 60})
    ensure_topics(own)
    store = S3Store(own)
    store.ensure_bucket()
    yield World(own, KafkaLog(own, "durable"), store, lambda: list(read_topic(own, "mails")))


def kept(world: World, mails: list[MailReceived]) -> list[Outcome]:
    """What became of the mails, once a Durable that kept them all at once is closed."""

    async def story() -> list[Outcome]:
        spool = Backlog(world.settings.data / "mails", 1 << 30)
        durable = Durable(world.settings, world.log, world.store, spool, KeptMetrics(CollectorRegistry()))
        running = asyncio.create_task(durable.run())
        await asyncio.sleep(0)  # it begins
        outcomes = await asyncio.gather(*map(durable.keep, mails))
        await durable.close(grace_s=120)
        await running
        return outcomes

    return asyncio.run(story())


def told(world: World) -> list[MailReceived]:
    return [codec.decode(record.topic, record.value) for record in world.records()]


def test_every_mail_that_was_kept_is_on_the_topic_once_and_whole(world: World) -> None:
    mails = [mail(number, 30_000) for number in range(100)]
    assert kept(world, mails) == [Outcome.KEPT] * 100
    assert sorted(told(world), key=lambda fact: fact.observed_ms) == mails
    assert not list((world.settings.data / "mails").iterdir())


def test_a_mail_larger_than_a_record_stands_in_the_store(world: World) -> None:
    large = mail(1, 7 << 20)
    assert kept(world, [large]) == [Outcome.KEPT]
    (fact,) = told(world)
    assert (fact.raw, fact.size_bytes, fact.sha256) == (b"", 7 << 20, large.sha256)
    assert fact.mail_key
    assert world.store.get(fact.mail_key) == large.raw


def test_what_an_earlier_process_left_in_the_spool_is_shipped_large_ones_too(world: World) -> None:
    left = [mail(1), mail(2, 7 << 20), mail(3)]
    spool = Backlog(world.settings.data / "mails", 1 << 30)
    for one in left:
        spool.add(packed(one)).result(60)
    spool.close()
    assert kept(world, []) == []
    assert sorted(fact.sha256 for fact in told(world)) == sorted(one.sha256 for one in left)
    assert not list((world.settings.data / "mails").iterdir())
