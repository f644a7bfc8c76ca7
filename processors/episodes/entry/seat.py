"""The one seat: only the worker that holds the single partition of ``episode-entry`` reads topic ``episodes``."""

from confluent_kafka import Consumer, KafkaException, TopicPartition

from infra import journal
from infra.kafka import close_within, consumer_config, topic_name
from infra.settings import Settings
from schemas import topics

GROUP = "processor-episodes-seat"
_HOLDER_GONE_MS = 6000
"""A killed holder is replaced after this long; the least that brokers allow by default."""
_CLOSE_S = 3.0

_log = journal.get("episodes.entry")


class Seat:
    """A place in the group of all workers. ``held`` is as of the last ``look``; the holder keeps it while others come.

    A worker cut off from the broker loses the seat by its own clock. Should two ever think that they hold it, the
    lifecycle takes every save once all the same.
    """

    def __init__(self, settings: Settings) -> None:
        config = consumer_config(
            settings, GROUP, **{
                "session.timeout.ms": _HOLDER_GONE_MS, "heartbeat.interval.ms": 1500,
                "partition.assignment.strategy": "cooperative-sticky", "auto.offset.reset": "latest",
            },
        )  # fmt: skip
        self.held = False
        self._consumer = Consumer(config)
        name = topic_name(settings, topics.EPISODE_ENTRY.name)
        self._consumer.subscribe([name], on_assign=self._given, on_revoke=self._taken, on_lost=self._taken)

    def look(self, timeout_s: float) -> bool:
        """True while this worker holds the seat; returns early with news. Call it at least every few minutes.

        Raises KafkaException when the group can never be joined.
        """
        message = self._consumer.poll(timeout_s)
        if message is not None and (error := message.error()) is not None:
            if error.fatal():
                raise KafkaException(error)
            _log.debug("seat", error=error.str())
        return self.held

    def close(self) -> None:
        """Give the seat back at once."""
        close_within(self._consumer, _CLOSE_S)

    def _given(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        self.held = self.held or bool(partitions)

    def _taken(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        self.held = self.held and not partitions
