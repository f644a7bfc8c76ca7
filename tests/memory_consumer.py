"""A stand-in for confluent_kafka.Consumer over records in memory: offsets, seeks, pauses, ends and rebalances."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from confluent_kafka import KafkaError, TopicPartition

from infra.log import Record

Callback = Callable[[Any, list[TopicPartition]], None]


class MemoryMessage:
    """What the runner asks of a Message."""

    def __init__(self, record: Record, error: KafkaError | None = None) -> None:
        self._record = record
        self._error = error

    def topic(self) -> str:
        return self._record.topic

    def partition(self) -> int:
        return self._record.partition

    def offset(self) -> int:
        return self._record.offset

    def key(self) -> bytes | None:
        return self._record.key

    def value(self) -> bytes | None:
        return self._record.value

    def error(self) -> KafkaError | None:
        return self._error


class MemoryConsumer:
    """One member that is given every partition. ``take`` limits what one ``consume`` hands out.

    ``tail`` offsets at the end of each partition hold nothing (control records of a transaction).
    """

    def __init__(self, records: Iterable[Record], take: int = 1000, tail: int = 0) -> None:
        self._log: defaultdict[tuple[str, int], list[Record]] = defaultdict(list)
        for record in records:
            self._log[record.topic, record.partition].append(record)
        self._at: dict[tuple[str, int], int] = {}
        self._told_end: set[tuple[str, int]] = set()
        self._paused: set[tuple[str, int]] = set()
        self._take = take
        self._tail = tail
        self._callbacks: dict[str, Callback] = {}
        self.committed: dict[tuple[str, int], int] = {}
        self.closed = False

    @property
    def is_drained(self) -> bool:
        return bool(self._at) and all(self._at[place] > records[-1].offset for place, records in self._log.items())

    def subscribe(self, _topics: list[str], **callbacks: Callback) -> None:
        self._callbacks = callbacks

    def rebalance(self) -> None:
        """Take every partition away; the next ``consume`` gives them back."""
        self._callbacks["on_revoke"](self, self.assignment())
        self._at = {}

    def assign(self, partitions: list[TopicPartition]) -> None:
        self._at = {(at.topic, at.partition): at.offset for at in partitions}
        self._told_end.clear()
        self._paused.clear()

    def assignment(self) -> list[TopicPartition]:
        return [TopicPartition(*place) for place in self._at]

    def pause(self, partitions: list[TopicPartition]) -> None:
        self._paused |= {(at.topic, at.partition) for at in partitions}

    def resume(self, partitions: list[TopicPartition]) -> None:
        self._paused -= {(at.topic, at.partition) for at in partitions}

    def consume(self, num_messages: int = 1, timeout: float = -1) -> list[MemoryMessage]:
        if not self._at:
            self._callbacks["on_assign"](self, [TopicPartition(*place) for place in self._log])
        found: list[MemoryMessage] = []
        for place in self._at:
            if place in self._paused:
                continue
            room = min(self._take, num_messages) - len(found)
            chosen = [record for record in self._log[place] if record.offset >= self._at[place]][:room]
            found += [MemoryMessage(record) for record in chosen]
            if chosen:
                self._at[place] = chosen[-1].offset + 1
            elif room and place not in self._told_end:
                self._told_end.add(place)
                end = Record(*place, self._end(place), None, None, 0)
                found.append(MemoryMessage(end, KafkaError(KafkaError._PARTITION_EOF)))
        return found

    def poll(self, timeout: float = -1) -> MemoryMessage | None:
        return next(iter(self.consume(1, timeout)), None)

    def get_watermark_offsets(
        self, at: TopicPartition, timeout: float = -1, cached: bool = False
    ) -> tuple[int, int] | None:
        place = (at.topic, at.partition)
        return (self._log[place][0].offset if self._log[place] else 0, self._end(place))

    def commit(self, offsets: list[TopicPartition], asynchronous: bool = True) -> None:
        self.committed |= {(at.topic, at.partition): at.offset for at in offsets}

    def close(self) -> None:
        self.closed = True
        self._callbacks["on_revoke"](self, self.assignment())

    def _end(self, place: tuple[str, int]) -> int:
        return self._log[place][-1].offset + 1 + self._tail if self._log[place] else 0
