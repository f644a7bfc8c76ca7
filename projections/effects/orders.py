"""Topics for one of the processes that share an effect: records to carry out, and commits once they are."""

from collections.abc import Callable, Iterable, Sequence

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from infra import journal, kafka
from infra.clock import monotonic_s
from infra.commits import commit
from infra.log import Record
from infra.loop import Stopped
from infra.settings import Settings
from schemas import topics

GROUP = "effect-expire-objects"
"""Carries no version and is never rewound: what it did stays done."""
_AT_ONCE, _WAIT_S, _NAP_S, _CLOSE_S = 500, 0.2, 0.5, 3.0

_log = journal.get("effects.orders")


class Orders:
    """One member of the group. For one thread only: partitions come and go inside ``take`` and ``rest``."""

    def __init__(
        self,
        settings: Settings,
        session_ms: int = 6000,
        group: str = GROUP,
        read: Sequence[topics.Topic] = (topics.EXPIRATIONS,),
    ) -> None:
        """``session_ms``: a process that died without a word loses its partitions after so long."""
        own = {
            "partition.assignment.strategy": "cooperative-sticky", "session.timeout.ms": session_ms,
            "heartbeat.interval.ms": session_ms // 4,
        }  # fmt: skip
        self._group = group
        self._names = {kafka.topic_name(settings, topic.name): topic.name for topic in read}
        """Name on the broker → in the registry."""
        self._consumer = Consumer(kafka.consumer_config(settings, group, **own))
        self._spare: list[Message] = []
        self._paused: list[TopicPartition] = []
        self._taken: dict[tuple[str, int], int] = {}
        """(Topic, partition) that is still ours → last offset taken from it."""
        self._consumer.subscribe(list(self._names), on_revoke=self._lost, on_lost=self._lost)

    def take(self) -> list[Record]:
        """The next records of all kinds; none after a moment."""
        self._resume()
        messages, self._spare = self._spare, []
        messages += self._consumer.consume(_AT_ONCE, 0 if messages else _WAIT_S)
        records = [self._record(message) for message in messages if self._is_good(message)]
        for record in records:
            self._taken[(record.topic, record.partition)] = record.offset
        return records

    def is_ours(self, record: Record) -> bool:
        """False once the record's partition was taken from us: whoever has it now begins with this record."""
        return self._taken.get((record.topic, record.partition), -1) >= record.offset

    def rest(self, seconds: float) -> None:
        """Wait, take nothing, and stay in the group."""
        until_s = monotonic_s() + seconds
        if assigned := self._consumer.assignment():
            self._consumer.pause(assigned)
            self._paused = assigned
        while True:
            left_s = max(0.0, until_s - monotonic_s())
            if (message := self._consumer.poll(left_s)) is not None:  # of a partition that has just come
                self._spare.append(message)
            if not left_s:
                return

    def done(self, records: Iterable[Record]) -> None:
        """These, and all before them, have been carried out. Raises LogUnavailable: they may come again then."""
        ends = {(record.topic, record.partition): record.offset + 1 for record in records if self.is_ours(record)}
        if not ends:
            return
        named = {topic: name for name, topic in self._names.items()}
        places = [TopicPartition(named[topic], partition, end) for (topic, partition), end in ends.items()]
        commit(self._consumer, places, self._group)

    def lag(self) -> int:
        """Records on our partitions that have not been taken, as far as is known."""
        return kafka.behind(self._consumer)

    def close(self) -> None:
        """Leave the group."""
        kafka.close_within(self._consumer, _CLOSE_S)

    def _resume(self) -> None:
        ours = {(at.topic, at.partition) for at in self._consumer.assignment()}
        if paused := [at for at in self._paused if (at.topic, at.partition) in ours]:
            self._consumer.resume(paused)
        self._paused = []

    def _record(self, message: Message) -> Record:
        return kafka.record_of(message, self._names[message.topic() or ""])

    def _is_good(self, message: Message) -> bool:
        if (error := message.error()) is None:
            return True
        if error.fatal():
            raise KafkaException(error)
        if error.code() != KafkaError._PARTITION_EOF:
            _log.warning("orders cannot be read now", error=error.str())
        return False

    def _lost(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        gone = {(at.topic, at.partition) for at in partitions}
        lost = {(self._names[topic], partition) for topic, partition in gone}
        self._taken = {place: at for place, at in self._taken.items() if place not in lost}
        self._spare = [one for one in self._spare if (one.topic() or "", one.partition() or 0) not in gone]


def rest(orders: Orders, seconds: float, goes_on: Callable[[], bool]) -> None:
    """Wait within the group. Raises Stopped as soon as it does not go on."""
    until_s = monotonic_s() + seconds
    while True:
        if not goes_on():
            raise Stopped
        left_s = until_s - monotonic_s()
        orders.rest(max(0.0, min(_NAP_S, left_s)))
        if left_s <= _NAP_S:
            return
