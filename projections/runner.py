"""The projections service: one worker for every generation that is building or live, until told to stop."""

import gc
from collections.abc import Iterable

from infra import journal, program
from infra.clickhouse import Database, DatabaseUnavailable
from infra.clock import monotonic_s
from infra.deadletter import BrakeEngaged
from infra.kafka import KafkaLog, ensure_topics
from infra.log import FactLog
from infra.settings import Settings
from projections import registry
from projections.generations.store import RUNNING, Generation, Generations
from projections.letters import RebuildStopped
from projections.metrics import Metrics
from projections.policy import Stall
from projections.spec import Projection
from projections.worker import Worker

GC_THRESHOLD = (50_000, 20, 100)
"""A batch holds 10^5 small objects without a cycle; looking for cycles among them was a quarter of the CPU."""
_LOOK_S = 1.0
_REST_S = 30.0
"""How long a braked consumer rests before it tries again: the letters say why, the others go on."""
_STOP_S = 20.0

Key = tuple[str, int]


class Stuck(RuntimeError):
    """A worker has facts to read, reads none and knows no reason. The process must be started anew."""


def run(settings: Settings) -> None:
    """Keep every projection up to date; returns after SIGTERM or SIGINT with everything written.

    Raises what only a new start can mend: a bug in a worker, or Stuck.
    """
    stop, beat = program.begin(settings)
    gc.set_threshold(*GC_THRESHOLD)
    ensure_topics(settings)
    log = KafkaLog(settings, client_id="projections")
    runner = Runner(settings, log, Metrics())
    try:
        while not stop.is_set():
            runner.look()
            beat.touch()
            stop.wait(_LOOK_S)
    finally:
        runner.stop()
        log.close()


class Runner:
    """The workers of this process, brought in line with the generations table by every ``look``."""

    def __init__(
        self,
        settings: Settings,
        log: FactLog,
        metrics: Metrics,
        projections: Iterable[Projection] = registry.ALL,
        stall: Stall | None = None,
    ) -> None:
        self._settings = settings
        self._log = log
        self._metrics = metrics
        self._projections = {projection.name: projection for projection in projections}
        self._generations = Generations(settings, Database(settings))
        self._stall = stall or Stall()
        self._workers: dict[Key, Worker] = {}
        self._resting: dict[Key, float] = {}
        self._prepared = False
        self._journal = journal.get("projections")

    def look(self) -> None:
        """Start, stop and judge workers once. The database away: they hold by themselves, nothing changes."""
        self._judge()
        try:
            if not self._prepared:
                self._prepare()
            self._follow(self._generations.all())
            self._set_barriers()
        except DatabaseUnavailable as gone:
            self._journal.warning("waiting", reason=str(gone))
        for worker in self._workers.values():
            worker.report()

    def stop(self) -> None:
        """End every worker; each writes what it has read."""
        for worker in self._workers.values():
            worker.stop()
        deadline = monotonic_s() + _STOP_S
        for worker in self._workers.values():
            worker.join(max(0.0, deadline - monotonic_s()))

    def _prepare(self) -> None:
        """Make sure that every projection has a live generation and that the public names show it."""
        self._generations.prepare()
        for projection in self._projections.values():
            live = self._generations.live(projection.name) or self._generations.start(projection, "live")
            self._generations.create_tables(projection, live.number)
            self._generations.publish(projection, live.number)
            if live.shape != projection.shape():
                self._journal.warning(
                    "table shape changed",
                    projection=projection.name,
                    advice=f"run `sightlog rebuild {projection.name}`",
                )
        self._prepared = True

    def _follow(self, generations: list[Generation]) -> None:
        wanted = {(one.projection, one.number): one for one in generations if one.state in RUNNING}
        for key in [key for key in self._workers if key not in wanted]:
            self._workers[key].stop()
            if self._workers[key].join(0):
                del self._workers[key]
        for key, generation in wanted.items():
            running = self._workers.get(key)
            if running and running.generation.state != generation.state:
                running.stop()  # it went live: letters are sent from now on; started anew by the next look
                if running.join(0):
                    del self._workers[key]
            elif not running and key[0] in self._projections and self._is_rested(key):
                self._start(key, generation)

    def _start(self, key: Key, generation: Generation) -> None:
        worker = Worker(self._settings, self._projections[key[0]], generation, self._log, self._metrics)
        self._workers[key] = worker
        worker.start()
        self._journal.info("reading", projection=key[0], generation=key[1], state=generation.state)

    def _set_barriers(self) -> None:
        barriers = self._generations.barriers()
        for (projection, number), worker in self._workers.items():
            held = barriers.get(projection)
            worker.loop.barrier = held
            if held and worker.loop.obeyed == held.mark != worker.told_mark:
                self._generations.obey(projection, number, held.mark)
                worker.told_mark = held.mark

    def _is_rested(self, key: Key) -> bool:
        return monotonic_s() >= self._resting.get(key, 0.0)

    def _judge(self) -> None:
        """Take away workers that ended; raise what only a new process can mend."""
        for key, worker in list(self._workers.items()):
            if worker.failure is not None:
                del self._workers[key]
                self._bury(key, worker, worker.failure)
            elif self._is_stuck(worker):
                raise Stuck(f"{key[0]} v{key[1]} has {worker.loop.lag} facts to read and has written none for 30 s")

    def _bury(self, key: Key, worker: Worker, failure: BaseException) -> None:
        if isinstance(failure, BrakeEngaged):
            self._resting[key] = monotonic_s() + _REST_S
            self._journal.error("brake", projection=key[0], reason=str(failure), rests_s=_REST_S)
        elif worker.generation.state == "building":
            reason = str(failure) if isinstance(failure, RebuildStopped) else f"{type(failure).__name__}: {failure}"
            self._generations.move(worker.generation, "failed", reason)
            self._journal.error("rebuild stopped", projection=key[0], generation=key[1], reason=reason)
        else:
            raise failure

    def _is_stuck(self, worker: Worker) -> bool:
        loop = worker.loop
        idle = bool(loop.waiting or loop.barrier)
        return self._stall.is_stuck(loop.lag, idle, loop.progress_ms, int(monotonic_s() * 1000))
