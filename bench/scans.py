"""Verdicts of motion as a table: the projection's rate, bytes on disk, and a region of the past searched.

``python -m bench.scans``. The rate and fact to answer are measured as ``bench.projection`` says. Then a month of one
camera (432,000 segments of 6 s) is put into the tables, made one part a week, and asked where it moved in a part of
the picture: a day, a week and the month, first page of 1,000, CPU of the engine and of the asking process, medians of
five. Looks are shaped by what the detector left of real footage: nine of ten segments still, an empty grid for most
looks, and a few cells with energy where something moved.
"""

import random
import statistics
import tempfile
import time
from itertools import islice
from pathlib import Path

import msgspec

from bench import ledger
from bench.projection import START_MS, Case, cpu_s, engine_pid, measure, servers
from infra.clickhouse import Database
from infra.settings import Settings
from projections import registry
from projections.generations.store import Generations
from projections.motion.reads import MotionReads, ScanSearch
from projections.motion.rows import ScanRow, rows
from projections.spec import columns
from schemas import grid
from schemas.intervals import Span
from schemas.motion import Look, MotionSpan, SegmentScanned

MONTH, DAY_MS = 432_000, 86_400_000
REGION = ((0.25, 0.3), (0.5, 0.3), (0.5, 0.7), (0.25, 0.7))
PARAMETERS = {"sensitivity": 50, "min_area": 0.001, "min_ms": 0, "join_ms": 3000, "zones": [], "profile": "standard"}
SPAN = "Tuple(start_ms Int64, end_ms Int64, score Float64, peak_ms Nullable(Int64), zones Array(String))"
FACT = (
    "media String, start_ms Int64, end_ms Int64, observed_ms Int64, run String, detector String, version String,"
    " verdict String, reason String, level String, parameters String, begins_run Bool,"
    f" baseline_from_ms Nullable(Int64), preview_key Nullable(String), preview_ms Nullable(Int64), spans Array({SPAN}),"
    " looks Array(Tuple(at_ms Int64, score Float64, grid String, level String))"
)
OF_FACT = {
    "look_ms": "looks.at_ms", "look_level": "looks.level", "look_score": "looks.score", "grids": "looks.grid",
    "preview_key": "ifNull(preview_key, '')", "src_partition": "0", "src_offset": "rowNumberInAllBlocks()",
}  # fmt: skip


def verdict(media: str, start_ms: int, chance: random.Random) -> SegmentScanned:
    """A segment's verdict: a look at each of three key frames, and nine more where it moved."""
    moved = chance.random() < 0.1
    steps = range(0, 6000, 500) if moved else range(0, 6000, 2000)
    begin, end = sorted(chance.sample(range(start_ms, start_ms + 6000), 2))
    looks = tuple(_look(start_ms + step, moved, chance) for step in steps)
    span = MotionSpan(start_ms=begin, end_ms=end, score=round(chance.random(), 3), peak_ms=begin)
    picture = f"previews/{chance.getrandbits(256):064x}.jpg" if moved else None
    return SegmentScanned(
        media=media, observed_ms=start_ms + 7000 + chance.randrange(900), start_ms=start_ms, end_ms=start_ms + 6000,
        verdict="motion" if moved else "still", level="borders" if moved else "keyframes", detector="cascade",
        version="1", spans=(span,) if moved else (), looks=looks, parameters=PARAMETERS, preview_key=picture,
        baseline_from_ms=start_ms // 600_000 * 600_000 - 60_000, preview_ms=begin if moved else None,
    )  # fmt: skip


def _look(at_ms: int, moved: bool, chance: random.Random) -> Look:
    if not moved and chance.random() < 0.9:
        return Look(at_ms=at_ms, score=0.0)
    cells = bytearray(grid.COLUMNS * grid.ROWS)
    corner = chance.randrange(len(cells))
    for step in (0, 1, grid.COLUMNS, grid.COLUMNS + 1)[: 4 if moved else 1]:
        if corner + step < len(cells):
            cells[corner + step] = chance.randrange(8, 256 if moved else 20)
    return Look(
        at_ms=at_ms, score=round(chance.random(), 3), grid=bytes(cells), level="borders" if moved else "keyframes"
    )


