"""Locks of people as legal holds in the store: on while a range with a lock touches the segment, off again after.

What stands on an object follows from the tables alone. A change of ranges is carried out once the tables have it and
all footage recorded before it; footage is looked at as it comes, with the locks of that moment. So whichever is first,
the later one finds the other, and carrying out either again ends alike.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Protocol

from infra import journal
from infra.clickhouse import DatabaseError, DatabaseUnavailable
from infra.clock import monotonic_s
from infra.following import usable
from infra.log import LogUnavailable, Record
from infra.loop import Stopped
from infra.objects import ObjectMissing, ObjectStore, StoreRefused, StoreUnavailable
from projections.effects.orders import Orders, rest
from projections.policy import Backoff
from projections.protected_ranges.reads import StoredRange
from projections.segments.reads import StoredSegment
from schemas import topics
from schemas.facts import RangeProtected, RangeReleased, SegmentRecorded
from schemas.intervals import Span, intersect, union

GROUP = "effect-hold-objects"
"""Carries no version and is never rewound."""
READ = (topics.PROTECTIONS, topics.SEGMENTS)
_PIECE, _FEW = 500, 400
_LOOK_S, _AT_MOST_S = 0.2, 1.0
_AWAY, _FORBIDDEN = Backoff(0.5, 5.0), Backoff(5.0, 60.0)

_log = journal.get("effects.holds")
Offsets = Mapping[int, int]


class Known(Protocol):
    """What the tables know; ``Tables`` is one. Raises DatabaseUnavailable, LogUnavailable."""

    def lock_spans(self) -> Mapping[str, Sequence[Span]]:
        """Camera → where locks of people ever were."""

    def within(self, media: str, span: Span) -> Sequence[StoredRange]:
        """Ranges of a camera that reach into ``span``, by start."""

    def each(self, media: str, span: Span) -> Iterator[StoredSegment]:
        """Segments of a camera that reach into ``span``, by start."""

    def ends(self, topic: str) -> Offsets:
        """Where a topic ends now."""

    def has_read(self, topic: str, ends: Offsets) -> bool:
        """True when everything of a topic before ``ends`` is in the tables."""


class HoldObjects:
    """One process's part in putting holds on objects and taking them off."""

    def __init__(self, orders: Orders, known: Known, store: ObjectStore, stopping: threading.Event) -> None:
        self._orders, self._known, self._store, self._stopping = orders, known, store, stopping

    def run(self) -> None:
        """Until told to stop."""
        try:
            while not self._stopping.is_set():
                self.turn()
        except Stopped:
            _log.info("stopped with changes uncommitted; they are taken again")
        finally:
            self._orders.close()

    def turn(self) -> None:
        """Take what has come and carry it out, however long that takes. Raises Stopped."""
        records, began_s = self._orders.take(), monotonic_s()
        tries = 0
        while ours := [record for record in records if self._orders.is_ours(record)]:
            try:
                self._carry_out(ours)
                self._orders.done(ours)
                break
            except (StoreUnavailable, DatabaseUnavailable, DatabaseError, LogUnavailable) as away:
                self._wait(str(away), _AWAY.wait_s(tries), tries)
            except StoreRefused as refused:
                self._wait(str(refused), _FORBIDDEN.wait_s(tries), tries)
            tries += 1
        if 0 < len(records) < _FEW:  # footage comes all the time: look at a second of it at once
            self._rest(max(0.0, _AT_MOST_S - (monotonic_s() - began_s)))

    def _carry_out(self, records: Sequence[Record]) -> None:
        changed: dict[str, list[Span]] = {}
        fresh: list[SegmentRecorded] = []
        said: dict[int, int] = {}
        for record, fact in usable(records, "effects.holds"):
            if isinstance(fact, RangeProtected | RangeReleased):
                changed.setdefault(fact.media, []).append(Span(fact.start_ms, fact.end_ms))
                said[record.partition] = record.offset + 1
            elif isinstance(fact, SegmentRecorded):
                fresh.append(fact)
        self._until(lambda: self._known.has_read("protections", said))
        locked = self._known.lock_spans()
        touched = {name: found for name, spans in changed.items() if (found := intersect(spans, locked.get(name, ())))}
        if touched:
            ends = self._known.ends("segments")
            self._until(lambda: self._known.has_read("segments", ends))
        for name, spans in touched.items():
            for span in spans:
                self._mind(name, self._known.each(name, span))
        self._mind_fresh(fresh, locked)

    def _mind(self, media: str, segments: Iterable[StoredSegment]) -> None:
        """Put the hold on these as the ranges of now say, or take it off."""
        left = iter(segments)
        while piece := list(islice(left, _PIECE)):
            whole = Span(piece[0].start_ms, max(one.end_ms for one in piece))
            held = self._held(media, whole)
            for one in piece:
                self._hold(one.object_key, _touches(held, Span(one.start_ms, one.end_ms)))
            self._rest(0.0)

    def _mind_fresh(self, facts: Iterable[SegmentRecorded], locked: Mapping[str, Sequence[Span]]) -> None:
        """Put the hold on footage that comes where a lock is. It has none, so there is none to take off."""
        for fact in facts:
            span = Span(fact.start_ms, fact.end_ms)
            if _touches(locked.get(fact.media, ()), span) and _touches(self._held(fact.media, span), span):
                self._hold(fact.object_key, True)

    def _held(self, media: str, span: Span) -> list[Span]:
        """What ranges with a lock cover of a span now, and more."""
        ranges = self._known.within(media, span)
        return union(one.span for one in ranges if any(hold.kind == "lock" for hold in one.holds))

    def _hold(self, key: str, is_held: bool) -> None:
        try:
            self._store.hold(key, is_held)
        except ObjectMissing:
            _log.debug("nothing to hold", key=key)  # deleted meanwhile, or its recorder is about to put it again

    def _until(self, is_read: Callable[[], bool]) -> None:
        """Wait for the tables. Raises Stopped."""
        while not is_read():
            self._rest(_LOOK_S)

    def _wait(self, why: str, seconds: float, tries: int) -> None:
        if not tries:
            _log.warning("legal holds wait", reason=why)
        self._rest(seconds)

    def _rest(self, seconds: float) -> None:
        rest(self._orders, seconds, lambda: not self._stopping.is_set())


def _touches(spans: Iterable[Span], one: Span) -> bool:
    return any(other.start_ms < one.end_ms and other.end_ms > one.start_ms for other in spans)
