"""From topic ``motion`` to topic ``episodes`` on a real broker: crosswise, told again, and with a worker killed."""

import random
import secrets
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec import structs

from infra.kafka import KafkaLog, ensure_topics, read_topic
from infra.settings import Settings, child_environment
from schemas import codec
from schemas.episode import EpisodeRecord
from schemas.facts import SegmentScanned
from tests.integration.recording import wait_for
from tests.motion_facts import Moved, Partition, Recorded, at, last, tick, told_as_they_came, verdicts

WORKER = (
    "from infra import settings, journal; from processors import worker; from processors.motion import agent\n"
    "s = settings.load(); journal.setup(s); worker.run(s, agent.processor(s))"
)
CAMERAS = [f"camera-{number}" for number in range(12)]


@contextmanager
def worker(settings: Settings, data: Path) -> Iterator[subprocess.Popen[bytes]]:
    """One worker of the fold, without eyes; asked to stop at the end, unless somebody has killed it."""
    data.mkdir()
    environment = child_environment(settings.as_environment() | {"SIGHTLOG_DATA": str(data)})
    with (data / "log").open("wb") as journal:
        process = subprocess.Popen([sys.executable, "-c", WORKER], env=environment, stdout=journal, stderr=journal)
    try:
        yield process
        if process.poll() is None:
            process.terminate()
            assert process.wait(120) == 0, (data / "log").read_text()
    finally:
        process.kill()
        process.wait()


def footage(media: str) -> list[SegmentScanned]:
    """Ten minutes of a camera: some motion, most segments cut through it, one hole."""
    chance = random.Random(media)
    moved = [Moved(start, start + chance.randrange(1, 15)) for start in range(7, 600, 20)]
    recorded = [Recorded(n * 6, n * 6 + 6, chance.random() < 0.5) for n in range(100) if n != 50]
    return verdicts(moved, recorded, media)


def crosswise(scans: Sequence[SegmentScanned], chance: random.Random) -> list[SegmentScanned]:
    """Each overtaken by a few of those behind it, and some told again."""
    order = sorted(range(len(scans)), key=lambda number: number + chance.uniform(0, 6))
    again = [number for number in order if chance.random() < 0.1]
    return told_as_they_came([scans[number] for number in (*order, *again)], every_s=0.01)


def test_any_order_on_any_workers_tells_the_episodes_of_the_footage_though_one_is_killed(
    stack: Settings, tmp_path: Path
) -> None:
    own = stack.model_copy(update={"topic_prefix": f"m{secrets.token_hex(3)}."})
    ensure_topics(own)
    chance, log = random.Random(5), KafkaLog(own, "test")
    shuffled = {media: crosswise(footage(media), chance) for media in CAMERAS}
    try:
        with worker(own, tmp_path / "one") as victim, worker(own, tmp_path / "two"):
            for scans in shuffled.values():
                for scan in scans[:60]:
                    log.append(scan)
            assert log.flush(120) == 0
            wait_for(lambda: told(own), 60)
            victim.kill()
            for scans in shuffled.values():
                for scan in scans[60:]:
                    log.append(scan)
            for partition in range(own.partitions):
                log.append(tick(9_000_000, partition), partition=partition)
            assert log.flush(120) == 0
            wanted = expected()
            wait_for(lambda: told(own) == wanted, 60)
    finally:
        log.close()
    assert not list(read_topic(own, "dead-letters"))


def told(settings: Settings) -> list[EpisodeRecord]:
    """The episodes as they stand, but for when they were told."""
    saves = [codec.decode(record.topic, record.value) for record in read_topic(settings, "episodes")]
    return timeless([save for save in saves if isinstance(save, EpisodeRecord)])


def expected() -> list[EpisodeRecord]:
    """What one fold tells of the footage in its order."""
    partition = Partition()
    partition.tell(*(scan for media in CAMERAS for scan in told_as_they_came(footage(media))), tick(9_000_000))
    return timeless(partition.saves)


def timeless(saves: Sequence[EpisodeRecord]) -> list[EpisodeRecord]:
    """Last versions by camera, then start."""
    found = [structs.replace(save, updated_at=at(0)) for save in last(saves)]
    return sorted(found, key=lambda save: (save.media, save.opened_at))
