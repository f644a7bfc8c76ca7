"""One consumer of one generation: read, make rows, write, commit. Survives every server's absence; keeps nothing.

What is read is known by the checkpoint in ClickHouse alone; Kafka's committed offsets are for onlookers.
"""

from collections.abc import Callable, Iterable
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from infra import journal
from infra.clickhouse import DatabaseUnavailable
from infra.clock import monotonic_s, sleep_s
from infra.deadletter import BrakeEngaged
from infra.log import LogUnavailable
from projections.batch import Batch, Place, Read
from projections.generations.checkpoints import Checkpoint, Checkpoints
from projections.generations.store import Held
from projections.letters import Refusals
from projections.policy import Backoff, FlushPolicy
from projections.sink import Sink
from projections.standing import Standing

_AT_ONCE = 1000
_BROKER_S = 10.0
_NOTHING = Checkpoint(0, 0, 0)
_GONE = (DatabaseUnavailable, LogUnavailable)


class Loop:
    """Reads the topics of a projection into one generation, until told to stop.

    Raises BrakeEngaged after too many letters, RebuildStopped, or whatever bug it meets. ``barrier``,
    ``standing``, ``lag``, ``waiting`` and ``progress_ms`` may be used from other threads.
    """

    def __init__(
        self,
        consumer: Consumer,
        names: dict[str, str],
        new_batch: Callable[[], Batch],
        sink: Sink,
        checkpoints: Checkpoints,
        refusals: Refusals,
        policy: FlushPolicy,
        stopping: Callable[[], bool],
        wrote: Callable[[int, Batch, float], None] = lambda _rows, _batch, _seconds: None,
    ) -> None:
        """``names`` maps the broker's topic names to the registry's; ``wrote`` is told rows, batch and seconds."""
        self._consumer = consumer
        self._names = names
        self._broker_names = {own: name for name, own in names.items()}
        self._new_batch = new_batch
        self._batch = new_batch()
        self._sink = sink
        self._checkpoints = checkpoints
        self._refusals = refusals
        self._policy = policy
        self._stopping = stopping
        self._wrote = wrote
        self._backoff = Backoff()
        self._read: dict[Place, Read] = {}
        self._spare: list[Message] = []
        self._paused: list[TopicPartition] = []
        self._broken = False
        self._held: Held | None = None
        self.barrier: Held | None = None
        """Set from outside; obeyed from the next round on."""
        self.obeyed = 0
        """Mark of the barrier that holds us, once nothing more will be written; 0: none."""
        self.waiting = ""
        """The server that is away, in its own words; empty: none."""
        self.standing: dict[Place, Standing] = {}
        """Lag and watermark of each of our partitions, as of the last round."""
        self.progress_ms = _now_ms()

    def run(self) -> None:
        """Read until ``stopping``; what has been read is written before it returns."""
        self._consumer.subscribe(
            list(self._names), on_assign=self._assigned, on_revoke=self._revoked, on_lost=self._lost
        )
        try:
            while not self._stopping():
                self.turn()
            self._try_write()
        except BaseException:
            self._broken = True
            raise
        finally:
            self._consumer.close()

    def turn(self) -> None:
        """One round: take what has come, write what is due."""
        self._mind_barrier()
        self._take(self._unspared())
        timeout_s = self._policy.wait_s(self._batch.first_ms, _now_ms())
        self._take(self._consumer.consume(num_messages=_AT_ONCE, timeout=timeout_s))
        if self._is_due(self._batch):
            self._write()
        if self._refusals.braked:
            raise BrakeEngaged(self._refusals.braked)
        if not self._batch:
            self.obeyed = self._held.mark if self._held else 0
        self._look_around()

    def _is_due(self, batch: Batch) -> bool:
        if self._refusals.braked or not batch.messages:  # no messages: only the end moved, cheap, and lag becomes true
            return True
        return self._policy.due(len(batch.messages), batch.value_bytes, batch.first_ms, _now_ms())

    @property
    def lag(self) -> int:
        """Facts on our partitions that are not in the tables, as of the last round."""
        return sum(standing.lag for standing in self.standing.values())

    def _look_around(self) -> None:
        """Bring ``standing`` up to date. Only here: the client's own thread alone may ask it (others can hang)."""
        self.standing = {
            place: Standing(max(0, self._end_of(place) - read.next_offset), read.watermark_ms)
            for place, read in self._read.items()
        }
        if not self.lag:
            self.progress_ms = _now_ms()

    def _end_of(self, place: Place) -> int:
        at = TopicPartition(self._broker_names[place[0]], place[1])
        found = self._consumer.get_watermark_offsets(at, cached=True)
        return found[1] if found else 0

    def _take(self, messages: Iterable[Message]) -> None:
        now_ms = _now_ms()
        for message in messages:
            if (error := message.error()) is not None:
                self._told(message, error)
            elif self._held and self._held.stops(*self._place(message), message.offset() or 0):
                self._put_aside(message)
            else:
                self._batch.add(message, now_ms)
                if self._refusals.braked:
                    return  # the rest is read again

    def _told(self, message: Message, error: KafkaError) -> None:
        """News from the client that are no record."""
        if error.code() == KafkaError._PARTITION_EOF:
            place, end = self._place(message), message.offset() or 0
            if self._held and self._held.stops(*place, end - 1):
                return  # records before this end are put aside: they are not read
            if end > max(self._read.get(place, Read(0, 0)).next_offset, self._batch.read.get(place, Read(0, 0))[0]):
                self._batch.reach(place, end)
        elif error.fatal():
            raise KafkaException(error)
        else:
            journal.get("projections").warning("broker", error=error.str())

    def _mind_barrier(self) -> None:
        """Obey a barrier that was set or moved, go on after one that fell."""
        told = self.barrier
        if (told and told.mark) != (self._held and self._held.mark):
            self._held = told
            self._resume()

    def _resume(self) -> None:
        if self._paused:
            self._consumer.resume(self._paused)
            self._paused = []

    def _unspared(self) -> list[Message]:
        """Records put aside, when partitions are no longer paused."""
        if self._paused:
            return []
        spare, self._spare = self._spare, []
        return spare

    def _put_aside(self, message: Message) -> None:
        at = TopicPartition(message.topic() or "", message.partition() or 0)
        self._spare.append(message)
        self._consumer.pause([at])
        self._paused.append(at)

    def _place(self, message: Message) -> Place:
        return self._names[message.topic() or ""], message.partition() or 0

    def _write(self) -> None:
        """Write the batch; while a server is away, hold the partitions and keep the group session."""
        tries = 0
        while self._batch and not self._try_write():
            if self._stopping():
                return
            self._pause()
            self._idle(self._backoff.wait_s(tries))
            tries += 1

    def _try_write(self) -> bool:
        """Write the batch and tell the broker; False when a server is away and the batch is still ours."""
        batch = self._batch
        if not batch:
            return True
        started_s = monotonic_s()
        try:
            rows = self._sink.write(batch)
        except _GONE as gone:
            if not self.waiting:
                journal.get("projections").warning("waiting", reason=str(gone))
            self.waiting = str(gone) or type(gone).__name__
            return False
        self._stop_waiting()
        self._read |= batch.read
        self._batch = self._new_batch()
        self.progress_ms = _now_ms()
        self._wrote(rows, batch, monotonic_s() - started_s)
        self._commit(batch)
        return True

    def _stop_waiting(self) -> None:
        if self.waiting:
            self.waiting = ""
            self._resume()

    def _commit(self, batch: Batch) -> None:
        offsets = [
            TopicPartition(self._broker_names[topic], p, at.next_offset) for (topic, p), at in batch.read.items()
        ]
        try:
            self._consumer.commit(offsets=offsets, asynchronous=True)
        except KafkaException as error:  # only onlookers use it; the checkpoint is what counts
            journal.get("projections").debug("commit", error=str(error))

    def _pause(self) -> None:
        if assigned := self._consumer.assignment():
            self._consumer.pause(assigned)
            self._paused = assigned

    def _idle(self, seconds: float) -> None:
        """Wait, and let the client keep its session; a record that slips through is kept for later."""
        until_s = monotonic_s() + seconds
        while (left_s := until_s - monotonic_s()) > 0:
            if (message := self._consumer.poll(left_s)) is not None and message.error() is None:
                self._spare.append(message)

    def _assigned(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        """Begin where ClickHouse says that the rows end."""
        tries = 0
        while not self._stopping():
            try:
                known = self._checkpoints.load()
                break
            except DatabaseUnavailable as gone:
                self.waiting = str(gone)
                sleep_s(self._backoff.wait_s(tries))
                tries += 1
        else:
            return
        self.waiting = ""
        for at in partitions:
            place = (self._names[at.topic], at.partition)
            saved = known.get(place, _NOTHING)
            at.offset = self._start_of(at, saved.next_offset)
            self._read[place] = Read(at.offset, saved.watermark_ms)
        consumer.assign(partitions)
        self.progress_ms = _now_ms()

    def _start_of(self, at: TopicPartition, saved: int) -> int:
        """``saved``, moved into what the broker still has; a topic that was made anew is read from its beginning."""
        try:
            low, high = self._consumer.get_watermark_offsets(at, timeout=_BROKER_S) or (saved, saved)
        except KafkaException:
            return saved  # auto.offset.reset decides
        if low <= saved <= high:
            return saved
        if saved > high or saved > 0:
            told = journal.get("projections")
            told.warning("offsets moved", topic=at.topic, partition=at.partition, saved=saved, low=low, high=high,
                         advice="facts were lost or the topic was made anew; run `sightlog rebuild`")  # fmt: skip
        return low

    def _revoked(self, _consumer: Consumer, _partitions: list[TopicPartition]) -> None:
        """Write what was read before another member takes over; what cannot be written now it will read again."""
        if not self._broken and not self.waiting:
            self._try_write()
        self._forget()

    def _lost(self, _consumer: Consumer, _partitions: list[TopicPartition]) -> None:
        self._forget()

    def _forget(self) -> None:
        self._batch = self._new_batch()
        self._read.clear()
        self._spare.clear()
        self._paused = []
        self.waiting = ""


def consumer_settings() -> dict[str, Any]:
    """What a loop needs of its consumer beyond the common configuration."""
    return {
        "enable.partition.eof": True,
        "session.timeout.ms": 6000,  # a killed service must not hold its partitions for long: back within 30 s
        "heartbeat.interval.ms": 2000,
        "max.poll.interval.ms": 600_000,
    }


def _now_ms() -> int:
    return int(monotonic_s() * 1000)
