"""What comes to the store and goes, as topic ``segments`` says it from now on."""

from collections.abc import Iterator

from confluent_kafka import Consumer, TopicPartition

from infra import journal, kafka
from infra.settings import Settings
from schemas import codec, topics
from schemas.errors import BadFact
from schemas.facts import SegmentRecorded, SegmentsDeleted

_TOPIC = topics.SEGMENTS.name
_AT_ONCE = 2000
_CLOSE_S = 3.0

_log = journal.get("storage")


class Footage:
    """Reads the topic without a group, from where it ended at the start. Opening it raises LogUnavailable."""

    def __init__(self, settings: Settings) -> None:
        ends = kafka.end_offsets(settings, _TOPIC)
        name = kafka.topic_name(settings, _TOPIC)
        self._consumer = Consumer(kafka.consumer_config(settings, "storage-footage"))
        self._consumer.assign([TopicPartition(name, partition, end) for partition, end in ends.items()])

    def news(self) -> Iterator[SegmentRecorded | SegmentsDeleted]:
        """What has come since; waits for nothing. A record that is no fact is told by its other readers."""
        while messages := self._consumer.consume(_AT_ONCE, 0):
            for message in messages:
                if (error := message.error()) is not None:
                    _log.debug("topic segments cannot be read now", error=error.str())
                    continue
                try:
                    fact = codec.decode(_TOPIC, kafka.record_of(message, _TOPIC).value)
                except BadFact:
                    continue
                if isinstance(fact, SegmentRecorded | SegmentsDeleted):
                    yield fact

    def close(self) -> None:
        """Release the connection."""
        kafka.close_within(self._consumer, _CLOSE_S)
