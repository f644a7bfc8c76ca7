"""The five topics, read by one consumer for as long as we hold the seat."""

from collections import deque
from collections.abc import Iterable, Mapping

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from infra import journal, kafka
from infra.clock import monotonic_s
from infra.log import LogUnavailable, Record
from infra.progress import Progress
from infra.settings import Settings
from processors.retention.entry.tide import Mark, Tide
from processors.retention.entry.translate import SOURCES
from schemas import topics

GROUP = "processor-retention-entry"
BATCH = 2000
_QUEUE_KB = 16 << 10
_BROKER_S, _CLOSE_S = 10.0, 3.0
_COMMIT_EVERY_S, _COMMIT_AT_LEAST_S = 0.5, 600.0
"""At least, because a broker forgets after some days what a group without members once committed."""
_FOOTAGE, _POLICIES, _TIMES = topics.SEGMENTS.name, topics.MEDIA.name, topics.STORAGE.name

_log = journal.get("retention.entry")
Place = tuple[str, int]
"""Topic and partition."""


class Reader:
    """Begins where its group has committed. For one thread only, but for ``told``."""

    def __init__(self, settings: Settings) -> None:
        """Raises LogUnavailable while the broker does not answer."""
        self._prefix = settings.topic_prefix
        self._progress = Progress(settings)
        names = [topic.name for topic in SOURCES]
        begins, ends = self._progress.begins(names), self._progress.ends(names)
        self._consumer = Consumer(
            kafka.consumer_config(
                settings, GROUP, **{"enable.partition.eof": True, "queued.max.messages.kbytes": _QUEUE_KB}
            )
        )
        self.told: Mapping[Place, int] = self._starts(begins, ends)
        """Everything before this offset is told and acknowledged, or means nothing. Replaced, never changed."""
        self._committed: Mapping[Place, int] = self.told
        self._committed_s = monotonic_s()
        self._tide = Tide()
        self._held: dict[int, deque[Record]] = {}
        """Partition of footage, at a stand → what was read of it and waits for the tide."""
        self._consumer.assign([self._at(place, offset) for place, offset in self.told.items()])

    @property
    def lag(self) -> int:
        """Records that are not told, as far as is known."""
        behind = 0
        for place, offset in self.told.items():
            _, end = self._consumer.get_watermark_offsets(self._at(place), cached=True)
            behind += max(0, end - offset)
        return behind

    @property
    def held(self) -> int:
        """Records of footage that were read and wait for the time to be told."""
        return sum(map(len, self._held.values()))

    def take(self, wait_s: float) -> list[Record]:
        """The next records, each partition in its order; none after a moment. Raises LogUnavailable."""
        self._turn_tide()
        found = self._released()
        for message in self._consumer.consume(BATCH, 0 if found else wait_s):
            self._take(message, found)
        self._commit_when_due()
        return found

    def done(self, records: Iterable[Record]) -> None:
        """These are told and acknowledged; or they mean nothing."""
        self.told = {**self.told, **{(record.topic, record.partition): record.offset + 1 for record in records}}

    def close(self) -> None:
        """Commit what is done and release the connection."""
        self._commit()
        kafka.close_within(self._consumer, _CLOSE_S)

    def _take(self, message: Message, found: list[Record]) -> None:
        if (error := message.error()) is not None:
            if error.fatal():
                raise KafkaException(error)
            if error.code() != KafkaError._PARTITION_EOF:
                _log.warning("a topic cannot be read now", error=error.str())
            return
        record = kafka.record_of(message, (message.topic() or "").removeprefix(self._prefix))
        if record.topic == _FOOTAGE and not self._may_pass(record):
            self._hold(record)
        else:
            found.append(record)

    def _may_pass(self, record: Record) -> bool:
        return record.partition not in self._held and self._tide.covers(record.partition, record.offset)

    def _hold(self, record: Record) -> None:
        if record.partition not in self._held:
            self._held[record.partition] = deque()
            self._consumer.pause([self._at((_FOOTAGE, record.partition))])
        self._held[record.partition].append(record)

    def _turn_tide(self) -> None:
        if self._tide.rise(self._told_of(_POLICIES), self._told_of(_TIMES)) or self._tide.wants_mark:
            ends = self._progress.ends((_FOOTAGE, _POLICIES))
            self._tide.mark(Mark(ends[_FOOTAGE], ends[_POLICIES], self._progress.ends((_TIMES,))[_TIMES]))

    def _released(self) -> list[Record]:
        """Held footage that the tide covers now; a partition of which none is left is read on."""
        found: list[Record] = []
        for partition, waiting in list(self._held.items()):
            while waiting and self._tide.covers(partition, waiting[0].offset):
                found.append(waiting.popleft())
            if not waiting:
                del self._held[partition]
                self._consumer.resume([self._at((_FOOTAGE, partition))])
        return found

    def _told_of(self, topic: str) -> dict[int, int]:
        return {partition: offset for (name, partition), offset in self.told.items() if name == topic}

    def _commit_when_due(self) -> None:
        since_s = monotonic_s() - self._committed_s
        if since_s > _COMMIT_AT_LEAST_S or (since_s > _COMMIT_EVERY_S and self._committed is not self.told):
            self._commit()

    def _commit(self) -> None:
        self._committed, self._committed_s = self.told, monotonic_s()
        try:
            self._consumer.commit(offsets=[self._at(*told) for told in self.told.items()], asynchronous=True)
        except KafkaException as error:  # what is told twice is known by its place; the next commit says it all
            _log.warning("cannot commit", error=str(error))

    def _starts(
        self, begins: Mapping[str, Mapping[int, int]], ends: Mapping[str, Mapping[int, int]]
    ) -> dict[Place, int]:
        """Where to begin; a commit beyond the end is of an earlier topic of the same name."""
        first = {(topic, p): offset for topic, by_partition in begins.items() for p, offset in by_partition.items()}
        try:
            found = self._consumer.committed([self._at(place) for place in first], timeout=_BROKER_S)
        except KafkaException as error:
            raise LogUnavailable(f"{GROUP}: {error}") from None
        for at in found:
            place = (at.topic.removeprefix(self._prefix), at.partition)
            if first[place] < at.offset <= ends[place[0]][place[1]]:
                first[place] = at.offset
        return first

    def _at(self, place: Place, offset: int = 0) -> TopicPartition:
        return TopicPartition(self._prefix + place[0], place[1], offset)
