"""The topics that speak of holds, for one of the workers that share them."""

from collections.abc import Collection

from confluent_kafka import Consumer, KafkaException, TopicPartition

from infra import journal, kafka
from infra.commits import commit
from infra.log import Record
from infra.settings import Settings
from processors.protection.entry.rules import SPEAKS
from schemas import topics

GROUP = "processor-protection-entry"
BATCH = 1000
_QUEUE_KB = 8 << 10
_CLOSE_S = 3.0

_log = journal.get("protection.entry")


class Reader:
    """One member of the group. For one thread only: partitions come and go inside ``take``, between two batches."""

    def __init__(self, settings: Settings) -> None:
        self._names = {kafka.topic_name(settings, topic): topic for topic in SPEAKS}
        own = {
            "partition.assignment.strategy": "cooperative-sticky", "session.timeout.ms": 6000,
            "heartbeat.interval.ms": 1500, "queued.max.messages.kbytes": _QUEUE_KB,
        }  # fmt: skip
        self._consumer = Consumer(kafka.consumer_config(settings, GROUP, **own))
        self._taken: dict[tuple[str, int], int] = {}
        """Topic's name and partition → offset that is still to be committed."""
        self._consumer.subscribe(list(self._names), on_revoke=self._lost, on_lost=self._lost)

    @property
    def partitions(self) -> Collection[int]:
        """Those of ``holds`` that this worker tells the time: with the partition of settings comes the clock."""
        media = topics.MEDIA.name
        return {at.partition for at in self._consumer.assignment() if self._names[at.topic] == media}

    def take(self, wait_s: float) -> list[Record]:
        """The next records; none after a moment."""
        found = []
        for message in self._consumer.consume(BATCH, wait_s):
            if (error := message.error()) is not None:
                if error.fatal():
                    raise KafkaException(error)
                _log.warning("a topic cannot be read now", error=error.str())
                continue
            record = kafka.record_of(message, self._names[message.topic() or ""])
            self._taken[message.topic() or "", record.partition] = record.offset + 1
            found.append(record)
        return found

    def commit(self) -> None:
        """All that was taken is done. Raises LogUnavailable: then nothing is lost, and some of it is read again."""
        if not self._taken:
            return
        places = [TopicPartition(name, partition, at) for (name, partition), at in self._taken.items()]
        commit(self._consumer, places, GROUP)
        self._taken = {}

    def lag(self) -> int:
        """Records on our partitions that were not handed out, as far as is known."""
        return kafka.behind(self._consumer)

    def close(self) -> None:
        """Leave the group."""
        kafka.close_within(self._consumer, _CLOSE_S)

    def _lost(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        for at in partitions:
            self._taken.pop((at.topic, at.partition), None)
