"""Kafka through librdkafka: the fact log, topics, offsets, and a follower for registries."""

import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Any

from confluent_kafka import (
    OFFSET_BEGINNING,
    Consumer,
    ConsumerGroupTopicPartitions,
    IsolationLevel,
    KafkaError,
    KafkaException,
    Message,
    Producer,
    TopicPartition,
)
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._config import AlterConfigOpType, ConfigEntry, ConfigResource  # not re-exported either
from confluent_kafka.admin._listoffsets import OffsetSpec  # the public name is not re-exported for type checkers
from confluent_kafka.cimpl import NewTopic

from infra import journal
from infra.clock import monotonic_s, now_ms
from infra.log import LogUnavailable, Position, Record
from infra.settings import Settings
from schemas import codec, topics
from schemas.codec import AnyFact

Headers = tuple[tuple[str, bytes], ...]
_WAIT_S = 10.0
_STAMP = "message.timestamp.type"
_SETTLING = (
    KafkaError.NOT_LEADER_FOR_PARTITION,
    KafkaError.LEADER_NOT_AVAILABLE,
    KafkaError.UNKNOWN_TOPIC_OR_PART,
    KafkaError.UNKNOWN_LEADER_EPOCH,
)
"""What a broker says of topics it has just made or just loaded. The client does not mark these as retriable."""
_log = journal.get("kafka")


class KafkaLog:
    """The FactLog on a real broker: idempotent, ``acks=all``, murmur2 keys (so that Faust agrees on partitions)."""

    def __init__(
        self,
        settings: Settings,
        client_id: str = "sightlog",
        delivery_timeout_ms: int = 120_000,
        linger_ms: int = 20,
    ) -> None:
        """``linger_ms``: a fact waits so long for others to be sent with."""
        self._settings = settings
        self._source = f"sightlog/{client_id}".encode()
        self._config = _producer_config(settings, client_id, delivery_timeout_ms, linger_ms)
        self._producer = Producer(self._config)
        self._renewing = threading.Lock()
        self._open = True
        self._thread = threading.Thread(target=self._serve, name=f"kafka-{client_id}", daemon=True)
        self._thread.start()

    def append(self, fact: AnyFact, headers: Headers = (), partition: int | None = None) -> "Future[Position]":
        """See FactLog.append. CloudEvents headers (binary mode) are added."""
        topic = topics.OF_FACT[type(fact)].name
        headers = _cloud_event(fact, self._source) + headers
        return self.append_raw(topic, codec.key(fact), codec.encode(fact), headers, partition)

    def append_raw(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        headers: Headers = (),
        partition: int | None = None,
    ) -> "Future[Position]":
        """See FactLog.append_raw."""
        if not self._open:
            raise RuntimeError("the log is closed")
        done: Future[Position] = Future()
        done.set_running_or_notify_cancel()  # an appended fact cannot be taken back, whoever stops waiting for it

        def delivered(error: KafkaError | None, message: Message) -> None:
            if error is not None:
                done.set_exception(LogUnavailable(f"{topic}: {error.str()}"))
            else:
                done.set_result(Position(topic, message.partition() or 0, message.offset() or 0))

        name = topic_name(self._settings, topic)
        at = -1 if partition is None else partition
        while True:
            producer = self._producer
            try:
                producer.produce(name, value, key, at, delivered, headers=list(headers))
                return done
            except BufferError:  # the local queue is full: the poll thread is draining it
                producer.poll(0.1)
            except KafkaException as error:
                if error.args[0].code() != KafkaError._FATAL:
                    raise
                self._renew(producer, _text(error))

    def _renew(self, spent: Producer, reason: str) -> None:
        """A client that has lost count with the broker never sends again: another takes its place.

        What it held is told to have failed. It may come to that when facts time out on their way to a frozen broker.
        """
        with self._renewing:
            if self._producer is spent:
                _log.warning("the client of the log has given up and is replaced", reason=reason)
                self._producer = Producer(self._config)
        spent.purge()
        spent.poll(0)

    def flush(self, timeout_s: float) -> int:
        """See FactLog.flush."""
        return int(self._producer.flush(timeout_s))

    def close(self, timeout_s: float = _WAIT_S) -> None:
        """See FactLog.close. Waits at most ``timeout_s`` for acknowledgements."""
        if not self._open:
            return
        self._open = False
        self._thread.join()
        if left := self._producer.flush(timeout_s):
            _log.warning("facts unacknowledged at close", count=left)

    def _serve(self) -> None:
        while self._open:
            self._producer.poll(0.1)


