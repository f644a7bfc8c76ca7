"""A worker: one process that runs one processor until it is told to stop, or until only a new start can mend it."""

import asyncio
import gc
import os
import threading
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from faust.types import TP

from infra import health, journal, program
from infra.clock import monotonic_s
from infra.deadletter import Brake
from infra.kafka import KafkaLog, begin_offsets, end_offsets, group_members, topic_name
from infra.log import FactLog, LogUnavailable
from infra.settings import Settings
from processors import app as apps
from processors import recovery, said
from processors.changelog import Changelog
from processors.folder import own_folder
from processors.memory import Memory
from processors.metrics import Metrics
from processors.spec import Processor
from processors.store import Store
from processors.stream import Stream
from processors.taker import Taker
from processors.watch import Watch, lag

GC_THRESHOLD = (50_000, 20, 100)
"""A batch holds 10^4 small objects without a cycle; looking for cycles among them would cost more than the fold."""
DELIVERY_MS = 86_400_000
"""The log itself tries for so long, and in order: a broker that is away for an hour fails no batch."""
_LOOK_S, _WATCH_S, _STOP_S = 0.2, 5.0, 20.0


def run(settings: Settings, processor: Processor, beside: Callable[[], None] = lambda: None) -> None:
    """Take the facts of the processor's source; returns after SIGTERM or SIGINT, the batch in hand taken.

    ``beside`` is called a few times a second; it raises when something else of this process has failed. A broker that
    is away is waited for. What only a new start can mend ends the process with a line that says what.
    """
    stop, beat = program.begin(settings)
    gc.set_threshold(*GC_THRESHOLD)
    said.through_journal()
    with ExitStack() as held:
        folder = held.enter_context(own_folder(settings.data / "processors" / processor.consumer))
        log = KafkaLog(settings, client_id=processor.consumer, delivery_timeout_ms=DELIVERY_MS)
        held.callback(log.close)
        if (changelog := _changelog(settings, processor, log, beat, stop)) is None:
            return
        memory = Memory(processor.consumer, Store(folder, changelog.id), changelog)
        held.callback(memory.close)
        make = partial(Worker, settings, processor, folder, log, memory)
        asyncio.run(_live(make, beat, beside, stop))


def _changelog(
    settings: Settings, processor: Processor, log: FactLog, beat: health.Beat, stop: threading.Event
) -> Changelog | None:
    """The changelog, once the broker answers for its topics; None: told to stop before."""
    while not stop.is_set():
        try:
            return Changelog(settings, processor, log)
        except (LogUnavailable, TimeoutError) as gone:
            journal.get(processor.consumer).warning("waiting", reason=str(gone))
            beat.touch()
            stop.wait(1)
    return None


async def _live(
    make: Callable[[], "Worker"], beat: health.Beat, beside: Callable[[], None], stop: threading.Event
) -> None:
    worker = make()  # here, because Faust ties itself to the loop that it finds
    try:
        worker.start()
        while not stop.is_set():
            worker.judge()
            beside()
            beat.touch()
            await asyncio.sleep(_LOOK_S)
        await worker.stop()
    except Exception as failure:  # noqa: BLE001 - told, and the process is left before Faust can acknowledge anything
        worker.leave(f"{type(failure).__name__}: {failure}")


