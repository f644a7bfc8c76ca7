"""Small footage of something that passes by, the scanners that look at it, and what they have told."""

import contextlib
import random
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import av
import numpy as np
from prometheus_client import CollectorRegistry

from infra.clock import now_ms
from infra.health import Beat
from infra.kafka import Follower, KafkaLog, ensure_topics, read_topic
from infra.objects import ObjectMissing, S3Store
from infra.settings import Settings, child_environment
from processors.cameras import Cameras
from processors.motion.detector import Detector, Task
from processors.motion.entry import run
from processors.motion.entry.chain import whole_chain
from processors.motion.entry.eyes import Eyes
from processors.motion.entry.metrics import Metrics
from processors.motion.entry.wishes import LiveWishes
from processors.pictures.shown import key_of
from producers.segments import ingest
from schemas import codec
from schemas.facts import MediaConfigured, MotionTicked, RecordingGap, SegmentRecorded, SegmentScanned
from schemas.motion import MotionConfig
from tests.fakes import FakeLog, FakeStore
from tests.footage import Footage
from tests.integration.ports import free_port
from tests.integration.recording import wait_for

WIDTH, HEIGHT, FPS = 320, 180, 10
SCAN = "import threading; from infra import journal, settings; from infra.health import Beat\n" \
    "from processors.motion.entry.run import scan_segments; from processors.motion.turns import Turns\n" \
    "s = settings.load(); journal.setup(s); scan_segments(s, Turns(), threading.Event(), Beat())"  # fmt: skip
START_MS = 1_790_000_100_000 // 300_000 * 300_000 - 40_000
"""The line at which baselines are learned anew lies 40 s later."""


