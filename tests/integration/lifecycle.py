"""Workers of the lifecycle under test, saves for them, and what an undisturbed fold of the same saves would tell."""

import contextlib
import random
import secrets
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from confluent_kafka import Consumer, KafkaException, TopicPartition

from infra.kafka import KafkaLog, consumer_config, end_offsets, ensure_topics, read_topic, topic_name
from infra.log import LogUnavailable
from infra.settings import Settings, child_environment
from processors.episodes.agent import processor
from schemas import codec, ids
from schemas.episode import EpisodeRecord, Originator
from schemas.errors import BadFact
from schemas.facts import ClockTicked, EpisodeSaved
from tests.folded import StatesInMemory

BEGAN_MS = 1_767_225_600_000
WORKER = (
    "from infra import settings, journal; from processors import worker; from processors.episodes import agent\n"
    "s = settings.load(); journal.setup(s); worker.run(s, agent.processor(s))"
)
Episode = tuple[str, int]
Told = dict[Episode, list[bytes]]
"""Episode → everything told of it, in order, each thing once."""


def alone_on(stack: Settings) -> Settings:
    """The shared servers with topics of its own."""
    own = stack.model_copy(update={"topic_prefix": f"l{secrets.token_hex(3)}."})
    ensure_topics(own)
    return own


def save(chance: random.Random, number: int, episodes: int) -> EpisodeSaved:
    """A save of one of some episodes: most grow, some are late, repeat, move their start, close, or close again."""
    which = chance.randrange(episodes)
    opened, step = BEGAN_MS + which * 1000, number * 10
    record = EpisodeRecord(
        episode_id=(1 << 63) + which, media=f"camera-{which % 17}", title=f"number {number}",
        opened_at=opened + (chance.random() < 0.03),
        updated_at=opened + chance.choice((step, step, step, step, step // 2, 10)),
        closed_at=opened + chance.choice((-5, 5000, 5000, 6000)) if chance.random() < 0.1 else None,
        originator=Originator(source="motion_detector" if which % 5 == 0 else "api"),
    )  # fmt: skip
    at_ms = BEGAN_MS + number
    return EpisodeSaved(
        media=record.media, observed_ms=at_ms, save_id=ids.derived("episodes", 0, number, at_ms), record=record,
        src_partition=0, src_offset=number,
    )  # fmt: skip


def tick(partition: int, after_ms: int) -> ClockTicked:
    """Time on one partition, so long after the saves began."""
    return ClockTicked(partition=partition, observed_ms=BEGAN_MS + after_ms)


class Saves:
    """Appends saves, the same ones for the same seed."""

    def __init__(self, settings: Settings, seed: int, episodes: int) -> None:
        self._log = KafkaLog(settings, "test")
        self._partitions = settings.partitions
        self._chance = random.Random(seed)
        self._episodes = episodes
        self.count = 0

    def append(self, count: int) -> None:
        """So many more, acknowledged; a tick on every partition after them."""
        for number in range(self.count, self.count + count):
            self._log.append(save(self._chance, number, self._episodes))
        self.count += count
        for partition in range(self._partitions):
            self._log.append(tick(partition, self.count), partition=partition)
        assert self._log.flush(120) == 0

    def poison(self, key: bytes | None, value: bytes | None) -> None:
        """A record that no reader can use."""
        self._log.append_raw("episode-saves", key, value).result(60)

    def silence(self) -> None:
        """So much time passes that every open episode of our own must be closed."""
        for partition in range(self._partitions):
            self._log.append(tick(partition, 10_000_000), partition=partition).result(60)

    def close(self) -> None:
        self._log.close()


def undisturbed(settings: Settings) -> Told:
    """What an offline fold of everything on ``episode-saves`` tells."""
    fold = processor(settings).fold
    states: defaultdict[int, StatesInMemory] = defaultdict(StatesInMemory)
    told: defaultdict[Episode, list[bytes]] = defaultdict(list)
    for record in read_topic(settings, "episode-saves"):
        with contextlib.suppress(BadFact):
            for output in fold(codec.decode("episode-saves", record.value), states[record.partition]):
                told[output.media, output.episode_id].append(codec.encode(output))
    return dict(told)


def told(settings: Settings) -> Told:
    """What stands on ``episode-changes``, repeats left out; fails when a repeat differs from what it repeats."""
    first: dict[tuple[str, ...], bytes] = {}
    found: defaultdict[Episode, list[bytes]] = defaultdict(list)
    for record in read_topic(settings, "episode-changes"):
        fact = codec.decode("episode-changes", record.value)
        assert record.value is not None
        identity = (type(fact).__name__, *codec.identity(fact))
        if identity not in first:
            first[identity] = record.value
            found[fact.media, fact.episode_id].append(record.value)
        assert first[identity] == record.value, f"{identity} was told twice, and not alike"
    return dict(found)


def letters(settings: Settings) -> list[tuple[object, ...]]:
    """What each dead letter is about; a record that was read again, and lettered again, is told once."""
    facts = [codec.decode(record.topic, record.value) for record in read_topic(settings, "dead-letters")]
    return list(dict.fromkeys(codec.identity(fact) for fact in facts))


def is_done(settings: Settings, group: str = "processor-episodes-v1") -> bool:
    """True once the group has committed everything that stands on ``episode-saves``."""
    done = committed(settings, group)
    try:
        return bool(done) and done == end_offsets(settings, "episode-saves")
    except LogUnavailable:  # as in ``committed``
        return False


def committed(settings: Settings, group: str = "processor-episodes-v1") -> dict[int, int]:
    """Partition → the next offset that the group would read."""
    name = topic_name(settings, "episode-saves")
    consumer = Consumer(consumer_config(settings, group))
    try:
        asked = [TopicPartition(name, partition) for partition in end_offsets(settings, "episode-saves")]
        return {at.partition: max(at.offset, 0) for at in consumer.committed(asked, timeout=10)}
    except (KafkaException, LogUnavailable):  # the broker has been hurt and is not back yet
        return {}
    finally:
        consumer.close()


class Worker:
    """One worker process; several share a data folder and take a place of their own in it."""

    def __init__(self, settings: Settings, data: Path, name: str = "worker", **more: str) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self.journal = data / f"{name}.log"
        environment = settings.as_environment() | {"SIGHTLOG_DATA": str(data)} | more
        with self.journal.open("ab") as journal:
            self._began = journal.tell()
            self.process = subprocess.Popen([sys.executable, "-c", WORKER], env=child_environment(environment),
                                            stdout=journal, stderr=journal)  # fmt: skip

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM; the exit code. A process that was still importing modules has no say in how it ends."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(120)
        was_running = self.journal.stat().st_size > self._began
        return 0 if code == -signal.SIGTERM and not was_running else code

    def said(self) -> str:
        return self.journal.read_text()


@contextlib.contextmanager
def workers(settings: Settings, data: Path, count: int) -> Iterator[Sequence[Worker]]:
    """So many workers, stopped at the end; each must end well."""
    running = [Worker(settings, data, f"worker-{number}") for number in range(count)]
    try:
        yield running
        assert [worker.stop() for worker in running] == [0] * count, running[0].said()
    finally:
        for worker in running:
            worker.process.kill()
