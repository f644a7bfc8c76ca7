"""All partitions of topic ``episodes``, read by one consumer into one sequence."""

from collections.abc import Iterable
from typing import NamedTuple

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from infra import journal, kafka
from infra.clock import monotonic_s, now_ms
from infra.log import LogUnavailable, Record
from infra.settings import Settings
from processors.episodes.entry.merge import Merge
from schemas import codec, topics
from schemas.episode import EpisodeRecord
from schemas.errors import BadFact

GROUP = "processor-episodes-entry"
_TOPIC = topics.EPISODES.name
_AT_ONCE = 500
_HELD_BYTES = 64 << 20
"""All partitions together wait with about so much; a partition beyond its share rests until the others come."""
_RECORD_BYTES = 500
"""What a record weighs beside its value."""
_BROKER_S, _CLOSE_S = 10.0, 3.0
_SOON_S, _IDLE_S = 0.002, 0.1
_ASK_EVERY_S, _ASK_IDLE_S, _ASK_AGAIN_S = 0.01, 1.0, 0.5
_COMMIT_EVERY_S, _COMMIT_AT_LEAST_S = 0.5, 600.0
"""At least, because a broker forgets after some days what a group without members once committed."""

_log = journal.get("episodes.entry")


class Read(NamedTuple):
    """One record of the topic, decoded; or, in ``bad``, why it is no episode."""

    record: Record
    episode: EpisodeRecord | None
    bad: str = ""


