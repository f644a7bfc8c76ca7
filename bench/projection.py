"""The projection loop against the engine's own file reader, and fact to answer: ``python -m bench.projection``.

Here for segments, in ``bench.episodes`` for episodes; a ``Case`` is what differs.

Ratio: facts per CPU-second through our loop (consume from Kafka, validate every record, make rows, insert over HTTP,
checkpoint), divided by rows per CPU-second of ``INSERT … SELECT FROM file()``, where the engine reads the same facts,
as JSON lines, into an equal table. CPU is counted alike on both sides: user + system of the database process, plus, for
the loop, of this process with its client threads. The broker's CPU counts on neither side. Merges are stopped on both.
The two take turns; medians; the same at 1 x, 4 x and 16 x the facts. ``--quick``: one run of the smallest size.

Fact to answer: 500 facts/s, from ``append`` to the first query of the public view that shows the fact.
"""

import gc
import hashlib
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
from msgspec import Struct
from prometheus_client import CollectorRegistry

from bench import ledger
from infra.clickhouse import Database
from infra.kafka import KafkaLog, ensure_topics
from infra.settings import Settings, load
from projections import registry
from projections.generations.store import Generation, Generations
from projections.metrics import Metrics
from projections.runner import GC_THRESHOLD, Runner
from projections.segments.rows import SegmentRow
from projections.spec import Projection, columns
from projections.worker import Worker
from schemas import codec
from schemas.codec import AnyFact
from schemas.facts import Keyframe, SegmentRecorded

