"""A thread that keeps one generation of one projection up to date."""

import threading
from collections import defaultdict
from collections.abc import Mapping

from confluent_kafka import Consumer

from infra.clickhouse import Database
from infra.deadletter import Brake
from infra.kafka import consumer_config, topic_name
from infra.log import FactLog
from infra.settings import Settings
from projections.batch import Batch, Place
from projections.generations.checkpoints import Checkpoints
from projections.generations.store import Generation, Generations
from projections.letters import KnownLetters, Letters
from projections.loop import Loop, consumer_settings
from projections.metrics import Metrics
from projections.policy import FlushPolicy
from projections.sink import Sink
from projections.spec import Projection
from projections.standing import Standing, sum_up


class Worker:
    """Runs a ``Loop`` in its own thread. ``failure`` is what ended it, when it was not ``stop``."""

    def __init__(
        self, settings: Settings, projection: Projection, generation: Generation, log: FactLog, metrics: Metrics
    ) -> None:
        self.generation = generation
        self.failure: BaseException | None = None
        self._labels = (projection.name, str(generation.number))
        self._metrics = metrics
        self._stopping = threading.Event()
        self._letters = Letters(log, projection.consumer, Brake(settings.brake_letters))
        self._reported = 0
        self.told_mark = 0
        """The barrier that the database knows it obeys."""
        self.loop = self._loop(settings, projection, generation)
        self._thread = threading.Thread(target=self._run, name="-".join(self._labels), daemon=True)

    def start(self) -> None:
        """Begin reading."""
        self._thread.start()

    def stop(self) -> None:
        """Ask it to write what it has and end; does not wait."""
        self._stopping.set()

    def join(self, timeout_s: float) -> bool:
        """True when it has ended within ``timeout_s``."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    @property
    def is_alive(self) -> bool:
        """False once its thread has ended."""
        return self._thread.is_alive()

    def report(self) -> None:
        """Bring lag, watermark and waiting of the metrics up to date."""
        self._metrics.waiting.labels(*self._labels).set(bool(self.loop.waiting))
        for topic, (lag, watermark_ms) in by_topic(self.loop.standing).items():
            self._metrics.lag.labels(*self._labels, topic).set(lag)
            self._metrics.watermark.labels(*self._labels, topic).set(watermark_ms)

    def _run(self) -> None:
        try:
            self.loop.run()
        except Exception as failure:  # noqa: BLE001 - handed to the runner, which decides who must stop
            self.failure = failure

    def _loop(self, settings: Settings, projection: Projection, generation: Generation) -> Loop:
        database = Database(settings)
        db = Generations(settings, database).database_of(projection.name, generation.number)
        names = {topic_name(settings, topic): topic for topic in projection.topics}
        known = KnownLetters(database, settings.database, projection.consumer)
        refusals = known if generation.state == "building" else self._letters
        checkpoints = Checkpoints(database, db)
        config = consumer_config(settings, projection.group(generation.number), **consumer_settings())
        return Loop(
            consumer=Consumer(config),
            names=names,
            new_batch=lambda: Batch(projection, names, refusals.refuse),
            sink=Sink(projection, db, database, checkpoints, refusals),
            checkpoints=checkpoints,
            refusals=refusals,
            policy=FlushPolicy(settings.flush_rows, settings.flush_bytes, settings.flush_ms),
            stopping=self._stopping.is_set,
            wrote=self._wrote,
        )

    def _wrote(self, rows: int, batch: Batch, seconds: float) -> None:
        self._metrics.rows.labels(*self._labels).inc(rows)
        self._metrics.facts.labels(*self._labels).inc(len(batch.messages))
        self._metrics.batches.labels(*self._labels).inc()
        self._metrics.seconds.labels(*self._labels).observe(seconds)
        self._metrics.letters.labels(*self._labels).inc(self._letters.written - self._reported)
        self._reported = self._letters.written


def by_topic(standing: Mapping[Place, Standing]) -> dict[str, Standing]:
    """Topic → its partitions summed up."""
    topics: defaultdict[str, list[Standing]] = defaultdict(list)
    for (topic, _partition), one in standing.items():
        topics[topic].append(one)
    return {topic: sum_up(found) for topic, found in topics.items()}