def fact(number: int, chance: random.Random) -> SegmentScanned:
    """The verdict of a number, of one of 50 cameras."""
    return verdict(f"camera-{number % 50}", START_MS + number // 50 * 6000, chance)


def answer(number: int, chance: random.Random) -> SegmentScanned:
    """A verdict of the one camera that is watched."""
    return verdict("answers", START_MS + number * 6000, chance)


SCANS = Case(
    projection=registry.MOTION, row=ScanRow, fact=fact, shape=FACT, of_fact=OF_FACT, answer=answer,
    shown=f"SELECT intDiv(start_ms - {START_MS}, 6000) FROM {{public}}.segment_scans WHERE media = 'answers'",
)  # fmt: skip


def fill(settings: Settings, database: Database) -> str:
    """A month of one camera in the public tables, a week one part; the physical table."""
    generations = Generations(settings, database)
    generations.prepare()
    for projection in (registry.SEGMENTS, registry.REPROCESS, registry.MOTION):
        generations.create_tables(projection, 1)
        generations.publish(projection, 1)
    table, chance = f"{generations.database_of('motion', 1)}.segment_scans", random.Random(3)
    told = (verdict("gate", START_MS + number * 6000, chance) for number in range(MONTH))
    made = (msgspec.json.encode(row) for offset, one in enumerate(told) for row in rows(one, 0, offset))
    while lines := b"\n".join(islice(made, 20_000)):
        database.insert_json(
            table, lines, columns(ScanRow), shape="JSONCompactEachRow", max_partitions_per_insert_block=0
        )
    database.command(f"OPTIMIZE TABLE {table} FINAL")
    return table


def sizes(database: Database, table: str, book: ledger.Ledger) -> None:
    """Tell what a verdict takes, column by column for information."""
    db, _, name = table.partition(".")
    sql = """SELECT column, sum(column_data_compressed_bytes) AS size FROM system.parts_columns
      WHERE database = {db:String} AND table = {name:String} AND active GROUP BY column ORDER BY size DESC"""
    found = {row["column"]: row["size"] / MONTH for row in database.rows(sql, {"db": db, "name": name})}
    most = ", ".join(f"{column} {size:.1f}" for column, size in list(found.items())[:6])
    book.tell("bytes a verdict", f"{sum(found.values()):.1f} ({most})")


def search(settings: Settings, database: Database, engine: int, days: int, book: ledger.Ledger) -> None:
    """Tell what a search of a region costs over the last ``days`` of the month."""
    reads = MotionReads(database, settings.database)
    end_ms = START_MS + MONTH * 6000
    asked = ScanSearch(
        media="gate", span=Span(end_ms - days * DAY_MS, end_ms), cells=tuple(grid.cells(REGION)), min_energy=100
    )
    spent = []
    for _ in range(5):
        engine_s, own_s = cpu_s(engine), time.process_time()
        found = reads.scans(asked, 1000)
        spent.append((cpu_s(engine) - engine_s + time.process_time() - own_s) * 1000)
        assert found
        assert all(max(one.seen) >= 100 for one in found)
    book.tell(f"a region searched in {days} days of a camera", f"{statistics.median(spent):.0f} ms CPU")


def month() -> None:
    """Measure and tell all about a month of one camera."""
    book = ledger.Ledger.of(ledger.parser(__doc__).parse_known_args()[0])
    with tempfile.TemporaryDirectory() as scratch, servers(Path(scratch) / "data") as settings:
        database, engine = Database(settings, timeout_s=600), engine_pid(Path(scratch))
        sizes(database, fill(settings, database), book)
        for days in (1, 7, 30):
            search(settings, database, engine, days, book)


if __name__ == "__main__":
    measure(SCANS, __doc__, "verdict to answer")
    month()