BASE, RUNS = 20_000, 5
RATE, SECONDS, ANSWER_MS = 500, 10, 2000
START_MS = 1_767_225_600_000
TICKS = os.sysconf("SC_CLK_TCK")
FACT = (
    "media String, start_ms Int64, end_ms Int64, observed_ms Int64, object_key String, size_bytes UInt64,"
    " sha256 String, container String, video_codec String, audio_codec Nullable(String), codecs String,"
    " width_px UInt32, height_px UInt32, frames UInt32, run_id String, init_len UInt32,"
    " keyframes Array(Tuple(at_ms Int64, byte_offset UInt64, size_bytes UInt32)), gop_bytes Array(UInt32),"
    " origin String"
)
OF_FACT = {
    "audio_codec": "ifNull(audio_codec, '')", "keyframe_ms": "keyframes.at_ms", "is_deleted": "0", "src_partition": "0",
    "keyframe_offset": "keyframes.byte_offset", "keyframe_bytes": "keyframes.size_bytes",
    "src_offset": "rowNumberInAllBlocks()",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Case:
    """One projection to measure."""

    projection: Projection
    row: type[Struct]
    """What each of its facts makes one of."""
    fact: Callable[[int, random.Random], AnyFact]
    """The fact of a number."""
    shape: str
    """How the engine is told to read a fact."""
    of_fact: Mapping[str, str]
    """Columns that are not simply a field of the fact."""
    answer: Callable[[int, random.Random], AnyFact]
    """The fact of a number to look for in ``shown``, by its place there."""
    shown: str
    """A SELECT of one column, the numbers of the answers in the public database ``{public}``."""
    target: float | None = None
    """None: nobody has set one."""

    @property
    def table(self) -> str:
        """Where the rows go."""
        return self.projection.tables[self.row]


def fact(number: int, chance: random.Random) -> SegmentRecorded:
    """A segment as a recorder tells it: 6 s, a key frame every 2 s, 50 cameras."""
    media, start = f"camera-{number % 50}", START_MS + number // 50 * 6000
    sizes = [(chance.randrange(60_000, 90_000), chance.randrange(100_000, 300_000)) for _ in range(3)]
    offsets = [1200 + sum(map(sum, sizes[:index])) for index in range(4)]
    return SegmentRecorded(
        media=media, observed_ms=start + 6100, start_ms=start, end_ms=start + 6000, size_bytes=offsets[3],
        object_key=f"segments/{media}/2026/01/01/{start}.mp4", sha256=hashlib.sha256(b"%d" % number).hexdigest(),
        video_codec="h264", width_px=1920, height_px=1080, frames=150, run_id=f"run-{number % 50}", init_len=1200,
        codecs="avc1.640028", gop_bytes=tuple(rest for _, rest in sizes),
        keyframes=tuple(
            Keyframe(at_ms=start + 2000 * at, byte_offset=offsets[at], size_bytes=sizes[at][0]) for at in range(3)
        ),
    )  # fmt: skip


@contextmanager
def servers(folder: Path) -> Iterator[Settings]:
    """The embedded stack on ``folder``."""
    command = [sys.executable, "-m", "infra.embedded", "--data", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as stack:
        try:
            assert stack.stdout
            assert stack.stdout.readline().startswith(b"ready:")
            yield load(data=folder, partitions=4)
        finally:
            stack.send_signal(signal.SIGINT)


def engine_pid(folder: Path) -> int:
    """The process that owns the engine on ``folder``."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        words = path.read_bytes().split(b"\0")
        if b"infra.embedded.clickhouse" in words and any(str(folder).encode() in word for word in words):
            return int(path.parent.name)
    raise RuntimeError("the database process was not found")


def cpu_s(pid: int) -> float:
    """User and system time of a process, its threads included."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Bench:
    """Both sides on one stack; every measurement fills a table of its own."""

    def __init__(self, case: Case, settings: Settings, engine: int, file: Path) -> None:
        self._case = case
        self._settings = settings
        self._engine = engine
        self._file = file
        self._database = Database(settings, timeout_s=600)
        self._generations = Generations(settings, self._database)
        self._generations.prepare()

    def loop(self, facts: int) -> float:
        """Facts per CPU-second through the projection loop."""
        generation = self._table()
        log = KafkaLog(self._settings, "bench")
        figures = CollectorRegistry()
        worker = Worker(self._settings, self._case.projection, generation, log, Metrics(figures))
        labels = {"projection": generation.projection, "generation": str(generation.number)}
        engine_s, own_s = cpu_s(self._engine), time.process_time()
        worker.start()
        while (figures.get_sample_value("sightlog_projection_facts_total", labels) or 0) < facts:
            assert worker.failure is None, worker.failure
            time.sleep(0.02)
        spent_s = cpu_s(self._engine) - engine_s + time.process_time() - own_s
        worker.stop()
        worker.join(10)
        log.close()
        self._drop(generation, facts)
        return facts / spent_s

    def file(self, facts: int) -> float:
        """Rows per CPU-second of the engine reading the same facts from a file."""
        generation = self._table()
        case, names = self._case, columns(self._case.row)
        chosen = ", ".join(f"{case.of_fact.get(name, name)} AS {name}" for name in names)
        sql = (
            f"INSERT INTO {self._db(generation)}.{case.table} ({', '.join(names)}) SELECT {chosen}"
            f" FROM file('{self._file}', 'JSONEachRow', '{case.shape}') SETTINGS input_format_skip_unknown_fields = 1"
        )
        engine_s = cpu_s(self._engine)
        self._database.command(sql)
        spent_s = cpu_s(self._engine) - engine_s
        self._drop(generation, facts)
        return facts / spent_s

    def answer_ms(self) -> list[float]:
        """Milliseconds from ``append`` to a query that shows the fact, for each of ``RATE`` x ``SECONDS`` facts."""
        log, stop = KafkaLog(self._settings, "bench"), threading.Event()
        runner = Runner(self._settings, log, Metrics(CollectorRegistry()))
        looking = threading.Thread(target=lambda: [runner.look() for _ in iter(lambda: stop.wait(1), True)])
        runner.look()
        looking.start()
        sent: dict[int, float] = {}
        writer = threading.Thread(target=self._append, args=(log, sent))
        writer.start()
        found = self._watch()
        writer.join()
        stop.set()
        looking.join()
        runner.stop()
        log.close()
        return [(found[at] - sent[at]) * 1000 for at in sent]

    def _append(self, log: KafkaLog, sent: dict[int, float]) -> None:
        chance, began = random.Random(2), time.monotonic()
        for number in range(RATE * SECONDS):
            time.sleep(max(0.0, began + number / RATE - time.monotonic()))
            told = self._case.answer(number, chance)
            sent[number] = time.monotonic()
            log.append(told)

    def _watch(self) -> dict[int, float]:
        found: dict[int, float] = {}
        sql = self._case.shown.format(public=self._settings.database)
        while len(found) < RATE * SECONDS:
            shown = [next(iter(row.values())) for row in self._database.rows(sql)]
            now = time.monotonic()
            found.update((number, now) for number in shown if number not in found)
            time.sleep(0.05)
        return found

    def _table(self) -> Generation:
        projection = self._case.projection
        generation = self._generations.start(projection, "kept")
        for table in (*projection.tables.values(), *projection.derived):
            self._database.command(f"SYSTEM STOP MERGES {self._db(generation)}.{table}")
        return generation

    def _db(self, generation: Generation) -> str:
        return self._generations.database_of(generation.projection, generation.number)

    def _drop(self, generation: Generation, facts: int) -> None:
        sql = f"SELECT count() FROM {self._db(generation)}.{self._case.table} FINAL"
        assert self._database.value(sql) == facts
        self._generations.drop(generation)


def answer(number: int, chance: random.Random) -> SegmentRecorded:
    """A segment of the one camera that is watched."""
    told, at = fact(0, chance), START_MS + number * 6000
    frames = tuple(
        Keyframe(at_ms=one.at_ms - told.start_ms + at, byte_offset=one.byte_offset, size_bytes=one.size_bytes)
        for one in told.keyframes
    )
    return msgspec.structs.replace(told, media="answers", start_ms=at, end_ms=at + 6000, keyframes=frames)


SEGMENTS = Case(
    projection=registry.SEGMENTS, row=SegmentRow, fact=fact, shape=FACT, of_fact=OF_FACT, answer=answer, target=0.6,
    shown=f"SELECT intDiv(start_ms - {START_MS}, 6000) FROM {{public}}.segments WHERE media = 'answers'",
)  # fmt: skip


def tell(case: Case, settings: Settings, folder: Path, facts: int) -> Path:
    """Put ``facts`` on the topic and, the same values, into a file the engine may read."""
    ensure_topics(settings)
    chance, log = random.Random(1), KafkaLog(settings, "bench")
    path = folder / f"facts-{facts}.jsonl"
    with path.open("wb") as file:
        for number in range(facts):
            one = case.fact(number, chance)
            log.append(one)
            file.write(codec.encode(one) + b"\n")
    assert log.flush(60) == 0
    log.close()
    return path


def ratio(case: Case, settings: Settings, folder: Path, engine: int, size: int, runs: int, book: ledger.Ledger) -> None:
    """Tell the median ratio at one size."""
    own = settings.model_copy(update={"topic_prefix": f"b{size}.", "database": f"b{size}"})
    bench = Bench(case, own, engine, tell(case, own, folder, BASE * size))
    pairs = [(bench.loop(BASE * size), bench.file(BASE * size)) for _ in range(runs)]
    loop, file = (statistics.median(side) for side in zip(*pairs, strict=True))
    median = statistics.median(ours / theirs for ours, theirs in pairs)
    rows = f"{loop:,.0f} of {file:,.0f} rows per CPU-second, medians of {runs}"
    figure = f"{median:.2f} of INSERT … SELECT FROM file() ({rows})"
    name = f"projection {case.projection.name}, {BASE * size:,} facts"
    book.tell(name, figure, *((f">= {case.target}", median >= case.target) if case.target is not None else ()))


def measure(case: Case, about: str | None, name: str) -> None:
    """Measure and tell, as the command line asks; ``name`` is said of fact to answer."""
    parser = ledger.parser(about)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    quick, book = options.quick, ledger.Ledger.of(options)
    gc.set_threshold(*GC_THRESHOLD)  # as the service does
    with tempfile.TemporaryDirectory() as scratch, servers(Path(scratch) / "data") as settings:
        engine = engine_pid(Path(scratch))
        for size in (1,) if quick else (1, 4, 16):
            ratio(case, settings, Path(scratch), engine, size, 1 if quick else RUNS, book)
        own = settings.model_copy(update={"topic_prefix": "answer.", "database": "answer"})
        ensure_topics(own)
        waits = sorted(Bench(case, own, engine, Path(scratch)).answer_ms())
    p99 = waits[int(len(waits) * 0.99)]
    figure = f"p50 {statistics.median(waits):.0f} ms, p99 {p99:.0f} ms"
    book.tell(f"{name} at {RATE} facts/s", figure, f"p99 <= {ANSWER_MS} ms", p99 <= ANSWER_MS)


if __name__ == "__main__":
    measure(SEGMENTS, __doc__, "fact to answer")
