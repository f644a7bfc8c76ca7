"""Topic ``mails`` for one of the workers that share it: batches, commits, and mails that ended a process before."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from confluent_kafka import Consumer, KafkaException, Message, TopicPartition

from infra import journal, kafka
from infra.commits import commit
from infra.log import LogUnavailable, Record
from infra.settings import Settings
from schemas import topics

GROUP = "processor-alarms-entry"
_TOPIC = topics.MAILS.name
BATCH, BATCH_BYTES = 100, 8 << 20
"""Most of a batch: one more mail is begun only below both. Also how many are taken one by one after a crash."""
MOST_TRIES = 3
"""A mail that was begun alone so often, and never ended, is not begun again. Two could be two bad days."""
_QUEUE_KB = 16 << 10
_IDLE_S, _BROKER_S, _CLOSE_S = 0.2, 10.0, 3.0

_log = journal.get("alarms.entry")


class Batch(NamedTuple):
    """Records to be taken together."""

    records: Sequence[Record]
    tries: int = 0
    """How often the one record was begun alone before, by anybody, and not ended."""
    is_alone: bool = False
    """The one record may be what ended the process before us: its beginning is written down."""


NOTHING = Batch(())


class Reader:
    """One member of the group. For one thread only: partitions come and go inside ``take``, between two batches.

    What killed a process stands in the batch behind the committed offset. The note of a commit survives every process:
    who finds there that a batch was begun takes mails one by one, and notes how often each of them was begun.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._name = kafka.topic_name(settings, _TOPIC)
        own = {
            "partition.assignment.strategy": "cooperative-sticky", "session.timeout.ms": 6000,
            "heartbeat.interval.ms": 1500, "queued.max.messages.kbytes": _QUEUE_KB,
        }  # fmt: skip
        self._consumer = Consumer(kafka.consumer_config(settings, GROUP, **own))
        self._careful: dict[int, int] = {}
        """Partition → records that are still to be taken one by one; none: its note is not read yet."""
        self._held: Record | None = None
        self._done: dict[int, int] = {}
        """Partition → offset that is still to be committed."""
        self.is_new = True
        """Partitions came; set to False by whoever has looked."""
        self._consumer.subscribe([self._name], on_assign=self._given, on_revoke=self._taken, on_lost=self._taken)

    def take(self) -> Batch:
        """The next mails; none after a moment. Raises LogUnavailable when the broker does not say what it must."""
        self._commit_done()
        first, self._held = self._held or self._poll(_IDLE_S), None
        if first is None:
            return NOTHING
        if first.partition not in self._careful:
            self._careful[first.partition] = BATCH if self._note(first.partition).metadata else 0
        if left := self._careful[first.partition]:
            self._careful[first.partition] = left - 1
            return Batch((first,), self._tries(first), True)
        batch, size = [first], len(first.value or b"")
        while len(batch) < BATCH and size < BATCH_BYTES and (record := self._poll(0)) is not None:
            if self._careful.get(record.partition) != 0:
                self._held = record
                break
            batch.append(record)
            size += len(record.value or b"")
        return Batch(batch)

    def begin(self, batch: Batch) -> None:
        """Write down that they are begun, and may end us. Raises LogUnavailable."""
        self._write_down(batch, batch.tries + batch.is_alone)

    def done(self, batch: Batch) -> None:
        """All of them have become alarms or letters."""
        self._done |= {record.partition: record.offset + 1 for record in batch.records}
        self._commit_done()

    def again(self, batch: Batch) -> None:
        """They could not be taken now, and not through their fault: they come again, to us or to another worker.

        Raises LogUnavailable when that cannot be had of this consumer: then begin with another.
        """
        if not (first := _firsts(batch)):
            return
        if self._held and self._held.partition in first:
            self._held = None
        ours = {at.partition for at in self._consumer.assignment()}
        try:
            for partition in first.keys() & ours:
                self._careful[partition] = self._careful.get(partition, 0) + batch.is_alone
                self._consumer.seek(self._at(partition, first[partition]))
        except KafkaException as error:
            raise LogUnavailable(f"{GROUP}: {error}") from None
        try:
            self._write_down(batch, batch.tries)
        except LogUnavailable as error:
            _log.info("a note stays that a batch was begun", reason=str(error))

    def has_read(self, ends: Mapping[int, int]) -> bool:
        """True once the whole group has taken everything before these offsets. Raises LogUnavailable."""
        begins = kafka.begin_offsets(self._settings, _TOPIC)
        return all(max(at.offset, begins[at.partition]) >= ends[at.partition] for at in self._committed(ends))

    def lag(self) -> int:
        """Mails on our partitions that are not taken, as far as is known."""
        return kafka.behind(self._consumer)

    def close(self) -> None:
        """Leave the group."""
        kafka.close_within(self._consumer, _CLOSE_S)

    def _poll(self, wait_s: float) -> Record | None:
        message: Message | None = self._consumer.poll(wait_s)
        if message is None:
            return None
        if (error := message.error()) is None:
            return kafka.record_of(message, _TOPIC)
        if error.fatal():
            raise KafkaException(error)
        _log.warning("topic mails cannot be read now", error=error.str())
        return None

    def _tries(self, record: Record) -> int:
        """The note beside the committed offset, where it speaks of this record."""
        at = self._note(record.partition)
        return int(at.metadata or 0) if at.offset == record.offset else 0

    def _note(self, partition: int) -> TopicPartition:
        """What was committed last, with its note: a number while mails behind it are begun."""
        (at,) = self._committed((partition,))
        return at

    def _write_down(self, batch: Batch, tries: int) -> None:
        places = [self._at(partition, offset, str(tries)) for partition, offset in _firsts(batch).items()]
        commit(self._consumer, places, GROUP)

    def _committed(self, partitions: Mapping[int, int] | Sequence[int]) -> list[TopicPartition]:
        try:
            return list(self._consumer.committed([self._at(p) for p in partitions], timeout=_BROKER_S))
        except KafkaException as error:
            raise LogUnavailable(f"{GROUP}: {error}") from None

    def _commit_done(self) -> None:
        """Commit what is done; where the broker cannot take it now (members come or go), again a moment later."""
        if self._done:
            try:
                commit(self._consumer, [self._at(partition, end) for partition, end in self._done.items()], GROUP)
                self._done = {}
            except LogUnavailable as error:
                _log.info("committed later", reason=str(error))

    def _given(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        self.is_new = True

    def _taken(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        gone = {at.partition for at in partitions}
        self._careful = {partition: left for partition, left in self._careful.items() if partition not in gone}
        self._done = {partition: end for partition, end in self._done.items() if partition not in gone}
        if self._held and self._held.partition in gone:
            self._held = None

    def _at(self, partition: int, offset: int = 0, note: str = "") -> TopicPartition:
        return TopicPartition(self._name, partition, offset, note)


def _firsts(batch: Batch) -> dict[int, int]:
    """Partition → offset of its first record."""
    firsts: dict[int, int] = {}
    for record in batch.records:
        firsts.setdefault(record.partition, record.offset)
    return firsts
