"""From Faust's stream to batches: as much as stands in the buffer now, taken as one, acked when all of it is safe."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from infra import journal
from infra.log import Record
from processors.spec import Processor

MAX_FACTS, MAX_BYTES = 2000, 8 << 20
"""Most of a batch: one more record is begun only below both."""

Take = Callable[[Sequence[Record]], Awaitable[None]]


class Hole(RuntimeError):
    """Records are missing between two that came one after the other: what was committed must be read again."""


class Stream:
    """The agent of a processor. ``next_offsets``: partition → the offset that must come next, as far as is known."""

    def __init__(self, app: Any, processor: Processor, topic: str, take: Take) -> None:
        """``topic``: the source's name on the broker."""
        self._app = app
        self._source = processor.source.name
        self._take = take
        self._journal = journal.get(processor.consumer)
        self.next_offsets: dict[int, int] = {}
        self.failure: BaseException | None = None
        """What ended the agent; it acknowledges nothing any more and the process must be left."""
        channel = app.topic(topic, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")
        app.agent(channel, name=processor.consumer, concurrency=1)(self._run)

    def forget(self) -> None:
        """Partitions came or went: the next record of each may be any."""
        self.next_offsets.clear()

    async def _run(self, stream: Any) -> None:
        async for event in stream.noack().events():
            if self.failure is None:
                await self._turn([event, *self._waiting(stream, len(event.message.value or b""))])

    async def _turn(self, events: list[Any]) -> None:
        """One batch. Whatever goes wrong stays here: an agent that raises is started again behind what failed."""
        try:
            await self._take([self._record(event.message) for event in events])
        except Exception as failure:  # noqa: BLE001 - handed to the worker, which leaves the process
            self.failure = failure
            return
        for event in events:
            event.ack()

    def _waiting(self, stream: Any, size: int) -> list[Any]:
        """What else stands in the buffer, now: waiting for more would hold up a rebalance that clears the buffer."""
        queue = stream.channel.queue
        found: list[Any] = []
        while len(found) + 1 < MAX_FACTS and size < MAX_BYTES and not queue.empty():
            event = queue.get_nowait()
            if event.message.generation_id == self._app.consumer_generation_id:
                self._app.consumer.track_message(event.message)
                found.append(event)
                size += len(event.message.value or b"")
        return found

    def _record(self, message: Any) -> Record:
        partition, offset = message.partition, message.offset
        if (wanted := self.next_offsets.get(partition, offset)) != offset:
            raise Hole(f"{self._source}/{partition}: offset {offset} came where {wanted} was due")
        self.next_offsets[partition] = offset + 1
        return Record(self._source, partition, offset, message.key, message.value, round(message.timestamp * 1000))
