"""A seat: of several equal processes one works, the others wait. Who sits is decided by the broker.

The seat is a one-partition topic's consumer group: whoever holds the partition sits. Nothing is read through it.
"""

from confluent_kafka import Consumer, KafkaException, TopicPartition

from infra import journal, kafka
from infra.settings import Settings

SESSION_MS = 6000
"""A process that died without a word keeps the seat for so long."""


class Seat:
    """One process's claim. Use it from one thread, and ask at least every few minutes: silence gives the seat up."""

    def __init__(self, settings: Settings, group: str, topic: str) -> None:
        self._topic = topic
        self._held = False
        config = kafka.consumer_config(settings, group, **{"session.timeout.ms": SESSION_MS})
        self._consumer = Consumer(config)
        self._consumer.subscribe(
            [kafka.topic_name(settings, topic)], on_assign=self._given, on_revoke=self._taken, on_lost=self._taken
        )

    def held(self, timeout_s: float) -> bool:
        """True while this process sits. Waits up to ``timeout_s``, so that a loop around it needs no sleep."""
        message = self._consumer.poll(timeout_s)
        if message is not None and (error := message.error()) is not None:
            journal.get("seat").warning("seat", topic=self._topic, error=error.str())
        return self._held

    def close(self) -> None:
        """Stand up: another process sits down at once."""
        try:
            self._consumer.close()
        except KafkaException as error:
            journal.get("seat").warning("seat not given back", topic=self._topic, error=error)

    def _given(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        if partitions:
            consumer.assign(partitions)
            consumer.pause(partitions)
            self._held = True

    def _taken(self, _consumer: Consumer, _partitions: list[TopicPartition]) -> None:
        self._held = False