class Reader:
    """Begins where its group has committed; hands records out in their one order. For one thread only."""

    def __init__(self, settings: Settings) -> None:
        """Raises LogUnavailable while the broker does not answer."""
        self._name = kafka.topic_name(settings, _TOPIC)
        begin, end = kafka.begin_offsets(settings, _TOPIC), kafka.end_offsets(settings, _TOPIC)
        self._share = _HELD_BYTES // len(begin)
        queue = {"enable.partition.eof": True, "queued.max.messages.kbytes": max(1024, self._share >> 10)}
        self._consumer = Consumer(kafka.consumer_config(settings, GROUP, **queue))
        committed = self._committed(begin)
        self.missed = sum(max(0, begin[p] - at) for p, at in committed.items())
        """Records that retention took before this group had read them."""
        self._done = {p: _start(committed.get(p), begin[p], end[p]) for p in begin}
        self._committed_s, self._is_committed = monotonic_s(), True
        self._merge: Merge[Read] = Merge(self._done)
        self._merge.know_ends(end, 0)
        self._ends = kafka.Ends(settings, _TOPIC, begin)
        self._asked, self._asked_ms, self._ask_s = 0, 0, 0.0
        self._resting: set[int] = set()
        self.known_ms = 0
        """When we asked for the ends that are known now; 0: never."""
        self._consumer.assign([self._at(p, offset) for p, offset in self._done.items()])

    @property
    def partitions(self) -> tuple[int, ...]:
        """Those of the topic."""
        return tuple(self._done)

    @property
    def lag(self) -> int:
        """Records not yet handed out, as far as is known."""
        return self._merge.lag

    @property
    def is_at_end(self) -> bool:
        """True when everything that stood on the topic at ``known_ms`` has been handed out."""
        return self._merge.is_at_end

    def take(self, most: int) -> list[Read]:
        """The next records in their order, at most so many; waits a moment when there are none."""
        first = self._consumer.poll(_SOON_S if len(self._merge) else _IDLE_S)
        if first is not None:
            self._put([first, *self._consumer.consume(_AT_ONCE, 0)])
        self._rest()
        self._learn_ends()
        self._pass_markers()
        self._commit_when_due()
        return self._merge.take(most)

    def done(self, reads: Iterable[Read]) -> None:
        """These have become facts or letters; committed soon."""
        for read in reads:
            self._done[read.record.partition] = read.record.offset + 1
        self._is_committed = False

    def close(self) -> None:
        """Commit what is done and release the connection."""
        self._commit()
        kafka.close_within(self._consumer, _CLOSE_S)

    def _put(self, messages: Iterable[Message]) -> None:
        for message in messages:
            if (error := message.error()) is None:
                read = decoded(kafka.record_of(message, _TOPIC))
                record, updated_at = read.record, read.episode.updated_at if read.episode else 0
                weight = len(record.value or b"") + _RECORD_BYTES
                self._merge.put(record.partition, record.offset, (record.timestamp_ms, updated_at), weight, read)
            elif error.code() == KafkaError._PARTITION_EOF:
                self._merge.reach(message.partition() or 0, message.offset() or 0)
            elif error.fatal():
                raise KafkaException(error)
            else:
                _log.warning("topic episodes cannot be read now", error=error.str())

    def _rest(self) -> None:
        """Let partitions rest whose waiting records are more than their share, until half of it is taken."""
        weights = {p: self._merge.weight(p) for p in self._done}
        if full := [p for p, weight in weights.items() if weight > self._share and p not in self._resting]:
            self._consumer.pause([self._at(p) for p in full])
            self._resting.update(full)
        if rested := [p for p in self._resting if weights[p] < self._share // 2]:
            self._consumer.resume([self._at(p) for p in rested])
            self._resting.difference_update(rested)

    def _learn_ends(self) -> None:
        """Take the answer to the last question; ask the next when records wait for it, and now and then anyway."""
        now_s = monotonic_s()
        try:
            if (ends := self._ends.answer()) is not None:
                self._merge.know_ends(ends, self._asked)
                self.known_ms = self._asked_ms
        except LogUnavailable as error:
            _log.warning("the broker does not say where topic episodes ends", error=error)
            self._ask_s = now_s + _ASK_AGAIN_S
        every_s = _ASK_EVERY_S if self._merge.arrived > self._asked else _ASK_IDLE_S
        if not self._ends.is_asked and now_s >= self._ask_s + every_s:
            self._asked, self._asked_ms, self._ask_s = self._merge.arrived, now_ms(), now_s
            self._ends.ask()

    def _pass_markers(self) -> None:
        """What was handed out before is done. The end of a transaction takes an offset and is no record: who waits
        until all is read would wait for ever if only records counted."""
        for partition, offset in self._merge.handed_out.items():
            if offset > self._done[partition]:
                self._done[partition], self._is_committed = offset, False

    def _commit_when_due(self) -> None:
        since_s = monotonic_s() - self._committed_s
        if since_s > _COMMIT_AT_LEAST_S or (since_s > _COMMIT_EVERY_S and not self._is_committed):
            self._commit()

    def _commit(self) -> None:
        self._committed_s, self._is_committed = monotonic_s(), True
        try:
            self._consumer.commit(offsets=[self._at(p, at) for p, at in self._done.items()], asynchronous=True)
        except KafkaException as error:  # what is read twice is taken once; the next commit says it all
            _log.warning("cannot commit", error=str(error))

    def _committed(self, partitions: Iterable[int]) -> dict[int, int]:
        """Partition → offset, where one was committed."""
        try:
            found = self._consumer.committed([self._at(p) for p in partitions], timeout=_BROKER_S)
        except KafkaException as error:
            raise LogUnavailable(f"{GROUP}: {error}") from None
        return {at.partition: at.offset for at in found if at.offset >= 0}

    def _at(self, partition: int, offset: int = 0) -> TopicPartition:
        return TopicPartition(self._name, partition, offset)


def _start(committed: int | None, begin: int, end: int) -> int:
    """Where to begin; a commit beyond the end is of an earlier topic of the same name."""
    return begin if committed is None or committed > end else max(committed, begin)


def decoded(record: Record) -> Read:
    """The record as an episode, or why it is none."""
    try:
        return Read(record, codec.decode(_TOPIC, record.value))
    except BadFact as bad:
        return Read(record, None, bad.reason)