class Worker:
    """One Faust app with one agent, its states, and the watch over them."""

    def __init__(self, settings: Settings, processor: Processor, folder: Path, log: FactLog, memory: Memory) -> None:
        self._settings = settings
        self._processor = processor
        self._memory = memory
        self._metrics = Metrics(processor.consumer)
        self._journal = journal.get(processor.consumer)
        self._topic = topic_name(settings, processor.source.name)
        brake = Brake(settings.brake_letters)
        self._taker = Taker(processor, log, memory, brake, self._metrics, settings.leave_out)
        self._app = apps.build(settings, processor, folder)
        self._stream = Stream(self._app, processor, self._topic, self._taker.take)
        recovery.set_load(self._app, self._load)
        self._partitions: set[int] = set()
        self._loaded = 0
        self._loading: asyncio.Task[None] | None = None
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin: join the group, load, read. Does not wait for any of it."""
        self._tasks = [asyncio.create_task(self._app.start()), asyncio.create_task(self._watch())]

    def judge(self) -> None:
        """Raises what has ended the app, the agent or the watch."""
        if self._stream.failure is not None:
            raise self._stream.failure
        if self._app.crashed:
            raise self._app.crash_reason or RuntimeError("Faust has crashed and gives no reason")
        for task in self._tasks:
            if task.done():
                task.result()

    async def stop(self) -> None:
        """Finish the batch in hand, commit and leave the group; a batch that cannot be finished is left for later."""
        for task in self._tasks:
            task.cancel()
        try:
            await asyncio.wait_for(self._app.stop(), _STOP_S)
        except TimeoutError:
            self.leave("a batch could not be finished; it will be taken again")

    def leave(self, reason: str) -> None:
        """End the process now. What was taken and not committed is taken again, and told with the same ids."""
        self._journal.error("left", reason=reason)
        os._exit(1)

    async def _load(self) -> None:
        """The states of the partitions that are ours now; called with the flow of records at a stand."""
        if self._loading is not None:
            await asyncio.wait({self._loading})
        assigned = {tp.partition for tp in self._app.consumer.assignment() if tp.topic == self._topic}
        self._stream.forget()
        self._partitions = assigned
        self._metrics.partitions.set(len(assigned))
        is_stopped = threading.Event()
        self._loading = asyncio.create_task(asyncio.to_thread(self._load_now, assigned, is_stopped))
        try:
            await asyncio.shield(self._loading)
        finally:
            is_stopped.set()

    def _load_now(self, partitions: set[int], is_stopped: threading.Event) -> None:
        began_s, before = monotonic_s(), self._loaded
        self._metrics.loading.set(1)
        while not is_stopped.is_set():
            try:
                self._memory.load(partitions, is_stopped.is_set, self._count)
                break
            except (LogUnavailable, TimeoutError) as gone:
                self._journal.warning("waiting to load", reason=str(gone))
                is_stopped.wait(_WATCH_S)
        self._metrics.loading.set(0)
        took_s, states = round(monotonic_s() - began_s, 1), self._loaded - before
        self._journal.info("reading", partitions=len(partitions), states_loaded=states, seconds=took_s)

    def _count(self, states: int) -> None:
        self._loaded += states
        self._metrics.loaded.inc(states)

    async def _watch(self) -> None:
        """Looks for ever; ends only with Stuck."""
        watch = Watch(monotonic_s())
        while True:
            await asyncio.sleep(_WATCH_S)
            try:
                behind, members = await asyncio.to_thread(self._ask_broker)
            except (LogUnavailable, TimeoutError) as gone:
                self._journal.warning("waiting", reason=str(gone))
                self._metrics.waiting.set(1)
                watch.excuse(monotonic_s())
                continue
            self._metrics.waiting.set(0)
            self._metrics.lag.set(behind)
            watch.look(self._taker.taken + self._loaded, behind, members, monotonic_s())

    def _ask_broker(self) -> tuple[int, int]:
        """Lag of our partitions, and how many workers the group has."""
        source = self._processor.source.name
        begins, ends = begin_offsets(self._settings, source), end_offsets(self._settings, source)
        spans = {partition: (begins[partition], ends[partition]) for partition in ends}
        positions = {partition: self._position(partition) for partition in self._partitions}
        return lag(spans, positions), group_members(self._settings, self._processor.consumer)

    def _position(self, partition: int) -> int:
        """The next offset to be taken."""
        known = self._stream.next_offsets.get(partition)
        return self._app.consumer.committed(TP(self._topic, partition)) or 0 if known is None else known
