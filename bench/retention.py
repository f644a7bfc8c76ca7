"""Retention: ``python -m bench.retention``.

The fold with its real states on a disk, fed with encoded facts in batches as a worker takes them; without broker and
changelog, whose cost ``bench/lifecycle.py`` measures. Beside it a fold that decodes and forwards. CPU time of the
process; the same at 1 x, 4 x and 16 x the cameras. Then, at ten thousand cameras: what a tick costs at which all are
due, one that makes room, what it all weighs. ``--quick``: the smallest size alone.
"""

import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bench import ledger
from infra.settings import load
from processors.overlay import Overlay
from processors.retention.agent import processor
from processors.retention.rules.world import WINDOW
from processors.store import Store
from schemas import codec
from schemas.facts import FootageStored, LevelNoted, PolicyNoted, ProtectionNoted, Settled, SettlingStarted

TARGET = 5000
BATCH = 2000
TICK_MS = 10_000
SEGMENT_MS = 6000
START_MS = 1_767_225_600_000
DEPTH_MS = 600_000
CAPACITY = 10**15
SIZE = 1_500_000


class Archive:
    """Facts of so many cameras, as the entry tells them, and the fold that takes them."""

    def __init__(self, folder: Path, cameras: int, fold: Callable[[Any, Overlay], Sequence[Any]]) -> None:
        self.cameras, self._fold = cameras, fold
        self.store = Store(folder, "bench")
        self._at = self._source = self._rounds = self._minute = 0
        self.told = 0

    def run(self, facts: Iterator[Any]) -> tuple[int, float]:
        """(facts, CPU-seconds) of folding them."""
        values, spent_s, count = [codec.encode(fact) for fact in facts], 0.0, 0
        for first in range(0, len(values), BATCH):
            began_s = time.process_time()
            states = Overlay(self.store)
            for value in values[first : first + BATCH]:
                states.turn_to(0, self._at)
                outputs = self._fold(codec.decode("retention-inputs", value), states)
                self.told += len([codec.encode(output) for output in outputs])
                states.keep()
                self._at, count = self._at + 1, count + 1
            self.store.keep(states.writes(), {0: self._at})
            spent_s += time.process_time() - began_s
        return count, spent_s

    def policies(self) -> Iterator[Any]:
        for number in range(self.cameras):
            yield PolicyNoted(
                media=f"camera-{number}", observed_ms=START_MS, depth_ms=DEPTH_MS, keep_ms=None, quota_bytes=None,
                src_partition=number % 48, src_offset=number,
            )  # fmt: skip

    def hours(self, minutes: int, protected: float = 0.05) -> Iterator[Any]:
        """So many minutes of all cameras: ten segments each a minute, ranges now and then, ticks and rounds."""
        for _ in range(minutes):
            for part in range(6):
                for number in range(self.cameras):
                    if number % 6 == part:
                        yield from (self._stored(number, self._minute * 10 + segment) for segment in range(10))
                        if random.Random(self._source).random() < protected:
                            yield self._protected(number)
                yield from self.settling()
                yield self.tick()
            self._minute += 1

    def settling(self) -> Iterator[Any]:
        self._rounds += 1
        yield SettlingStarted(settle_id=self._rounds, observed_ms=START_MS)
        yield Settled(settle_id=self._rounds, observed_ms=START_MS, segment_ends=(self._source + 1,) * 48)

    def tick(self, passed_ms: int = TICK_MS, used_bytes: int = 0) -> LevelNoted:
        self._source += 1
        self._uptime_ms = getattr(self, "_uptime_ms", 0) + passed_ms
        return LevelNoted(
            store="s", observed_ms=START_MS, used_bytes=used_bytes, capacity_bytes=CAPACITY, boot_id="b",
            uptime_ms=self._uptime_ms, src_partition=0, src_offset=self._source,
        )  # fmt: skip

    def pass_by(self, facts: int) -> None:
        """As if so many facts of no account had come."""
        self._at += facts

    def _stored(self, number: int, segment: int) -> FootageStored:
        self._source += 1
        start_ms = START_MS + segment * SEGMENT_MS
        return FootageStored(
            media=f"camera-{number}", observed_ms=START_MS, start_ms=start_ms, end_ms=start_ms + SEGMENT_MS,
            size_bytes=SIZE, src_partition=number % 48, src_offset=self._source,
        )  # fmt: skip

    def _protected(self, number: int) -> ProtectionNoted:
        self._source += 1
        start_ms = START_MS + self._minute * 60_000
        return ProtectionNoted(
            media=f"camera-{number}", observed_ms=START_MS, start_ms=start_ms, end_ms=start_ms + 20_000,
            kinds=("episode",), src_partition=number % 48, src_offset=self._source,
        )  # fmt: skip


