"""A seat: of several equal processes one works, the others wait. Who sits is decided by the broker.

The seat is the consumer group of a topic with one partition: whoever holds the partition sits. What stands on the topic
does not matter here.
"""

import threading
from collections.abc import Callable

from confluent_kafka import Consumer, KafkaException, TopicPartition

from infra import journal
from infra.health import Beat
from infra.kafka import close_within, consumer_config, topic_name
from infra.loop import Loop
from infra.settings import Settings

SESSION_MS = 6000
"""A process that died without a word is replaced after so long; the least that brokers allow by default."""
_LOOK_S, _CLOSE_S = 0.2, 3.0


class Seat:
    """One process's claim. ``held`` is as of the last ``look``; the holder keeps the seat while others come and go.

    A process cut off from the broker loses the seat by its own clock. Two may think that they hold it for a moment:
    what a holder does must bear being done twice. Use it from one thread.
    """

    def __init__(self, settings: Settings, group: str, topic: str) -> None:
        config = consumer_config(
            settings, group, **{
                "session.timeout.ms": SESSION_MS, "heartbeat.interval.ms": 1500,
                "partition.assignment.strategy": "cooperative-sticky", "auto.offset.reset": "latest",
            },
        )  # fmt: skip
        self.held = False
        self._topic = topic
        self._consumer = Consumer(config)
        self._consumer.subscribe(
            [topic_name(settings, topic)], on_assign=self._given, on_revoke=self._taken, on_lost=self._taken
        )

    def look(self, timeout_s: float) -> bool:
        """True while this process sits; returns early with news. Call it every few minutes: silence gives the seat up.

        Raises KafkaException when the group can never be joined.
        """
        message = self._consumer.poll(timeout_s)
        if message is not None and (error := message.error()) is not None:
            if error.fatal():
                raise KafkaException(error)
            journal.get("seat").debug("seat", topic=self._topic, error=error.str())
        return self.held

    def close(self) -> None:
        """Stand up: another process sits down at once."""
        close_within(self._consumer, _CLOSE_S)

    def _given(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        self.held = self.held or bool(partitions)

    def _taken(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        self.held = self.held and not partitions


class SeatedLoop(Loop):
    """The loop of a worker that goes on while it has the seat; others like it wait."""

    def __init__(self, seat: Seat, stopping: threading.Event, beat: Beat) -> None:
        super().__init__(stopping, beat)
        self._seat = seat

    def goes_on(self, wait_s: float = 0) -> bool:
        """False once the seat is another's or we are told to stop; ``wait_s``: for news of the seat."""
        self._beat.touch()
        return self._seat.look(wait_s) and not self._stopping.is_set()

    def run(self, sit: Callable[[], None]) -> None:
        """Do ``sit`` whenever the seat is ours, until told to stop; then stand up. ``sit`` asks ``goes_on``."""
        try:
            while not self._stopping.is_set():
                if self.goes_on(_LOOK_S):
                    sit()
        finally:
            self._seat.close()
