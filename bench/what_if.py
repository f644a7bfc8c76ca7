"""Another policy asked of 30 days of 5,000 cameras: ``python -m bench.what_if``.

The history goes straight into the tables: the last day in segments of 6 s, in the parts that inserts leave; the days
before in segments of 10 min, one part a day, as the engine makes them of quiet days. So there are as many hours to go
through as in a real archive, and as many segments to read one by one. 20 stretches a day of each camera are protected.

One question (depth 12 h, keep 20 days) in a store without room for the answer, so that every rule has work. Wall and
CPU of this process and the engine together, and how much memory this process grew by; the report likewise. At 1 x, 4 x
and 16 x the cameras; the target is for the largest. ``--quick``: the smallest alone.
"""

import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from api.retention.asked import Asked, Question
from api.retention.past import Chosen
from api.retention.report import Reports
from api.retention.what_if import Shares, WhatIfs
from bench import ledger
from bench.projection import cpu_s, engine_pid, servers
from infra.clickhouse import Database
from infra.settings import Settings
from processors.retention.what_if.question import make
from projections import registry
from projections.footage.reads import FootageReads
from projections.generations.store import Generations
from projections.storage.reads import StoredExhaustion, StoredLevel
from schemas.facts import MediaConfigured
from schemas.intervals import Span

DAYS, CAMERAS, SIZES, MARKS = 30, 5000, (16, 4, 1), 20
TARGET_S = 30
NOW_MS = 1_767_225_600_000
DAY_MS, HOUR_MS = 86_400_000, 3_600_000
MBIT_BYTES = 250
"""Bytes a millisecond: 2 Mbit/s."""


class Cost(NamedTuple):
    """What an answer took."""

    wall_s: float
    cpu_s: float
    grown_mb: float


class Past:
    """A history of so many cameras, in a database of its own."""

    def __init__(self, settings: Settings, engine: int, cameras: int) -> None:
        self._engine = engine
        self._cameras = cameras
        self._settings = settings
        self._database = Database(settings, timeout_s=600)
        self._generations = Generations(settings, self._database)
        self._generations.prepare()
        self._footage, self._marks = self._made("SEGMENTS"), self._made("PROTECTED_RANGES")
        for name in ("EXPIRATIONS", "EPISODES"):
            self._made(name)

    def _made(self, name: str) -> str:
        projection = getattr(registry, name)
        generation = self._generations.start(projection, "kept")
        self._generations.publish(projection, generation.number)
        return self._generations.database_of(projection.name, generation.number)

    def fill(self) -> None:
        """Put the history into the tables."""
        for day in range(DAYS, 1, -1):
            self._record(NOW_MS - day * DAY_MS, 600_000, 0.1)
        self._database.command(f"OPTIMIZE TABLE {self._footage}.footage FINAL")
        self._database.command(f"SYSTEM STOP MERGES {self._footage}.footage")
        self._record(NOW_MS - DAY_MS, 6000, 1.0)
        self._protect()

    def _record(self, from_ms: int, length_ms: int, stored: float) -> None:
        """A day of every camera, of whose segments some part is still there."""
        each = DAY_MS // length_ms
        self._database.command(f"""INSERT INTO {self._footage}.footage
            SELECT 'camera-' || leftPad(toString(intDiv(number, {each})), 5, '0') AS media,
              fromUnixTimestamp64Milli(toInt64({from_ms} + number % {each} * {length_ms} + rand() % 40), 'UTC'),
              {length_ms}, {length_ms} * {MBIT_BYTES} + rand(1) % 100000, number + 1,
              if(rand(2) % 1000 < {round(stored * 1000)}, 0, number + 2)
            FROM numbers({self._cameras * each})""")
        self._database.command(f"""INSERT INTO {self._footage}.extents
            SELECT 'camera-' || leftPad(toString(number), 5, '0'), {from_ms}, {from_ms + DAY_MS}, {length_ms}
            FROM numbers({self._cameras})""")

    def _protect(self) -> None:
        each, apart_ms = DAYS * MARKS, DAY_MS // MARKS
        self._database.command(f"""INSERT INTO {self._marks}.protected_ranges
            (media, start_ms, end_ms, observed_ms, holds, policy_version, is_deleted, src_partition, src_offset)
            SELECT 'camera-' || leftPad(toString(intDiv(number, {each})), 5, '0'),
              toInt64({NOW_MS - DAYS * DAY_MS} + number % {each} * {apart_ms} + rand() % {apart_ms // 2}) AS start_ms,
              toInt64(start_ms + 10000 + rand(1) % 600000), {NOW_MS}, [('episode', number)], 'p1', 0, 0, number
            FROM numbers({self._cameras * each})""")

    def cameras(self) -> list[Chosen]:
        """All of them, as they are configured."""
        names = (f"camera-{number:05}" for number in range(self._cameras))
        return [Chosen(name, MediaConfigured(media=name, observed_ms=0)) for name in names]

    def what_if(self) -> Cost:
        """What one question costs."""
        asked = Asked(depth_ms=12 * HOUR_MS, keep_ms=20 * DAY_MS, limit=100)
        question, levels = Question(asked, None, Span(0, NOW_MS)), Levels(self._cameras)
        asking = WhatIfs(FootageReads(self._database, self._settings.database), levels, make, Shares(0.9, 0.85))
        return self._cost(lambda: _checked(list(asking.told(question, self.cameras(), True))[-1]["answer"]))

    def report(self) -> Cost:
        """What a report costs."""
        reports = Reports(FootageReads(self._database, self._settings.database), Levels(self._cameras), 0.9)
        return self._cost(lambda: reports.told(self.cameras(), Span(0, NOW_MS), True))

    def _cost(self, work: Callable[[], object]) -> Cost:
        grown_kb, engine_s, own_s = _peak_kb(), cpu_s(self._engine), time.process_time()
        started_s = time.perf_counter()
        work()
        wall_s = time.perf_counter() - started_s
        spent_s = cpu_s(self._engine) - engine_s + time.process_time() - own_s
        return Cost(wall_s, spent_s, (_peak_kb() - grown_kb) / 1024)


