"""Records of a topic between two offsets, read once by one process."""

from collections.abc import Iterator

from confluent_kafka import Consumer, KafkaError, TopicPartition

from infra import kafka
from infra.clock import monotonic_s
from infra.log import LogUnavailable, Record
from infra.settings import Settings

_BATCH, _WAIT_S, _SILENCE_S = 1000, 0.5, 30.0


def records(settings: Settings, topic: str, partition: int, begin: int, end: int) -> Iterator[Record | None]:
    """What stands at ``[begin, end)`` of a partition, in order; None now and then, so that whoever asks may stop.

    Raises LogUnavailable where the broker is silent for 30 s.
    """
    if begin >= end:
        return
    consumer = Consumer(kafka.consumer_config(settings, "stretches", **{"enable.partition.eof": True}))
    consumer.assign([TopicPartition(kafka.topic_name(settings, topic), partition, begin)])
    heard_s = monotonic_s()
    try:
        while monotonic_s() - heard_s < _SILENCE_S:
            for message in consumer.consume(_BATCH, _WAIT_S):
                heard_s = monotonic_s()
                if (error := message.error()) is not None:
                    if error.code() == KafkaError._PARTITION_EOF:
                        return
                    continue
                if (message.offset() or 0) >= end:
                    return
                yield kafka.record_of(message, topic)
                if (message.offset() or 0) + 1 >= end:
                    return
            yield None
    finally:
        consumer.close()
    raise LogUnavailable(f"{topic}/{partition}: nothing was heard for {_SILENCE_S:.0f} s")