def clip(path: Path, seconds: int, passes: Sequence[tuple[float, float]] = ((12, 17), (45, 48))) -> Path:
    """A still scene, coarse and a little noisy; a dark box crosses it during each of these stretches (s)."""
    chance = np.random.default_rng(5)
    scene = np.kron(chance.integers(90, 160, (9, 16)), np.ones((20, 20))).astype(np.int16)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=FPS, options={"preset": "ultrafast", "crf": "24"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.gop_size, stream.codec_context.thread_count = FPS, 1
        for number in range(seconds * FPS):
            picture = scene + chance.integers(-2, 3, scene.shape)
            for begins_s, ends_s in passes:
                if begins_s <= number / FPS < ends_s:
                    left = round((number / FPS - begins_s) / (ends_s - begins_s) * (WIDTH - 40))
                    picture[60:120, left : left + 40] = 30
            frame = av.VideoFrame.from_ndarray(np.repeat(picture.clip(0, 255).astype(np.uint8)[..., None], 3, 2))
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def recorded(path: Path, media: str, start_ms: int = START_MS) -> list[Footage]:
    """The segments that ``sightlog ingest`` makes of it."""
    store = FakeStore()
    found: list[Footage] = []

    def keep(fact: SegmentRecorded) -> None:
        found.append(Footage(fact, store.get(fact.object_key)))

    ingest.store_file(path, start_ms, ingest.DirectArchive(media, store, FakeLog(), keep), 2000)
    return found


class MemoryFootage:
    """``Bytes`` over segments in memory."""

    def __init__(self, footage: Sequence[Footage]) -> None:
        self._objects = {one.fact.object_key: one.data for one in footage}

    def ranges(self, key: str, parts: Sequence[tuple[int, int]]) -> list[bytes]:
        if key not in self._objects:
            raise ObjectMissing(key)
        return [self._objects[key][offset : offset + size] for offset, size in parts]


def expected(footage: Sequence[Footage], make: Callable[[], Detector]) -> dict[tuple[str, int], Any]:
    """What must be told of each segment: by a detector that knows nothing but the task."""
    facts, config = [one.fact for one in footage], MotionConfig()
    told = {}
    for fact in facts:
        eye = make()
        others = [one for one in facts if one.media == fact.media]
        found = eye.scan(
            Task(fact, whole_chain(fact, others, eye.epoch_ms, eye.warm_ms), config), MemoryFootage(footage)
        )
        preview = key_of(found.preview) if found.preview else None
        told[fact.media, fact.start_ms] = (
            found.verdict, found.level, found.reason, found.spans, found.looks, found.baseline_from_ms, preview
        )  # fmt: skip
    return told


def content(verdict: SegmentScanned) -> Any:
    return (
        verdict.verdict, verdict.level, verdict.reason, verdict.spans, verdict.looks, verdict.baseline_from_ms,
        verdict.preview_key,
    )  # fmt: skip


class Yard:
    """Everything around the scanners: puts footage and cameras where they belong, reads what came of them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        ensure_topics(settings)
        self.store = S3Store(settings)
        self.store.ensure_bucket()
        self._log = KafkaLog(settings, "test")
        self._motion = Follower(settings, "motion")
        self._told: list[Any] = []

    def camera(self, media: str, **motion: Any) -> None:
        fact = MediaConfigured(media=media, observed_ms=now_ms(), motion=MotionConfig(**motion))
        self._log.append(fact).result(60)

    def keep(self, footage: Sequence[Footage]) -> None:
        """Into the object store."""
        for one in footage:
            self.store.put(one.fact.object_key, one.data)

    def tell(self, footage: Sequence[Footage]) -> None:
        """Onto the topic, in this order."""
        for one in footage:
            self._log.append(one.fact)
        assert self._log.flush(120) == 0

    def tell_raw(self, media: str, value: bytes) -> None:
        self._log.append_raw("segments", media.encode(), value).result(60)

    def gap(self, media: str, start_ms: int, end_ms: int) -> None:
        gap = RecordingGap(media=media, observed_ms=now_ms(), start_ms=start_ms, end_ms=end_ms, reason="source_lost")
        self._log.append(gap).result(60)

    def motion(self) -> list[SegmentScanned | MotionTicked]:
        """Everything that was told so far, in order within each partition."""
        self._told += [codec.decode(record.topic, record.value) for record in self._motion.poll(0.2)]
        return self._told

    def told(self, topic: str) -> list[Any]:
        return [codec.decode(record.topic, record.value) for record in read_topic(self.settings, topic)]

    def every_verdict(self) -> list[SegmentScanned]:
        """In order within each partition, repeats included."""
        return [fact for fact in self.motion() if isinstance(fact, SegmentScanned)]

    def verdicts(self) -> dict[tuple[str, int], Any]:
        """What was told of each segment. Whatever was told twice must have been told alike."""
        found: dict[tuple[str, int], Any] = {}
        for verdict in self.every_verdict():
            was = found.setdefault((verdict.media, verdict.start_ms), content(verdict))
            assert was == content(verdict)
        return found

    def close(self) -> None:
        self._motion.close()
        self._log.close()


class Running:
    """A scanner in a thread of this process, and its figures."""

    def __init__(self, settings: Settings, words: Sequence[str], group: str) -> None:
        self.registry = CollectorRegistry()
        self.failure: BaseException | None = None
        self._stopping = threading.Event()
        self._log = KafkaLog(settings, "scanner", 60_000)
        self._eyes = Eyes(settings.motion_workers, run.program(settings)._replace(words=words))
        self._cameras = Cameras.of(settings)
        self._scanner = run.Scanner(
            settings, self._log, LiveWishes(self._cameras, settings), Metrics(registry=self.registry), self._stopping,
            Beat(), group, self._eyes,
        )  # fmt: skip
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def count(self, name: str, **labels: str) -> float:
        return self.registry.get_sample_value(f"sightlog_motion_{name}", labels) or 0

    def pid(self) -> int:
        """Of its first eye."""
        child = self._eyes[0].child
        assert child is not None
        return child.pid

    def close(self) -> None:
        self._stopping.set()
        self._thread.join(180)
        assert not self._thread.is_alive()
        self._log.close()
        if self.failure is not None:
            raise self.failure

    def _run(self) -> None:
        try:
            with self._cameras:
                self._scanner.run()
        except BaseException as failure:  # noqa: BLE001 - raised by ``close``
            self.failure = failure


@contextmanager
def scanning(settings: Settings, words: Sequence[str] = run.WORDS, group: str = run.GROUP) -> Iterator[Running]:
    running = Running(settings, words, group)
    try:
        yield running
    finally:
        running.close()


class Worker:
    """A scanner as a process of its own."""

    def __init__(self, settings: Settings) -> None:
        environment = child_environment(settings.as_environment())
        self._process = subprocess.Popen([sys.executable, "-c", SCAN], env=environment)

    def kill(self) -> None:
        """Its eyes end with it."""
        lists = Path(f"/proc/{self._process.pid}/task").glob("*/children")
        eyes = [int(pid) for one in lists for pid in one.read_text().split()]
        self._process.kill()
        self._process.wait()
        wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in eyes))


@contextmanager
def worker(settings: Settings) -> Iterator[Worker]:
    made = Worker(settings)
    try:
        yield made
    finally:
        made.kill()


def shuffled(footage: Sequence[Footage], seed: int) -> list[Footage]:
    mixed = list(footage)
    random.Random(seed).shuffle(mixed)
    return mixed


class Relay:
    """A way to the object store that can be shut, and opened again at the same address."""

    def __init__(self, url: str) -> None:
        self._target = (urlsplit(url).hostname or "", urlsplit(url).port or 80)
        self._port = free_port()
        self._listener: socket.socket | None = None
        self._pairs: list[socket.socket] = []
        self.open()
        self.url = f"http://127.0.0.1:{self._port}"

    def __enter__(self) -> "Relay":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self._port))
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def close(self) -> None:
        """Also what is connected."""
        if self._listener is not None:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        for one in self._pairs:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._pairs = []

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                ours, _ = listener.accept()
                theirs = socket.create_connection(self._target)
                self._pairs += [ours, theirs]
                for one, other in ((ours, theirs), (theirs, ours)):
                    threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := one.recv(1 << 16):
            other.sendall(data)
        other.shutdown(socket.SHUT_WR)
