"""The changelog: the topic on which a processor's states outlive their worker. Compacted, kept for ever."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from typing import Any

import msgspec
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicCollection, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from infra.kafka import begin_offsets, consumer_config, end_offsets, topic_name
from infra.log import FactLog, LogUnavailable, Position
from infra.settings import Settings
from processors.spec import Processor
from processors.store import State
from schemas import codec

_WAIT_S = 10.0
_AT_ONCE = 10_000
COMPACTION_LAG_MS = 86_400_000
"""A state told after a newer one, by a worker that did not know that it had lost its partition, must not be all that
compaction leaves: for a day both stand there, and whoever loads them takes the newer and tells it again."""

Chunk = tuple[list[State], dict[int, int]]
"""States in the order of their partition, and the offset that each partition is read up to."""


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """The value of a record; the key is the state's own. New fields go last, with a default."""

    at: int
    mark_ms: int | None
    value: bytes


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Kept)


class Changelog:
    """The changelog of one processor, created when it is missing, with the partitions of its source."""

    def __init__(self, settings: Settings, processor: Processor, log: FactLog) -> None:
        """Raises LogUnavailable when the broker does not answer."""
        self._settings = settings
        self._log = log
        self.topic = processor.changelog
        self.id = _ensure(settings, processor)
        """Another one after the topic was deleted and made anew."""

    def append(self, state: State) -> "Future[Position]":
        """Like ``FactLog.append``: tells a state on the partition of the facts that made it."""
        value = _encoder.encode(Kept(state.at, state.mark_ms, state.value))
        return self._log.append_raw(self.topic, state.key, value, partition=state.partition)

    def ends(self) -> dict[int, tuple[int, int]]:
        """Partition → (first offset still there, offset of the next record). Raises LogUnavailable."""
        begins = begin_offsets(self._settings, self.topic)
        return {partition: (begins[partition], to) for partition, to in end_offsets(self._settings, self.topic).items()}

    def read(self, goals: Mapping[int, tuple[int, int]], is_stopped: Callable[[], bool]) -> Iterator[Chunk]:
        """Everything in the spans ``[from, to)`` of offsets, by partition; ends early once ``is_stopped``.

        Raises LogUnavailable when the broker goes away for longer than the client bears.
        """
        left = {partition: to for partition, (start, to) in goals.items() if start < to}
        consumer = Consumer(consumer_config(self._settings, f"{self.topic}-load", **{"enable.partition.eof": True}))
        name = topic_name(self._settings, self.topic)
        consumer.assign([TopicPartition(name, partition, goals[partition][0]) for partition in left])
        try:
            while left and not is_stopped():
                states, ends = _sort(consumer.consume(num_messages=_AT_ONCE, timeout=0.5))
                yield states, ends
                left = {partition: to for partition, to in left.items() if ends.get(partition, 0) < to}
        finally:
            consumer.close()


def _sort(messages: list[Message]) -> Chunk:
    states: list[State] = []
    ends: dict[int, int] = {}
    for message in messages:
        partition, offset = message.partition() or 0, message.offset() or 0
        if (error := message.error()) is None:
            ends[partition] = offset + 1
            kept = _decoder.decode(_raw(message.value()))
            states.append(State(partition, _raw(message.key()), kept.value, kept.at, kept.mark_ms))
        elif error.code() == KafkaError._PARTITION_EOF:
            ends[partition] = offset
        elif not error.retriable() and error.code() not in (KafkaError._TRANSPORT, KafkaError._ALL_BROKERS_DOWN):
            raise LogUnavailable(error.str())
    return states, ends


def _raw(value: bytes | str | None) -> bytes:
    assert isinstance(value, bytes), "a changelog's keys and values are bytes"
    return value


def _ensure(settings: Settings, processor: Processor) -> str:
    """The changelog's id, once it exists."""
    name = topic_name(settings, processor.changelog)
    admin = AdminClient({"bootstrap.servers": settings.kafka, "log_level": 2})
    partitions = len(end_offsets(settings, processor.source.name))
    wanted = NewTopic(name, num_partitions=partitions, replication_factor=settings.replication, config=_config())
    try:
        if name not in admin.list_topics(timeout=_WAIT_S).topics:
            _create(admin, wanted)
        end_offsets(settings, processor.changelog)  # waits until a new topic has its leaders
        found: Any = admin.describe_topics(TopicCollection([name]))[name].result(_WAIT_S)
    except (KafkaException, TimeoutError) as error:
        raise LogUnavailable(f"{settings.kafka}: {error}") from None
    return str(found.topic_id)


def _create(admin: AdminClient, wanted: NewTopic) -> None:
    try:
        admin.create_topics([wanted], operation_timeout=_WAIT_S)[wanted.topic].result(_WAIT_S)
    except KafkaException as error:
        if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:  # another worker was first
            raise


def _config() -> dict[str, str]:
    return {
        "cleanup.policy": "compact",
        "min.compaction.lag.ms": str(COMPACTION_LAG_MS),
        "max.message.bytes": str(codec.MAX_BYTES),
        "compression.type": "producer",
    }