class Follower:
    """Reads a topic from its first record for ever, without a group: how every process learns a registry."""

    def __init__(self, settings: Settings, topic: str, *, only_new: bool = False) -> None:
        """``only_new``: begin with what comes from now on."""
        self._topic = topic
        self._goal = {p: end for p, end in end_offsets(settings, topic).items() if end > 0}
        begin = begin_offsets(settings, topic)
        if only_new:
            begin = {p: self._goal.get(p, first) for p, first in begin.items()}
        self._reached = {p: begin[p] for p in self._goal}
        self._consumer = Consumer(consumer_config(settings, f"follower-{now_ms()}", **{"enable.partition.eof": True}))
        name = topic_name(settings, topic)
        starts = {p: first if only_new else OFFSET_BEGINNING for p, first in begin.items()}
        self._consumer.assign([TopicPartition(name, p, start) for p, start in starts.items()])

    @property
    def caught_up(self) -> bool:
        """True once everything that stood on the topic when we began has been handed out."""
        return all(self._reached[p] >= end for p, end in self._goal.items())

    def has_read(self, ends: Mapping[int, int]) -> bool:
        """True once everything before these offsets, by partition, has been handed out."""
        return all(self._reached.get(partition, 0) >= end for partition, end in ends.items())

    def poll(self, timeout_s: float) -> list[Record]:
        """The next records, in order within a partition; empty when none came in time. Broker away: empty, retries."""
        records = []
        for message in self._consumer.consume(num_messages=1000, timeout=timeout_s):
            if (error := message.error()) is None:
                records.append(record_of(message, self._topic))
                self._reached[message.partition() or 0] = (message.offset() or 0) + 1
            elif error.code() == KafkaError._PARTITION_EOF:
                self._reached[message.partition() or 0] = message.offset() or 0  # compaction may end before the goal
            else:
                _log.warning("follower", topic=self._topic, error=error.str())
        return records

    def close(self) -> None:
        """Release the connection."""
        self._consumer.close()


class Ends:
    """Where the partitions of a topic end, asked again and again without waiting for the answer."""

    def __init__(self, settings: Settings, topic: str, partitions: Iterable[int]) -> None:
        name = topic_name(settings, topic)
        latest = OffsetSpec.latest()  # type: ignore[no-untyped-call]
        self._topic = topic
        self._wanted = {TopicPartition(name, partition): latest for partition in partitions}
        self._admin = AdminClient(client_config(settings, "ends"))
        self._answers: list[tuple[int, Future[Any]]] = []

    @property
    def is_asked(self) -> bool:
        """True from a question until its answer is taken."""
        return bool(self._answers)

    def ask(self) -> None:
        """Ask. Only what transactions have committed counts."""
        found = self._admin.list_offsets(
            self._wanted, isolation_level=IsolationLevel.READ_COMMITTED, request_timeout=_WAIT_S
        )
        self._answers = [(at.partition, answer) for at, answer in found.items()]

    def answer(self) -> dict[int, int] | None:
        """Partition → offset its next record will get; None while there is no answer. Raises LogUnavailable."""
        if not self._answers or not all(answer.done() for _, answer in self._answers):
            return None
        answers, self._answers = self._answers, []
        try:
            return {partition: answer.result().offset for partition, answer in answers}
        except KafkaException as error:
            raise LogUnavailable(f"{self._topic}: {_text(error)}") from None


