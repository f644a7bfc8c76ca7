"""One process that looks at footage: ``python -m processors.motion.entry.eye``. Takes orders, gives verdicts.

Strangers' pictures meet decoders written in C here, so it may end at any time; whoever started it knows what it read.
"""

import os
import queue
import signal
import sys
import threading
from collections.abc import Iterable, Mapping
from typing import BinaryIO

from infra import journal, piped
from infra.allowance import Allowance
from infra.clock import cpu_s
from infra.objects import ObjectMissing, ObjectStore, StoreRefused, StoreUnavailable
from infra.settings import Settings
from processors.motion.detector import Bytes, Detector, Found, Task
from processors.motion.entry import messages
from processors.motion.entry.messages import Absent, Answer, Away, Judged, Order, Reading, Ready, Window
from processors.motion.entry.watched import Watched
from processors.pictures.shown import TYPE, key_of
from schemas import codec, topics
from schemas.facts import SegmentRecorded

BYTES_PER_PIXEL = 32
"""A decoder keeps up to 16 pictures of the largest size to predict from, 1.5 bytes a pixel; and ours."""
_log = journal.get("motion.eye")


class Sink:
    """Where answers go."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out

    def say(self, answer: Answer) -> None:
        """Tell whoever started us."""
        self._out.write(piped.framed(messages.encode(answer)))
        self._out.flush()


class Eye:
    """Judges one segment after the other."""

    def __init__(self, detectors: Mapping[str, Detector], footage: Watched, store: ObjectStore, sink: Sink) -> None:
        self._detectors, self._footage, self._store, self._sink = detectors, footage, store, sink
        self._facts: dict[str, dict[int, SegmentRecorded]] = {}

    def run(self, orders: Iterable[Order]) -> None:
        """Until no more come."""
        self._sink.say(Ready({name: Window(one.epoch_ms, one.warm_ms) for name, one in self._detectors.items()}))
        for order in orders:
            self._sink.say(self._answer(order))

    def _answer(self, order: Order) -> Answer:
        began_s = cpu_s()
        task = self._task(order)
        self._footage.begin(task)
        try:
            found = self._found(order, task)
            preview_key = self._kept(found.preview) if found.preview else None
        except ObjectMissing:
            return Absent(order.number)
        except (StoreUnavailable, StoreRefused) as away:
            return Away(order.number, str(away))
        return Judged(
            order.number, found.verdict, found.level, found.reason, found.spans, found.looks, found.baseline_from_ms,
            preview_key, found.preview_ms if preview_key else None, self._footage.bytes_read,
            cpu_s() - began_s,
        )  # fmt: skip

    def _task(self, order: Order) -> Task:
        """The order with the facts it speaks of; the camera's others are forgotten."""
        known = self._facts.get(order.media, {})
        new = [codec.decode(topics.SEGMENTS.name, value) for value in order.facts]
        known |= {fact.start_ms: fact for fact in new}
        self._facts[order.media] = {start_ms: known[start_ms] for start_ms in (*order.before, order.start_ms)}
        before = tuple(known[start_ms] for start_ms in order.before)
        return Task(known[order.start_ms], before, order.config)

    def _found(self, order: Order, task: Task) -> Found:
        try:
            return self._detectors[order.detector].scan(task, self._footage)
        except (ObjectMissing, StoreUnavailable, StoreRefused, MemoryError):
            raise
        except Exception as bug:  # noqa: BLE001 - footage met our bug: the verdict says so, others go on
            _log.exception("bug", media=order.media, start_ms=order.start_ms)
            return Found("unreadable", "none", f"our detector failed at it: {type(bug).__name__}: {bug}"[:1000])

    def _kept(self, preview: bytes) -> str:
        key = key_of(preview)
        self._store.put(key, preview, TYPE)
        return key


def orders_from(source: BinaryIO) -> Iterable[Order]:
    """Every order, as it comes. The process ends with its input, also in the middle of an order."""
    waiting: queue.SimpleQueue[Order] = queue.SimpleQueue()

    def read() -> None:
        for message in piped.messages(source):
            waiting.put(messages.orders.decode(message))
        os._exit(0)

    threading.Thread(target=read, name="orders", daemon=True).start()
    while True:
        yield waiting.get()


def run(
    settings: Settings, detectors: Mapping[str, Detector], footage: Bytes, store: ObjectStore, niceness: int
) -> None:
    """Judge until the input ends. ``niceness``: how far others go first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(niceness)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no answer
    sink = Sink(out)
    memory_bytes = settings.motion_memory_bytes + settings.motion_pixels * BYTES_PER_PIXEL
    watched = Watched(footage, Allowance(settings.motion_cpu_s, memory_bytes), lambda one: sink.say(Reading(one)))
    try:
        Eye(detectors, watched, store, sink).run(orders_from(sys.stdin.buffer))
    except MemoryError:
        os._exit(messages.OUT_OF_MEMORY)
