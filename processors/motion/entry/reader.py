"""A topic for one of those that share it: what is new, and what a newcomer must know of before."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from infra import journal, kafka
from infra.log import LogUnavailable, Record
from infra.settings import Settings
from processors.motion.entry.ledger import Commit, Ledger
from schemas import topics

BATCH = 500
_QUEUE_KB = 8 << 10
_BROKER_S, _CLOSE_S = 10.0, 3.0

_log = journal.get("motion.entry")


class Taken(NamedTuple):
    """One record."""

    record: Record
    is_new: bool
    """False: somebody did what it asks for; it is read again because later ones build on it."""


class Reader:
    """One member of the group. For one thread only: partitions come and go inside ``take``.

    Beside each committed offset stands when the log took the record there. Who takes a partition over begins so long
    before that ``horizon_ms`` is covered.
    """

    def __init__(self, settings: Settings, group: str, horizon_ms: int, topic: str = topics.SEGMENTS.name) -> None:
        self._settings, self._group, self._horizon_ms, self._topic = settings, group, horizon_ms, topic
        self._name = kafka.topic_name(settings, topic)
        own = {
            "partition.assignment.strategy": "cooperative-sticky", "session.timeout.ms": 6000,
            "heartbeat.interval.ms": 1500, "queued.max.messages.kbytes": _QUEUE_KB,
        }  # fmt: skip
        self._consumer = Consumer(kafka.consumer_config(settings, group, **own))
        self._ledgers: dict[int, Ledger] = {}
        self._new_from: dict[int, int] = {}
        """Partition → its first record that is not context."""
        self._committed: dict[int, int] = {}
        self._gone: set[int] = set()
        self.failure: LogUnavailable | None = None
        """Why it must be given up for another; None: it goes on."""
        self._is_paused = False
        self._consumer.subscribe([self._name], on_assign=self._given, on_revoke=self._taken, on_lost=self._lost)

    @property
    def partitions(self) -> Collection[int]:
        """Those that are ours."""
        return self._ledgers.keys()

    def take(self, wait_s: float) -> list[Taken]:
        """The next records; none after a moment. Raises LogUnavailable where the broker does not say what it must."""
        found = []
        for message in self._consumer.consume(BATCH, wait_s):
            if (error := message.error()) is not None:
                if error.fatal():
                    raise KafkaException(error)
                _log.warning("the topic cannot be read now", topic=self._topic, error=error.str())
                continue
            record = kafka.record_of(message, self._topic)
            if (ledger := self._ledgers.get(record.partition)) is not None:
                is_new = record.offset >= self._new_from[record.partition]
                ledger.take(record.offset, record.timestamp_ms)
                if not is_new:
                    ledger.done(record.offset)
                found.append(Taken(record, is_new))
        if self.failure is not None:
            raise self.failure
        return found

    def gone(self) -> set[int]:
        """Partitions that are another's since this was asked last, or were for a while."""
        gone, self._gone = self._gone, set()
        return gone

    def pause(self, is_wanted: bool) -> None:
        """Hand out nothing more, or go on; the membership goes on as long as ``take`` is called."""
        if is_wanted != self._is_paused:
            self._is_paused = is_wanted
            ours = [self._at(partition) for partition in self._ledgers]
            (self._consumer.pause if is_wanted else self._consumer.resume)(ours)

    def done(self, partition: int, offset: int) -> None:
        """What this record asks for is done."""
        if (ledger := self._ledgers.get(partition)) is not None:
            ledger.done(offset)

    def reached(self, partition: int) -> int:
        """Everything on the partition before this offset is done; 0 where nothing is known."""
        ledger = self._ledgers.get(partition)
        return ledger.reached.offset if ledger and ledger.reached else self._new_from.get(partition, 0)

    def reached_all(self) -> Mapping[int, Commit]:
        """By partition, where anything was taken: everything before is done."""
        return {partition: at for partition, ledger in self._ledgers.items() if (at := ledger.reached) is not None}

    def position(self, partition: int) -> int:
        """Everything before this offset was handed out."""
        (at,) = self._consumer.position([self._at(partition)])
        return max(at.offset, self._new_from.get(partition, 0) if at.offset < 0 else 0)

    def commit(self) -> None:
        """Commit what is done; where the broker cannot take it now (members come or go), with the next commit."""
        places = []
        for partition, ledger in self._ledgers.items():
            reached = ledger.reached
            if reached is not None and reached.offset > self._committed.get(partition, self._new_from[partition]):
                places.append(TopicPartition(self._name, partition, reached.offset, str(reached.came_ms)))
        if not places:
            return
        try:
            done = self._consumer.commit(offsets=places, asynchronous=False) or []
        except KafkaException as error:
            _log.info("committed later", reason=str(error))
            return
        for at in done:
            if at.error is None or at.error.code() == KafkaError.NO_ERROR:
                self._committed[at.partition] = at.offset

    def lag(self) -> int:
        """Records on our partitions that were not handed out, as far as is known."""
        return kafka.behind(self._consumer)

    def close(self) -> None:
        """Leave the group."""
        kafka.close_within(self._consumer, _CLOSE_S)

    def _given(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        try:
            starts = self._starts([at.partition for at in partitions])
        except KafkaException as error:  # told by ``take``: raised here it would be lost in the client
            self.failure = LogUnavailable(f"{self._group}: {error}")
            starts = {}
        for at in partitions:
            self._ledgers[at.partition] = Ledger()
            at.offset = starts.get(at.partition, at.offset)
        consumer.incremental_assign(partitions)
        if self._is_paused:
            consumer.pause(partitions)

    def _starts(self, partitions: Collection[int]) -> Mapping[int, int]:
        """Where to begin to read; notes where the new begins."""
        wanted, starts = [], {}
        for at in self._consumer.committed([self._at(partition) for partition in partitions], timeout=_BROKER_S):
            self._new_from[at.partition] = max(at.offset, 0)
            starts[at.partition] = at.offset
            if at.offset > 0:
                since_ms = int(at.metadata or 0) - self._horizon_ms
                wanted.append(self._at(at.partition, max(0, since_ms)))
        for at in self._consumer.offsets_for_times(wanted, timeout=_BROKER_S) if wanted else ():
            if 0 <= at.offset < starts[at.partition]:
                starts[at.partition] = at.offset
        return starts

    def _taken(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        self.commit()
        self._lost(consumer, partitions)

    def _lost(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        for at in partitions:
            self._gone.add(at.partition)
            for held in (self._ledgers, self._new_from, self._committed):
                held.pop(at.partition, None)

    def _at(self, partition: int, offset: int = 0) -> TopicPartition:
        return TopicPartition(self._name, partition, offset)
