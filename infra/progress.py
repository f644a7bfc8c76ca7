"""How far groups have come with topics, asked again and again through one connection."""

from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from typing import Any, NamedTuple

from confluent_kafka import ConsumerGroupTopicPartitions, IsolationLevel, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._listoffsets import OffsetSpec  # the public name is not re-exported for type checkers

from infra.kafka import client_config, group_name, topic_name
from infra.log import LogUnavailable
from infra.settings import Settings

_WAIT_S = 10.0


class GroupProgress(NamedTuple):
    """One group."""

    members: int
    committed: Mapping[str, Mapping[int, int]]
    """Topic → partition → offset, where the group has committed one."""


class Progress:
    """Asks the broker. From one thread; every question raises LogUnavailable when it is not answered within 10 s."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._prefix = settings.topic_prefix
        self._admin = AdminClient(client_config(settings, "progress"))
        self._partitions: dict[str, list[int]] = {}

    def begins(self, topics: Iterable[str]) -> dict[str, dict[int, int]]:
        """Topic → partition → offset of the first record still there."""
        return self._offsets(topics, OffsetSpec.earliest())  # type: ignore[no-untyped-call]

    def ends(self, topics: Iterable[str]) -> dict[str, dict[int, int]]:
        """Topic → partition → offset that the next record will get, as far as transactions have committed."""
        return self._offsets(topics, OffsetSpec.latest())  # type: ignore[no-untyped-call]

    def groups(self, groups: Iterable[str]) -> dict[str, GroupProgress]:
        """Group → its progress: asked for at once. A group that the broker does not know has none."""
        names = {group: group_name(self._settings, group) for group in groups}
        if not names:
            return {}
        try:
            asked = {group: self._committed(name) for group, name in names.items()}
            known = self._admin.describe_consumer_groups(list(names.values()), request_timeout=_WAIT_S)
            return {
                group: GroupProgress(_members(known[name]), self._by_topic(asked[group]))
                for group, name in names.items()
            }
        except KafkaException as error:
            raise LogUnavailable(f"groups: {error}") from None

    def _committed(self, name: str) -> "Future[Any]":
        asked = ConsumerGroupTopicPartitions(name)
        return self._admin.list_consumer_group_offsets([asked], request_timeout=_WAIT_S)[name]

    def _by_topic(self, asked: "Future[Any]") -> dict[str, dict[int, int]]:
        found: dict[str, dict[int, int]] = {}
        answer = _answer(asked)
        for at in answer.topic_partitions if answer is not None else ():
            if at.offset >= 0 and at.topic.startswith(self._prefix):
                found.setdefault(at.topic.removeprefix(self._prefix), {})[at.partition] = at.offset
        return found

    def _offsets(self, topics: Iterable[str], wanted: OffsetSpec) -> dict[str, dict[int, int]]:
        found: dict[str, dict[int, int]] = {topic: {} for topic in topics}
        try:
            places = {
                TopicPartition(topic_name(self._settings, topic), partition): wanted
                for topic in found
                for partition in self._partitions_of(topic)
            }
            answers = self._admin.list_offsets(
                places, isolation_level=IsolationLevel.READ_COMMITTED, request_timeout=_WAIT_S
            )
            for at, answer in answers.items():
                found[at.topic.removeprefix(self._prefix)][at.partition] = _wait(answer).offset
        except KafkaException as error:
            raise LogUnavailable(f"offsets: {error}") from None
        return found

    def _partitions_of(self, topic: str) -> list[int]:
        """Asked for once: partitions of a topic never change."""
        if topic not in self._partitions:
            name = topic_name(self._settings, topic)
            known = self._admin.list_topics(name, timeout=_WAIT_S).topics[name]
            if known.error is not None:
                raise KafkaException(known.error)
            self._partitions[topic] = sorted(known.partitions)
        return self._partitions[topic]


def _members(described: "Future[Any]") -> int:
    found = _answer(described)
    return len(found.members) if found is not None else 0


def _answer(asked: "Future[Any]") -> Any:
    """The answer; None when the broker does not know the group."""
    try:
        return _wait(asked)
    except KafkaException as error:
        if error.args[0].code() == KafkaError.GROUP_ID_NOT_FOUND:
            return None
        raise


def _wait(asked: "Future[Any]") -> Any:
    try:
        return asked.result(timeout=_WAIT_S)
    except TimeoutError:
        raise KafkaException(KafkaError(KafkaError._TIMED_OUT)) from None