def read_topic(settings: Settings, topic: str) -> Iterator[Record]:
    """Every record that stands on the topic now, in order within a partition."""
    follower = Follower(settings, topic)
    try:
        while not follower.caught_up:
            yield from follower.poll(0.2)
    finally:
        follower.close()


def topic_name(settings: Settings, topic: str) -> str:
    """The topic's name on the broker."""
    return settings.topic_prefix + topic


def group_name(settings: Settings, group: str) -> str:
    """The consumer group's name on the broker."""
    return settings.topic_prefix + group


def record_of(message: Message, topic: str) -> Record:
    """A consumed message as our own plain record; ``topic`` is the registry's name."""
    kind, stamp = message.timestamp()
    return Record(
        topic=topic,
        partition=message.partition() or 0,
        offset=message.offset() or 0,
        key=_bytes(message.key()),
        value=_bytes(message.value()),
        timestamp_ms=max(stamp, 0) if kind else 0,
        headers=_headers(message),
    )


def consumer_config(settings: Settings, group: str, **extra: Any) -> dict[str, Any]:
    """Configuration of a consumer that commits only what its caller says."""
    return client_config(settings, group) | {
        "group.id": group_name(settings, group),
        "enable.auto.commit": False,
        "enable.auto.offset.store": False,
        "auto.offset.reset": "earliest",
        "isolation.level": "read_committed",
        "fetch.queue.backoff.ms": 50,
        "queued.max.messages.kbytes": 32768,
        **extra,
    }


def close_within(consumer: Consumer, seconds: float) -> None:
    """Close the consumer; a broker that does not answer is not waited for longer than this."""
    closing = threading.Thread(target=consumer.close, name="kafka-close", daemon=True)
    closing.start()
    closing.join(seconds)


def behind(consumer: Consumer) -> int:
    """Records on a consumer's partitions that it has not handed out, as far as it knows."""
    found = 0
    for at in consumer.position(consumer.assignment()):
        _, end = consumer.get_watermark_offsets(at, cached=True)
        found += max(0, end - at.offset) if at.offset >= 0 else 0
    return found


def ensure_topics(settings: Settings, timeout_s: float = 60.0) -> list[str]:
    """Create the topics of the registry that are missing; the names created. Waits until they can be written.

    Raises LogUnavailable when the broker does not answer in time.
    """
    deadline = monotonic_s() + timeout_s
    created: list[str] = []
    while True:
        try:
            admin = AdminClient(client_config(settings, "admin"))
            created += _create_missing(admin, settings, min(5.0, timeout_s))
            _await_leaders(admin, settings, created)
            return created
        except KafkaException as error:
            if monotonic_s() > deadline:
                raise LogUnavailable(f"{settings.kafka}: {_text(error)}") from None
            threading.Event().wait(0.3)


def begin_offsets(settings: Settings, topic: str) -> dict[int, int]:
    """Partition → offset of its first record still there."""
    return _offsets(settings, topic, OffsetSpec.earliest())  # type: ignore[no-untyped-call]


def end_offsets(settings: Settings, topic: str) -> dict[int, int]:
    """Partition → offset the next record will get."""
    return _offsets(settings, topic, OffsetSpec.latest())  # type: ignore[no-untyped-call]


def group_members(settings: Settings, group: str) -> int:
    """How many consumers a group has now; 0 also when there is no such group. Raises LogUnavailable."""
    name = group_name(settings, group)
    admin = AdminClient(client_config(settings, "admin"))
    try:
        return len(_wait(admin.describe_consumer_groups([name])[name]).members)
    except KafkaException as error:
        if error.args[0].code() == KafkaError.GROUP_ID_NOT_FOUND:
            return 0
        raise LogUnavailable(f"{group}: {_text(error)}") from None


