"""Commits of a consumer group that are answered before anything else happens."""

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from infra.log import LogUnavailable


def commit(consumer: Consumer, places: list[TopicPartition], group: str) -> None:
    """Return once the broker has all ``places``. Raises LogUnavailable, which names ``group``: it may have some."""
    try:
        answers = consumer.commit(offsets=places, asynchronous=False) or []
    except KafkaException as error:
        raise LogUnavailable(f"{group}: {error}") from None
    if failed := [at.error for at in answers if at.error is not None and at.error.code() != KafkaError.NO_ERROR]:
        raise LogUnavailable(f"{group}: {failed[0].str()}")
