"""Where a topic stood at a time, groups placed from outside, records between two offsets: on a real broker."""

import secrets

import pytest
from confluent_kafka import Consumer

from infra import kafka, stretches
from infra.clock import now_ms, sleep_s
from infra.kafka import KafkaLog
from infra.settings import Settings
from schemas.facts import AlarmsTicked
from tests.integration.recording import wait_for
from tests.integration.test_projection import log

__all__ = ["log"]

TOPIC = "alarms"


@pytest.fixture
def own(stack: Settings) -> Settings:
    settings = stack.model_copy(update={"topic_prefix": f"g{secrets.token_hex(3)}."})
    kafka.ensure_topics(settings)
    return settings


def tell(log: KafkaLog, count: int) -> None:
    """So many facts onto partition 1."""
    for number in range(count):
        log.append(AlarmsTicked(partition=1, observed_ms=number), partition=1)
    assert log.flush(120) == 0


def test_a_topic_is_found_as_it_stood_at_a_time(own: Settings, log: KafkaLog) -> None:
    tell(log, 3)
    sleep_s(0.01)  # the next ones are stamped later
    between_ms = now_ms()
    tell(log, 2)
    assert kafka.offsets_since(own, TOPIC, 0) == {0: 0, 1: 0, 2: 0, 3: 0}
    assert kafka.offsets_since(own, TOPIC, between_ms) == {0: 0, 1: 3, 2: 0, 3: 0}
    assert kafka.offsets_since(own, TOPIC, now_ms() + 60_000)[1] == 5


def test_a_group_begins_where_it_is_placed_unless_it_has_members_and_is_forgotten_without(
    own: Settings, log: KafkaLog
) -> None:
    tell(log, 5)
    places = {0: 0, 1: 3, 2: 0, 3: 0}
    assert kafka.place_group(own, "again", TOPIC, places, "note")
    assert kafka.place_group(own, "again", TOPIC, places, "note")
    assert kafka.committed_offsets(own, "again", TOPIC) == places
    consumer = Consumer(kafka.consumer_config(own, "again"))
    try:
        consumer.subscribe([kafka.topic_name(own, TOPIC)])
        first = wait_for(lambda: (found := consumer.poll(0.2)) and not found.error() and found)
        assert (first.partition(), first.offset()) == (1, 3)
        assert not kafka.place_group(own, "again", TOPIC, places)
        assert not kafka.forget_group(own, "again")
    finally:
        consumer.close()
    assert kafka.forget_group(own, "again")
    assert kafka.forget_group(own, "again")
    assert kafka.committed_offsets(own, "again", TOPIC) == {}


@pytest.mark.parametrize(("begin", "end", "expected"), [(0, 5, 5), (1, 3, 2), (3, 3, 0), (4, 99, 1)])
def test_records_between_two_offsets_are_read_and_no_others(
    own: Settings, log: KafkaLog, begin: int, end: int, expected: int
) -> None:
    tell(log, 5)
    found = [one for one in stretches.records(own, TOPIC, 1, begin, end) if one is not None]
    assert [one.offset for one in found] == list(range(begin, begin + expected))