def committed_offsets(settings: Settings, group: str, topic: str) -> dict[int, int]:
    """Partition → offset that a group has committed, those that have one. Raises LogUnavailable."""
    asked = ConsumerGroupTopicPartitions(group_name(settings, group))
    admin = AdminClient(client_config(settings, "admin"))
    try:
        found = _wait(admin.list_consumer_group_offsets([asked])[asked.group_id]).topic_partitions
    except KafkaException as error:
        if error.args[0].code() == KafkaError.GROUP_ID_NOT_FOUND:
            return {}
        raise LogUnavailable(f"{group}: {_text(error)}") from None
    name = topic_name(settings, topic)
    return {one.partition: one.offset for one in found if one.topic == name and one.offset >= 0}


def offsets_since(settings: Settings, topic: str, at_ms: int) -> dict[int, int]:
    """Partition → offset of its first record stamped ``at_ms`` or later; where none is, that of the next one."""
    found = _offsets(settings, topic, OffsetSpec.for_timestamp(at_ms))
    ends = end_offsets(settings, topic) if min(found.values(), default=0) < 0 else {}
    return {partition: ends[partition] if offset < 0 else offset for partition, offset in found.items()}


def place_group(settings: Settings, group: str, topic: str, offsets: Mapping[int, int], note: str = "") -> bool:
    """Have a group begin at these offsets, by partition, with ``note`` as metadata; False: it has members already.

    Raises LogUnavailable.
    """
    name = topic_name(settings, topic)
    places = [TopicPartition(name, partition, offset, note) for partition, offset in offsets.items()]
    asked = ConsumerGroupTopicPartitions(group_name(settings, group), places)
    admin = AdminClient(client_config(settings, "admin"))
    try:
        answer = _wait(admin.alter_consumer_group_offsets([asked])[asked.group_id])
    except KafkaException as error:
        raise LogUnavailable(f"{group}: {_text(error)}") from None
    faults = [one.error for one in answer.topic_partitions if one.error is not None]
    if any(fault.code() != KafkaError.UNKNOWN_MEMBER_ID for fault in faults):
        raise LogUnavailable(f"{group}: {faults[0].str()}")
    return not faults


def forget_group(settings: Settings, group: str) -> bool:
    """Delete a group with its offsets; True once it is gone, False while it has members. Raises LogUnavailable."""
    name = group_name(settings, group)
    admin = AdminClient(client_config(settings, "admin"))
    try:
        _wait(admin.delete_consumer_groups([name])[name])
    except KafkaException as error:
        if error.args[0].code() == KafkaError.NON_EMPTY_GROUP:
            return False
        if error.args[0].code() != KafkaError.GROUP_ID_NOT_FOUND:
            raise LogUnavailable(f"{group}: {_text(error)}") from None
    return True


def _create_missing(admin: AdminClient, settings: Settings, timeout_s: float) -> list[str]:
    known = admin.list_topics(timeout=timeout_s).topics
    missing = [topic for topic in topics.ALL if topic_name(settings, topic.name) not in known]
    created = admin.create_topics([_new_topic(topic, settings) for topic in missing]) if missing else {}
    for future in created.values():
        try:
            _wait(future)
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:  # another process was first
                raise
    _stamp_by_broker(admin, settings, [topic for topic in topics.ALL if topic not in missing])
    return [topic.name for topic in missing]


def _await_leaders(admin: AdminClient, settings: Settings, created: list[str]) -> None:
    """Ask every new partition something.

    One that leads only when the second batch of a producer comes takes that, and never the first (KAFKA-15591).
    """
    for name in created:
        _list_offsets(admin, topic_name(settings, name), OffsetSpec.latest())  # type: ignore[no-untyped-call]


def _stamp_by_broker(admin: AdminClient, settings: Settings, known: list[topics.Topic]) -> None:
    """Let the broker stamp the topics that want it, also those made before they did. Safe to repeat."""
    for topic in known:
        if topic.stamped == "append":
            entry = ConfigEntry(_STAMP, "LogAppendTime", incremental_operation=AlterConfigOpType.SET)
            name = topic_name(settings, topic.name)
            change = ConfigResource(ConfigResource.Type.TOPIC, name, incremental_configs=[entry])
            _wait(admin.incremental_alter_configs([change])[change])


