"""One camera in the hand of a fact: what its states say of it, and what the fact makes of them.

Its states are written so that a crash between any two of them can be folded over: leaves before the head, the head
before the tail. The tail knows how far the facts of its topic are taken and comes last; a head says up to which fact
it is folded and is never folded twice; a leaf that is ahead of its head is written again.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import numpy as np
from msgspec import structs

from processors.retention import shares
from processors.retention.rules import standing
from processors.retention.rules.footage import (
    NEVER,
    NO_ROWS,
    Ints,
    Rows,
    Tail,
    among,
    ascending,
    ints,
    merged,
    one_of,
    rows_of,
    without,
)
from processors.retention.rules.ranges import covered
from processors.retention.rules.standing import Anew, Going, Head, Leaves
from processors.retention.rules.terms import Terms
from processors.spec import States

LEAF_ROWS = 128
"""Segments of a leaf; one that judging read may have a tail more."""
_REGION = 1 << 44
"""Marks of the cameras of one partition lie between two multiples: they have one clock."""
_HEAD, _TAIL = b"~h", b"~t"
_heads = msgspec.msgpack.Decoder(Head)
_encoder = msgspec.msgpack.Encoder()


def mark(partition: int, at_ms: int) -> int | None:
    """The mark that says: look at this when the clock of the partition has come so far. None: never."""
    return (partition + 1) * _REGION + at_ms if partition >= 0 and at_ms < _REGION else None


def due(states: States, partition: int, clock_ms: int, limit: int) -> list[tuple[int, str]]:
    """(since, camera) of those of a partition that are due by its clock: the one that is due longest first, by how
    long before the clock that is."""
    first = (partition + 1) * _REGION
    until = first + min(clock_ms, _REGION - 1)
    return [(at - until, key[: -len(_HEAD)].decode()) for at, key in states.marked(until, limit, first)]


def tail_key(media: str) -> bytes:
    """Where the tail of a camera is kept."""
    return media.encode() + _TAIL


class Camera:
    """One camera; ``keep`` writes what has changed. One fact holds it once.

    ``is_ahead``: the fact is folded into the head already and comes again after a crash; the head stays as it is.
    """

    def __init__(self, states: States, media: str, terms: Terms) -> None:
        self.media = media
        self._states, self._terms, self._key = states, terms, media.encode()
        head, tail = states.get(self._key + _HEAD), states.get(tail_key(media))
        self.head = _heads.decode(head) if head else Head()
        self.tail = Tail.read(tail) if tail else Tail()
        self.is_ahead = self.head.at >= states.offset
        self._was, self._tail_was = self.head, tail
        self._leaves: dict[int, Rows] = {}
        self._written: set[int] = set()

    @property
    def latest(self) -> Rows:
        """The rows of the tail."""
        rows = rows_of(self.tail.packed)
        return standing.as_stored(rows[rows["src_offset"] > self.head.put_away], self.head.anew)

    def change(self, **fields: Any) -> None:
        """The head with other values."""
        self.head = structs.replace(self.head, **fields)

    def keep(self, look_ms: int = 0) -> None:
        """Write what has changed. ``look_ms``: it was looked at, and need not be again before its clock says that."""
        if (look_ms or self.head is not self._was) and not self.is_ahead:
            for number in self._written:
                self._states.put(self._leaf_key(number), self._leaves[number].tobytes())
            self._written.clear()
            self.head = self._was = structs.replace(self.head, at=self._states.offset)
            due_ms = standing.look_ms(self.head, self._terms.settle_ms, self._terms.batch_ms)
            at = mark(self.head.partition, max(due_ms, look_ms))
            self._states.put(self._key + _HEAD, _encoder.encode(self.head), at)
            shares.put(self._states, self.media, shares.glance(self.head, self._terms.settle_ms))
        if (value := self.tail.value()) != self._tail_was:
            self._states.put(tail_key(self.media), value)

    def rows(self, numbers: Iterable[int]) -> Rows:
        """All rows of these leaves, and of the tail."""
        return ascending([self.latest, *self._of(numbers)])

    def leaves(self, numbers: Iterable[int]) -> Rows:
        """All rows of these leaves, with the times that their ages count from."""
        return ascending([NO_ROWS, *self._of(numbers)])

    @property
    def locked_bytes(self) -> int:
        """Of all footage that locks keep."""
        is_locked = covered(self.latest, self.head.protected)[1]
        return int(self.head.index["locked_bytes"].sum() + self.latest["size_bytes"][is_locked].sum())

    def put_in_tail(self, row: Rows) -> None:
        """A segment, new or stored again."""
        start_ms, src_offset = int(row["start_ms"][0]), int(row["src_offset"][0])
        self.tail.packed = merged(rows_of(self.tail.packed), row).tobytes()
        self.tail.until, self.tail.newest_ms = src_offset, max(self.tail.newest_ms, start_ms)
        self.timed()

    def timed(self) -> None:
        """The head says when the first row of the tail was stored."""
        tail_ms = int(rows_of(self.tail.packed)["stored_ms"].min(initial=NEVER))
        if tail_ms != self.head.tail_ms:
            self.change(tail_ms=tail_ms)

    def put_tail_away(self) -> None:
        """The rows of the tail go into the newest leaf while it has room, else into one more.

        Where the head is ahead of the fact, only those leave the tail that went into leaves then.
        """
        rows = rows_of(self.tail.packed)
        fresh = rows[rows["src_offset"] > self.head.put_away]
        if self.is_ahead:
            self.tail.packed = fresh.tobytes()
            return
        self.tail.packed = b""
        if len(fresh):
            self._take_out(fresh["start_ms"])  # a leaf that a crash left ahead may hold them, and not be the roomy one
            self.put(self._roomy(len(fresh)), fresh)
            self.change(tail_ms=NEVER, put_away=int(fresh["src_offset"].max()))

    def put(self, number: int, rows: Rows) -> None:
        """Add rows to a leaf, or replace those of the same starts."""
        self._write(number, merged(self._leaf(number) if number in self._numbers else NO_ROWS, rows))
        self.change(newest=number)

    def remove(self, starts: Ints) -> None:
        """These segments are no more."""
        self._take_out(starts)
        rows = rows_of(self.tail.packed)
        if among(rows, starts).any():
            self.tail.packed = without(rows, starts).tobytes()
            self.timed()

    def holds(self, start_ms: int) -> int | None:
        """The leaf in which a segment of this start is; None: it is in the tail, or nowhere."""
        if start_ms in self.latest["start_ms"]:
            return None  # whatever a leaf says that a crash left ahead
        numbers = standing.holding(self.head.index, np.array([start_ms]))
        return next((number for number in numbers if start_ms in self._leaf(number)["start_ms"]), None)

    def refresh(self, start_ms: int, end_ms: int) -> None:
        """The head says of the leaves that hold something of a stretch what is true of them now."""
        numbers = standing.overlapping(self.head.index, start_ms, end_ms)
        if numbers:
            self._say(numbers)

    def go(self, going: Sequence[Going]) -> None:
        """These decisions stand from now on."""
        if going:
            self.change(going=(*self.head.going, *going))
            self.refresh(min(one.start_ms for one in going), max(one.end_ms for one in going))

    def order(self, expiration_id: int) -> None:
        """A decision is final."""
        self.change(
            going=tuple(
                structs.replace(one, is_ordered=True) if one.expiration_id == expiration_id else one
                for one in self.head.going
            )
        )

    def drop(self, starts: Ints) -> list[Going]:
        """Decisions name these segments no more. Those of which nothing is left are over, and returned."""
        touched = [one for one in self.head.going if one_of(ints(one.starts), starts).any()]
        if touched:
            left = [one.without(starts) if one in touched else one for one in self.head.going]
            self.change(going=tuple(one for one in left if one.starts))
        return [one for one in touched if not one.without(starts).starts]

    def take_back(self, going: Going, stored_ms: int | None = None) -> None:
        """A decision stands no more; ``stored_ms``: what it named counts as stored then."""
        self.change(going=tuple(one for one in self.head.going if one.expiration_id != going.expiration_id))
        if stored_ms is not None:
            self.change(anew=(*self.head.anew, Anew(going.start_ms, going.end_ms, stored_ms)))
        self.refresh(going.start_ms, going.end_ms)

    def _of(self, numbers: Iterable[int]) -> list[Rows]:
        return [standing.as_stored(self._leaf(number), self.head.anew) for number in numbers]

    @property
    def _numbers(self) -> set[int]:
        return set(self.head.index["number"].tolist())

    def _leaf_key(self, number: int) -> bytes:
        return self._key + b"/%d" % number

    def _leaf(self, number: int) -> Rows:
        if number not in self._leaves:
            self._leaves[number] = rows_of(self._states.get(self._leaf_key(number)) or b"")
        return self._leaves[number]

    def _roomy(self, count: int) -> int:
        """The leaf that the next rows go into."""
        newest = self.head.index[self.head.index["number"] == self.head.newest]
        has_room = len(newest) and newest["segments"][0] + count <= LEAF_ROWS
        return self.head.newest if has_room else standing.free_number(self.head.index)

    def _take_out(self, starts: Ints) -> None:
        """No leaf holds segments of these starts."""
        for number in standing.holding(self.head.index, starts):
            if among(self._leaf(number), starts).any():
                self._write(number, without(self._leaf(number), starts))

    def _write(self, number: int, rows: Rows) -> None:
        self._leaves[number] = rows
        self._written.add(number)
        self._say([number])

    def _say(self, numbers: list[int]) -> None:
        """The head's entries of these leaves anew."""
        index: Leaves = self.head.index
        others = index[~one_of(index["number"], np.array(numbers))]
        entries = (standing.leaf(number, self._leaf(number), self.head).tobytes() for number in numbers)
        self.change(leaves=others.tobytes() + b"".join(entries))