class Levels:
    """A store that is full of what the history holds."""

    def __init__(self, cameras: int) -> None:
        self._bytes = cameras * DAY_MS * MBIT_BYTES

    def latest(self) -> Sequence[StoredLevel]:
        """The level of the one store."""
        return [StoredLevel(store="s3", observed_ms=NOW_MS, used_bytes=self._bytes, capacity_bytes=self._bytes)]

    def exhaustions(self) -> Sequence[StoredExhaustion]:
        """None."""
        return []


def _checked(answer: dict[str, object]) -> None:
    """A fast wrong answer ends the bench: the store must be filled to its low mark."""
    total, room = answer["total"], answer["room"]
    assert isinstance(total, dict)
    assert isinstance(room, dict)
    kept, wanted = total["kept_bytes"], 0.85 * room["capacity_bytes"] - room["other_bytes"]
    assert abs(kept - wanted) < 0.001 * wanted, (kept, wanted)


def _peak_kb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    """Measure and tell."""
    parser = ledger.parser(__doc__)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    book = ledger.Ledger.of(options)
    for share in SIZES[:1] if options.quick else SIZES:
        cameras = CAMERAS // share
        with tempfile.TemporaryDirectory() as scratch, servers(Path(scratch) / "data") as settings:
            past = Past(settings, engine_pid(Path(scratch)), cameras)
            past.fill()
            for name, cost in (("what-if", past.what_if()), ("report", past.report())):
                figure = f"{cost.wall_s:.1f} s, {cost.cpu_s:.1f} s of CPU, {cost.grown_mb:.0f} MB more memory"
                judged = (f"<= {TARGET_S} s of CPU", cost.cpu_s <= TARGET_S) if share == 1 else ()
                book.tell(f"{name}, {DAYS} days x {cameras:,} cameras", figure, *judged)


if __name__ == "__main__":
    main()
