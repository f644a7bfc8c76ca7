"""A stream of segments of many cameras: how many of them one core keeps up with: ``python -m bench.motion_stream``.

One scanner as the service runs it, on a real broker and store; a clip's segments are told as those of so many cameras,
which share its objects. CPU of the scanner and its eyes, from the second segment of each camera on: the first is a cold
start (all its pictures are looked at), told apart. The same with two eyes, and what 10,000 cameras take. A machine
that does other things does not change CPU, but it changes the time that a stream needs.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen
from typing import NamedTuple

from msgspec import structs

from bench import ledger
from bench.projection import servers
from infra.clock import cpu_s, monotonic_s, now_ms, sleep_s
from infra.kafka import KafkaLog, end_offsets, ensure_topics
from infra.objects import S3Store
from infra.ranges import FolderBytes
from infra.settings import Settings, child_environment
from processors.motion.detector import Task
from processors.motion.detectors.registry import detector
from processors.motion.entry.chain import whole_chain
from producers.segments.folder import FolderArchive
from producers.segments.ingest import store_file
from schemas import runs
from schemas.facts import SegmentRecorded
from schemas.motion import MotionConfig
from tests.scenes.catalogue import scene
from tests.scenes.coding import make
from tests.scenes.plan import Scene

CAMERAS, TARGET, MANY = 200, 200, 10_000
NAME = "motion stream:"
SEGMENT_MS = 6000
SCAN = "import threading; from infra import journal, settings; from infra.health import Beat\n" \
    "from processors.motion.entry.run import scan_segments; from processors.motion.turns import Turns\n" \
    "s = settings.load(); journal.setup(s); scan_segments(s, Turns(), threading.Event(), Beat())"  # fmt: skip


class Cost(NamedTuple):
    """What a part of the stream took."""

    segments: int
    footage_s: float
    eyes_s: float
    scanner_s: float
    seconds: float

    @property
    def cpu_s(self) -> float:
        """Of all processes."""
        return self.eyes_s + self.scanner_s

    @property
    def cameras(self) -> float:
        """So many cameras one core keeps up with."""
        return self.footage_s / self.cpu_s


class Process:
    """The scanner and its eyes, by what the kernel says of them."""

    def __init__(self, process: Popen[bytes]) -> None:
        self._pid = process.pid

    def cpu_s(self) -> tuple[float, float]:
        """(of its eyes, its own) so far."""
        return sum(map(_cpu_s, self._eyes())), _cpu_s(self._pid)

    def memory_mb(self) -> tuple[float, float]:
        """(of the largest eye, its own) now."""
        return max(map(_memory_mb, self._eyes()), default=0.0), _memory_mb(self._pid)

    def _eyes(self) -> list[int]:
        lists = Path(f"/proc/{self._pid}/task").glob("*/children")
        return [int(pid) for one in lists for pid in one.read_text().split()]


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def _memory_mb(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 / 1e6


def kept(settings: Settings, clip: Path, folder: Path) -> list[SegmentRecorded]:
    """The clip's segments, their objects in the store."""
    archive = FolderArchive("clip", folder)
    store_file(clip, now_ms() // 1000 * 1000 - 3_600_000, archive, SEGMENT_MS)
    store = S3Store(settings)
    store.ensure_bucket()
    for one in archive.segments:
        store.put(one.object_key, (folder / one.object_key).read_bytes())
    return list(archive.segments)


def of_camera(segment: SegmentRecorded, number: int, start_ms: int) -> SegmentRecorded:
    """The same footage from another camera."""
    media = f"camera-{number}"
    return structs.replace(segment, media=media, run_id=runs.run_id(media, start_ms, segment.origin))


@contextmanager
def scanner(settings: Settings, eyes: int) -> Iterator[Process]:
    """One, as the service runs it."""
    environment = child_environment(settings.model_copy(update={"motion_workers": eyes}).as_environment())
    process = Popen([sys.executable, "-c", SCAN], env=environment | {"SIGHTLOG_MOTION_WORKERS": str(eyes)})
    try:
        yield Process(process)
    finally:
        process.kill()
        process.wait()


def tell(settings: Settings, log: KafkaLog, facts: Sequence[SegmentRecorded], process: Process) -> Cost:
    """What verdicts on these take."""
    told = sum(end_offsets(settings, "motion").values())
    before, began_s = process.cpu_s(), monotonic_s()
    for fact in facts:
        log.append(fact)
    while sum(end_offsets(settings, "motion").values()) < told + len(facts):
        sleep_s(0.2)
    after = process.cpu_s()
    footage_s = sum(one.end_ms - one.start_ms for one in facts) / 1000
    return Cost(len(facts), footage_s, after[0] - before[0], after[1] - before[1], monotonic_s() - began_s)


class Stream(NamedTuple):
    """What a whole stream took."""

    cold: Cost
    """The first segment of each camera."""
    rest: Cost
    memory_mb: tuple[float, float]
    """Of an eye, and of the scanner."""


def stream(servers: Settings, clip: Path, cameras: int, eyes: int, folder: Path) -> Stream:
    """So many cameras, whose segments come in turn."""
    settings = servers.model_copy(update={"topic_prefix": f"b{now_ms()}.", "tick_ms": 600_000})
    ensure_topics(settings)
    segments = kept(settings, clip, folder)
    rounds = [[of_camera(one, number, segments[0].start_ms) for number in range(cameras)] for one in segments]
    log = KafkaLog(settings, "bench")
    with scanner(settings, eyes) as process:
        cold = tell(settings, log, rounds[0], process)
        rest = tell(settings, log, [fact for one in rounds[1:] for fact in one], process)
        memory_mb = process.memory_mb()
    log.close()
    return Stream(cold, rest, memory_mb)


def alone_ms(clip: Path, folder: Path) -> float:
    """CPU of a segment by the detector alone, files at hand, from the second segment on."""
    archive = FolderArchive("clip", folder)
    store_file(clip, now_ms() // 1000 * 1000 - 3_600_000, archive, SEGMENT_MS)
    facts, files, eye = archive.segments, FolderBytes(folder), detector(MotionConfig().detector)
    began_s = 0.0
    for number, fact in enumerate(facts):
        began_s = cpu_s() if number == 1 else began_s
        eye.scan(Task(fact, whole_chain(fact, facts, eye.epoch_ms, eye.warm_ms), MotionConfig()), files)
    return (cpu_s() - began_s) / (len(facts) - 1) * 1000


def report(book: ledger.Ledger, one: Stream, cameras: int, detector_ms: float) -> None:
    """Figures of one eye."""
    rest, cold = one.rest, one.cold
    book.tell(f"{NAME} cameras a core keeps up with", f"{rest.cameras:.0f}", f">= {TARGET}", rest.cameras >= TARGET)
    each_ms, ours_ms = rest.cpu_s / rest.segments * 1000, rest.scanner_s / rest.segments * 1000
    book.tell(f"{NAME} CPU of a segment", f"{each_ms:.1f} ms, {ours_ms:.2f} ms of it the scanner's")
    share = each_ms / detector_ms
    book.tell(f"{NAME} CPU of a segment / of the detector alone", f"{share:.2f}", "<= 1.25", share <= 1.25)
    book.tell(f"{NAME} CPU of a camera's first segment", f"{cold.cpu_s / cold.segments * 1000:.0f} ms")
    eye_mb, ours_mb = one.memory_mb
    book.tell(f"{NAME} memory, {cameras} cameras", f"eye {eye_mb:.0f} MB, scanner {ours_mb:.0f} MB")
    book.tell(f"{NAME} cores for {MANY} cameras", f"{MANY / rest.cameras:.0f}")


def compare(book: ledger.Ledger, one: Cost, two: Cost) -> None:
    """Figures of two eyes, against those of one."""
    ratio = two.cpu_s / two.segments / (one.cpu_s / one.segments)
    book.tell(f"{NAME} CPU of a segment by two eyes / by one", f"{ratio:.2f}", "<= 1.15", ratio <= 1.15)
    book.tell(f"{NAME} segments a second by two eyes / by one", f"{one.seconds / two.seconds:.2f}")


def main() -> None:
    """Measure and tell."""
    options = asked()
    book = ledger.Ledger.of(options)
    with tempfile.TemporaryDirectory() as name, servers(Path(name) / "stack") as settings:
        folder = Path(name)
        clip = options.clip or make(still(options.seconds), folder)
        one = stream(settings, clip, options.cameras, 1, folder / "one")
        report(book, one, options.cameras, alone_ms(clip, folder / "alone"))
        two = stream(settings, clip, options.cameras, 2, folder / "two")
        compare(book, one.rest, two.rest)


def still(seconds: float) -> Scene:
    """A road on which little happens, 1080p, a key frame every 2 s."""
    return scene("stream", "road", 77, (4.0,), seconds=seconds)


def asked() -> argparse.Namespace:
    """The command line."""
    options = ledger.parser(__doc__)
    options.add_argument("--cameras", type=int, default=CAMERAS)
    options.add_argument("--seconds", type=float, default=36, help="length of the clip that is made")
    options.add_argument("--clip", type=Path, default=None, help="this file instead")
    return options.parse_args()


if __name__ == "__main__":
    main()