def rate(folder: Path, cameras: int, minutes: int, fold: Callable[[Any, Any], Sequence[Any]]) -> float:
    """Facts per CPU-second of a stream that is past its depth, so that footage comes and goes."""
    archive = Archive(folder, cameras, fold)
    archive.run(archive.policies())
    archive.run(archive.hours(minutes))
    facts, spent_s = archive.run(archive.hours(minutes))
    archive.store.close()
    return facts / spent_s


def ticks(folder: Path, cameras: int, fold: Callable[[Any, Any], Sequence[Any]], book: ledger.Ledger) -> None:
    """What a tick costs when every camera is due, and when room is made of what is protected."""
    archive = Archive(folder, cameras, fold)
    archive.run(archive.policies())
    archive.run(archive.hours(6, protected=0.5))
    archive.run(iter([archive.tick(DEPTH_MS + 600_000), *archive.settling()]))
    due = _until_quiet(archive, 0)
    book.tell(f"retention, {cameras:,} cameras due at once", _said(due))
    room = _until_quiet(archive, int(CAPACITY * 0.9) + 60 * cameras * SIZE)
    book.tell(f"retention, {cameras:,} cameras, room is made of protected footage", _said(room))
    pages = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    segments = 60 * cameras
    book.tell(
        f"retention, {cameras:,} cameras, {segments:,} segments",
        f"{archive.store.count():,} states, {pages:,.0f} MB on disk, {peak_mb:,} MB at most in memory",
    )
    archive.store.close()


def _until_quiet(archive: Archive, used_bytes: int) -> list[float]:
    """CPU-ms of each tick until one says nothing; 60 at most."""
    spent: list[float] = []
    while len(spent) < 60:
        before = archive.told
        archive.pass_by(WINDOW)  # what was decided before need not be remembered any more
        spent.append(archive.run(iter([archive.tick(1, used_bytes)]))[1] * 1000)
        if archive.told == before:
            break
    return spent


def _said(spent: list[float]) -> str:
    whole = f"{len(spent)} ticks" if len(spent) < 60 else "60 ticks and more"
    return f"{whole}, {sum(spent) / len(spent):.0f} ms CPU each, {max(spent):.0f} ms at most"


def main() -> None:
    """Measure and tell."""
    parser = ledger.parser(__doc__)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    book, sizes = ledger.Ledger.of(options), (1,) if options.quick else (1, 4, 16)
    ours = processor(load()).fold
    with tempfile.TemporaryDirectory() as scratch:
        for size in sizes:
            cameras = 60 * size
            own = rate(Path(scratch) / f"own-{size}", cameras, 20, ours)
            bare = rate(Path(scratch) / f"bare-{size}", cameras, 20, lambda fact, _states: (fact,))
            figure = f"{own:,.0f} facts per CPU-second, {own / bare:.2f} of a bare fold's {bare:,.0f}"
            book.tell(f"retention, {cameras:,} cameras", figure, f">= {TARGET:,}", own >= TARGET)
        ticks(Path(scratch) / "ticks", 500 if options.quick else 10_000, ours, book)


if __name__ == "__main__":
    main()