def _new_topic(topic: topics.Topic, settings: Settings) -> NewTopic:
    config = {
        "cleanup.policy": topic.cleanup,
        "retention.ms": str(topic.retention_ms),
        "max.message.bytes": str(codec.MAX_BYTES),
        "compression.type": "producer",
        _STAMP: "LogAppendTime" if topic.stamped == "append" else "CreateTime",
    }
    return NewTopic(
        topic_name(settings, topic.name),
        num_partitions=settings.partitions if topic.partitioned else 1,
        replication_factor=settings.replication,
        config=config,
    )


def _offsets(settings: Settings, topic: str, wanted: OffsetSpec) -> dict[int, int]:
    """Partition → offset, in one request; asked again while leaders are being elected (new topics, a restart)."""
    deadline = monotonic_s() + _WAIT_S
    while True:
        try:
            return _list_offsets(AdminClient(client_config(settings, "offsets")), topic_name(settings, topic), wanted)
        except KafkaException as error:
            if error.args[0].code() not in _SETTLING or monotonic_s() > deadline:
                raise LogUnavailable(f"{topic}: {_text(error)}") from None
            threading.Event().wait(0.2)


def _list_offsets(admin: AdminClient, name: str, wanted: OffsetSpec) -> dict[int, int]:
    found = admin.list_topics(name, timeout=_WAIT_S).topics[name]
    if found.error is not None:
        raise KafkaException(found.error)
    answers = admin.list_offsets({TopicPartition(name, p): wanted for p in found.partitions}, request_timeout=_WAIT_S)
    return {at.partition: _wait(future).offset for at, future in answers.items()}


def _cloud_event(fact: AnyFact, source: bytes) -> Headers:
    tag = type(fact).__struct_config__.tag or "episode-record"
    told = ("observed_ms", "updated_at", "failed_ms")
    told_ms: int = next(getattr(fact, name) for name in told if hasattr(fact, name))
    stamp = datetime.fromtimestamp(told_ms / 1000, UTC).isoformat(timespec="milliseconds")
    return (
        ("ce_specversion", b"1.0"),
        ("ce_id", codec.fact_id(fact).encode()),
        ("ce_type", f"sightlog.{tag}".encode()),
        ("ce_source", source),
        ("ce_subject", codec.key(fact)),
        ("ce_time", stamp.encode()),
    )


def _producer_config(settings: Settings, client_id: str, delivery_timeout_ms: int, linger_ms: int) -> dict[str, Any]:
    return client_config(settings, client_id) | {
        "enable.idempotence": True,
        "acks": "all",
        "partitioner": "murmur2_random",
        "compression.type": "zstd",
        "linger.ms": linger_ms,
        "delivery.timeout.ms": delivery_timeout_ms,
        "message.max.bytes": codec.MAX_BYTES,
    }


def client_config(settings: Settings, client_id: str) -> dict[str, Any]:
    """Configuration of any client of the broker."""
    return {
        "bootstrap.servers": settings.kafka,
        "client.id": client_id,
        "error_cb": lambda error: _log.debug("client", error=error.str()),
        "log_level": 2,  # critical only: what matters reaches us as an error or an exception
        "reconnect.backoff.ms": 100,
        "reconnect.backoff.max.ms": 2000,
        "topic.metadata.refresh.interval.ms": 30_000,
    }


def _wait(future: "Future[Any]") -> Any:
    """The answer. Raises KafkaException, also when none comes in time. Whoever asks keeps the client: it answers."""
    try:
        return future.result(timeout=_WAIT_S)
    except TimeoutError:
        raise KafkaException(KafkaError(KafkaError._TIMED_OUT)) from None


def _text(error: KafkaException) -> str:
    first = error.args[0]
    return first.str() if isinstance(first, KafkaError) else str(first)


def _headers(message: Message) -> Headers:
    found: Any = message.headers() or ()  # the stub also allows a dict; librdkafka always gives pairs
    return tuple((name, _bytes(value) or b"") for name, value in found)


def _bytes(value: bytes | str | None) -> bytes | None:
    return value.encode() if isinstance(value, str) else value
