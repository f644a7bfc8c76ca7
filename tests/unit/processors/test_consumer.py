"""What Faust's own consumer does wrong, and ours does not. When a stock case passes, that part of ours can go."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from faust.transport.drivers.aiokafka import Transport
from faust.types import TP
from faust.types.tuples import ConsumerMessage

from infra.settings import Settings
from processors import app as apps
from processors.consumer import CarefulTransport
from tests.unit.processors.toy import TOY

AT = TP("episode-saves", 0)
STOCK = pytest.param(Transport, marks=pytest.mark.xfail(strict=True, reason="faust-streaming 0.15.3"))
both = pytest.mark.parametrize("transport", [CarefulTransport, STOCK])
Work = Callable[[Any], Awaitable[None]]


@pytest.fixture
def on_consumer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[type, Work], None]:
    """Runs work on a consumer that never meets a broker."""

    def run(transport: type, work: Work) -> None:
        async def main() -> None:
            monkeypatch.setattr(apps, "CarefulTransport", transport)
            app = apps.build(Settings(kafka="127.0.0.1:1"), TOY, tmp_path)
            app.topics._acking_topics.add(AT.topic)
            consumer = app.consumer
            monkeypatch.setattr(consumer, "assignment", lambda: {AT})
            await work(consumer)

        asyncio.run(main())

    return run


def deliver(consumer: Any, *offsets: int) -> list[ConsumerMessage]:
    messages = [ConsumerMessage(AT.topic, 0, offset, 0.0, 0, None, b"", b"", b"", tp=AT) for offset in offsets]
    for message in messages:
        message.incref()
        consumer.track_message(message)
    return messages


@both
def test_a_record_in_flight_is_not_committed_with_a_later_one(transport: type, on_consumer: Any) -> None:
    async def work(consumer: Any) -> None:
        _first, second = deliver(consumer, 4, 5)
        second.ack(consumer)
        assert consumer._filter_committable_offsets([AT]) == {}

    on_consumer(transport, work)


@both
def test_a_jump_in_offsets_does_not_take_the_record_behind_it(transport: type, on_consumer: Any) -> None:
    async def work(consumer: Any) -> None:
        consumer._committed_offset[AT] = 3
        first, _behind, last = deliver(consumer, 3, 9, 10)
        await consumer._add_gap(AT, 4, 9)
        first.ack(consumer)
        last.ack(consumer)
        assert consumer._filter_committable_offsets([AT]) == {AT: 4}

    on_consumer(transport, work)


@both
def test_a_commit_that_failed_is_tried_again(transport: type, on_consumer: Any) -> None:
    async def work(consumer: Any) -> None:
        async def refused(_offsets: object) -> bool:
            return False

        async def flushed() -> None:
            """Nothing to flush."""

        consumer._commit, consumer.app.producer.flush = refused, flushed
        consumer._committed_offset[AT] = 3
        assert not await consumer._commit_offsets({AT: 7})
        assert consumer.committed(AT) == 3 if hasattr(consumer, "committed") else consumer._committed_offset[AT] == 3

    on_consumer(transport, work)


def test_what_was_taken_is_committed_once(on_consumer: Any) -> None:
    async def work(consumer: Any) -> None:
        for message in deliver(consumer, 4, 5, 6):
            message.ack(consumer)
        assert consumer._filter_committable_offsets([AT]) == {AT: 7}
        assert consumer._filter_committable_offsets([AT]) == {}
        (late,) = deliver(consumer, 7)
        assert consumer._filter_committable_offsets([AT]) == {}
        late.ack(consumer)
        assert consumer._filter_committable_offsets([AT]) == {AT: 8}

    on_consumer(CarefulTransport, work)
