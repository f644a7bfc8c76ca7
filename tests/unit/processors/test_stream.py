"""From a stream to batches: what stands in the buffer now, in order, acknowledged when all of it is safe."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from infra.log import Record
from processors import stream as streams
from processors.stream import Hole, Stream
from tests.unit.processors.toy import TOY


class FakeStream:
    """What the agent uses of a Faust stream; the first event of a turn comes by iteration, the rest stand behind it."""

    def __init__(self, *events: Any) -> None:
        self.channel = SimpleNamespace(queue=asyncio.Queue())
        for event in events:
            self.channel.queue.put_nowait(event)

    def noack(self) -> "FakeStream":
        return self

    async def events(self) -> AsyncIterator[Any]:
        while not self.channel.queue.empty():
            yield self.channel.queue.get_nowait()


def event(offset: int, partition: int = 0, generation: int = 1, size: int = 1) -> Any:
    message = SimpleNamespace(
        partition=partition, offset=offset, generation_id=generation, key=b"k", value=b"v" * size, timestamp=1.0
    )
    found = SimpleNamespace(message=message, acks=[])
    found.ack = lambda: found.acks.append(offset)
    return found


class Agent:
    """A stream whose batches are collected; ``fails`` makes the next take fail."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.fails = False
        self.tracked: list[int] = []
        consumer = SimpleNamespace(track_message=lambda message: self.tracked.append(message.offset))
        app = SimpleNamespace(
            consumer=consumer, consumer_generation_id=1, topic=lambda *_, **__: None, agent=lambda *_, **__: lambda f: f
        )
        self.stream = Stream(app, TOY, "episode-saves", self.take)

    async def take(self, records: Sequence[Record]) -> None:
        if self.fails:
            raise ZeroDivisionError
        self.batches.append([record.offset for record in records])

    def run(self, *events: Any) -> None:
        async def main() -> None:
            await self.stream._run(FakeStream(*events))

        asyncio.run(main())


def test_what_stands_in_the_buffer_is_one_batch_and_acked_after_it() -> None:
    agent, events = Agent(), [event(0), event(1), event(0, partition=1)]
    agent.run(*events)
    assert agent.batches == [[0, 1, 0]]
    assert [one.acks for one in events] == [[0], [1], [0]]
    assert agent.tracked == [1, 0]


def test_a_batch_is_bounded_in_count_and_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MAX_FACTS", 2)
    monkeypatch.setattr(streams, "MAX_BYTES", 10)
    agent = Agent()
    agent.run(event(0), event(1), event(2, size=11), event(3), event(4))
    assert agent.batches == [[0, 1], [2], [3, 4]]


def test_a_record_of_an_earlier_assignment_is_left_out_and_not_acked() -> None:
    agent, old = Agent(), event(1, generation=0)
    agent.run(event(0), old, event(1))
    assert agent.batches == [[0, 1]]
    assert old.acks == []


def test_after_a_failure_nothing_is_acked_any_more() -> None:
    agent, events = Agent(), [event(0), event(1)]
    agent.fails = True
    agent.run(*events)
    agent.run(event(2))
    assert isinstance(agent.stream.failure, ZeroDivisionError)
    assert [one.acks for one in events] == [[], []]
    assert agent.batches == []


def test_a_missing_record_is_a_failure_except_after_a_new_assignment() -> None:
    agent = Agent()
    agent.run(event(5), event(6))
    agent.stream.forget()
    agent.run(event(9))
    agent.run(event(11))
    assert agent.batches == [[5, 6], [9]]
    assert isinstance(agent.stream.failure, Hole)
