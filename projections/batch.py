"""Records read and not yet written, as rows and as the offsets that will then be behind us."""

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias

import msgspec
from confluent_kafka import Message
from msgspec import Struct

from infra.log import Record
from projections.spec import Projection
from schemas import codec
from schemas.errors import BadFact

Place: TypeAlias = tuple[str, int]
"""(topic, partition); the registry's name of the topic."""
Refuse: TypeAlias = Callable[[Record, str], None]
"""What to do with a record that cannot be used, and why it cannot."""


class Read(NamedTuple):
    """How far a partition has been read."""

    next_offset: int
    watermark_ms: int


class Batch:
    """What one insert will write. ``refuse`` is called for each record that is no fact of ours."""

    def __init__(self, projection: Projection, names: dict[str, str], refuse: Refuse) -> None:
        """``names`` maps the broker's topic names to the registry's."""
        self._projection = projection
        self._keyed, self._told, self._make_rows = projection.keyed, projection.told, projection.rows
        self._names = names
        self._refuse = refuse
        self.messages: list[Message] = []
        self._encode = msgspec.json.Encoder().encode
        self.lines: dict[type[Struct], bytearray] = {row: bytearray() for row in projection.tables}
        """Row type → its rows as JSON arrays, one a line: encoded at once, because keeping structs costs more CPU."""
        self._next: dict[Place, int] = {}
        self._told_ms: dict[Place, int] = {}
        self.value_bytes = 0
        self.first_ms: int | None = None

    def __bool__(self) -> bool:
        return bool(self._next)

    @property
    def read(self) -> dict[Place, Read]:
        """How far each partition has been read once this is written."""
        return {place: Read(offset, self._told_ms.get(place, 0)) for place, offset in self._next.items()}

    def add(self, message: Message, now_ms: int) -> None:
        """Take one record: its rows, or its refusal. Either way its offset counts as read."""
        place = self._names[message.topic() or ""], message.partition() or 0
        offset: int = message.offset() or 0
        value = message.value()
        try:
            self._take(place, offset, message.key(), value)
        except BadFact as bad:
            self._refuse(self.record(message), bad.reason)
        self.messages.append(message)
        self._next[place] = offset + 1
        if value:
            self.value_bytes += len(value)
        if self.first_ms is None:
            self.first_ms = now_ms

    def count(self, row: type[Struct]) -> int:
        """How many rows of a type it holds."""
        return self.lines[row].count(b"\n")

    def reach(self, place: Place, offset: int) -> None:
        """The partition holds nothing more before ``offset`` (its end, past control records or compaction)."""
        self._next[place] = max(offset, self._next.get(place, 0))

    def part(self, messages: Iterable[Message]) -> "Batch":
        """A batch of some of this one's messages; those already refused stay out quietly."""
        part = Batch(self._projection, self._names, lambda _record, _reason: None)
        for message in messages:
            part.add(message, 0)
        return part

    def record(self, message: Message) -> Record:
        """The message as our own plain record."""
        topic = self._names[message.topic() or ""]
        place = (message.partition() or 0, message.offset() or 0)
        return Record(topic, *place, _bytes(message.key()), _bytes(message.value()), 0)

    def _take(self, place: Place, offset: int, key: bytes | str | None, value: bytes | str | None) -> None:
        """Add the rows of a record and note its event time."""
        fact = codec.decode(place[0], _bytes(value))
        if self._keyed and key != (own := codec.key(fact)):
            raise BadFact(f"the record's key is {key!r}, but the fact is about {own.decode()!r}")
        for row in self._make_rows(fact, place[1], offset):
            lines = self.lines[type(row)]
            lines += self._encode(row)
            lines += b"\n"
        told_ms: int = getattr(fact, self._told)
        if told_ms > self._told_ms.get(place, 0):
            self._told_ms[place] = told_ms


def _bytes(value: bytes | str | None) -> bytes | None:
    return value.encode() if isinstance(value, str) else value
