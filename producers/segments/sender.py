"""Drains the spool: object stored → fact acknowledged → entry settled. In order per media, fair between media."""

import threading
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout

from infra import journal
from infra.clock import monotonic_s
from infra.log import FactLog, LogUnavailable, Position
from infra.objects import ObjectStore, StoreRefused, StoreUnavailable
from infra.spool import Entry, Lane, Spool
from producers.segments import rules
from producers.segments.linger import Linger
from schemas import codec, topics
from schemas.errors import BadFact
from schemas.facts import RecordingGap, SegmentRecorded

BATCH = 8
"""Entries of one media sent before the next media has its turn."""
_IDLE_S = 0.2
_ACK_S = 150.0
_LEAST_RETRY_S, _MOST_FAILURES = 1.0, 5

_log = journal.get("recorder.sender")


class Sender:
    """A few threads that empty the lanes of a spool for as long as it runs."""

    def __init__(self, spool: Spool, store: ObjectStore, facts: FactLog, threads: int = 3) -> None:
        self._spool, self._store, self._facts = spool, store, facts
        self._busy: set[str] = set()
        self._turn = 0
        self._has_bucket = False
        self._lock = threading.Lock()
        self._stopping, self._draining = threading.Event(), threading.Event()
        self._failures = 0
        self._linger = Linger(spool, store)
        self._linger.start()
        self._threads = [threading.Thread(target=self._work, name=f"sender-{n}", daemon=True) for n in range(threads)]
        for thread in self._threads:
            thread.start()

    def stop(self, timeout_s: float) -> None:
        """Send what can be sent in this time. The rest stays in the spool for the next start."""
        self._draining.set()
        self._linger.stop(0.1)
        deadline = monotonic_s() + timeout_s
        for thread in self._threads:
            thread.join(max(0.0, deadline - monotonic_s()))
        self._stopping.set()

    def _work(self) -> None:
        while not self._stopping.is_set():
            lane = self._next_lane()
            if lane is None:
                if self._draining.is_set():
                    return
                self._stopping.wait(_IDLE_S)
                continue
            try:
                self._send(lane)
                self._failures = 0
            except (StoreUnavailable, StoreRefused, LogUnavailable, FutureTimeout, OSError) as error:
                lane.release()
                self._pause(lane, error)
            finally:
                with self._lock:
                    self._busy.discard(lane.name)

    def _next_lane(self) -> Lane | None:
        """A lane with entries that no other thread is at, in turn; now marked busy."""
        lanes = self._spool.lanes()
        with self._lock:
            for step in range(len(lanes)):
                lane = lanes[(self._turn + step) % len(lanes)]
                if lane.name not in self._busy and lane.entries:
                    self._turn += step + 1
                    self._busy.add(lane.name)
                    return lane
        return None

    def _send(self, lane: Lane) -> None:
        """Send a batch. Facts are appended in order, each after its object is stored; then all are awaited."""
        if not self._has_bucket:
            self._store.ensure_bucket()
            self._has_bucket = True
        sent: list[tuple[Entry, Future[Position]]] = []
        try:
            for entry in lane.take(BATCH):
                if (fact := _fact_of(lane, entry)) is None:
                    continue
                if isinstance(fact, SegmentRecorded) and entry.blob:
                    self._store.put(fact.object_key, entry.blob, "video/mp4", {"sha256": fact.sha256})
                sent.append((entry, self._facts.append(fact)))
                if _has_failed(sent[-1][1]):
                    break  # the broker may be back at any moment: no later fact shall overtake this one
        finally:
            for entry, acknowledged in sent:
                acknowledged.result(timeout=_ACK_S)
                if entry.blob:
                    lane.settle(entry)
                else:
                    lane.remove(entry)
        lane.release()

    def _pause(self, lane: Lane, error: Exception) -> None:
        """Say it once per outage, then wait longer and longer."""
        if self._failures == 0 and not self._stopping.is_set():
            _log.warning("cannot send; footage waits in the spool", media=lane.name, error=error)
        self._failures = min(self._failures + 1, _MOST_FAILURES)
        self._stopping.wait(max(_LEAST_RETRY_S, rules.backoff_s(self._failures, 0.5)))


def _has_failed(acknowledged: Future[Position]) -> bool:
    """True when the broker refused it already; False while nobody knows."""
    return acknowledged.done() and acknowledged.exception() is not None


def _fact_of(lane: Lane, entry: Entry) -> SegmentRecorded | RecordingGap | None:
    """The fact in the entry's note. A spoilt note (a broken disk) is set aside, or it would block all that follow."""
    try:
        fact: SegmentRecorded | RecordingGap = codec.decode(topics.SEGMENTS.name, entry.note.read_bytes())
    except BadFact as error:
        _log.error("a note in the spool cannot be read; set aside", media=lane.name, file=entry.note.name, error=error)
        lane.set_aside(entry)
        return None
    return fact
