"""Motion against DVR-Scan and a plain key-frame difference: ``python -m bench.motion [--full] [--scenes FOLDER]``.

Scenes with known truth are drawn (tests/scenes), cut into segments by the recorder's own writer, and judged through the
seam that the motion processor uses; the peers get the same files. Every engine runs on one core, in turns, while the
other cores are busy with the same kind of work; CPU seconds are counted, a peer's start-up is not, and DVR-Scan's
padding is taken off before its findings are scored. Sets: ``mixed`` (day, night, rain, lobby, clouds), ``short``
(movements of 0.5 to 1.6 s, thorough profile), ``codecs`` (H.265, B-frames, a key frame every 10 s) and ``archive``
(hardly anything moves). What the standard profile costs is a median of three runs; the others, which take up to 50
times as long, are run once.

``--full`` adds clips with real footage in ``../shared/clips``, where there are any, the sets ``hold`` and ``tune``, and
DVR-Scan's default over the archive.
"""

import argparse
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bench import ledger
from bench.looking import dvr_scan, scale, scoring
from bench.looking.clips import Clip, Findings, clips
from bench.looking.jobs import DIFFERENCE, Cores, Job, drawn, find
from bench.looking.scoring import Score
from tests.scenes.catalogue import SETS

RUNS = 3
SHARED = ledger.ROOT.parent / "shared" / "clips"
OURS, COARSE, THOROUGH, MOG2 = "cascade", "cascade, coarse", "cascade, thorough", "mog2"
DEFAULT, FASTEST = "DVR-Scan", "DVR-Scan's fastest"
REPEATED = (OURS,)
ENGINES = {
    "mixed": (OURS, COARSE, MOG2, DEFAULT, FASTEST, DIFFERENCE),
    "short": (OURS, THOROUGH, DEFAULT, FASTEST),
    "codecs": (OURS, DEFAULT, FASTEST),
    "archive": (OURS, FASTEST, DIFFERENCE),
}
FULL = {
    "mixed": (THOROUGH,),
    "archive": (DEFAULT,),
    "shared": (OURS, THOROUGH, DEFAULT, FASTEST),
    "hold": (OURS, THOROUGH, FASTEST),
    "tune": (OURS,),
}


class Row(NamedTuple):
    """One engine over one set."""

    seconds: float
    cpu_s: float
    score: Score
    read: float
    """Share of the bytes."""

    @property
    def speed(self) -> float:
        """Cameras that one core keeps up with."""
        return self.seconds / self.cpu_s

    def __str__(self) -> str:
        one = self.score
        return (
            f"{self.speed:.1f} x real time a core, recall {one.found}/{one.events}, F1 {one.f1:.2f}, borders off by "
            f"{one.border_s():.2f} s, nine in ten by {one.border_s(0.9):.2f} s, {one.false_s_per_hour:.0f} false s/h, "
            f"{self.read:.0%} of the bytes read"
        )


Rows = dict[tuple[str, str], Row]
"""By set and engine."""


def measured(sets: dict[str, list[Clip]], wanted: dict[str, Sequence[str]], cores: Cores, peer: Path) -> Rows:
    """Every wanted engine over the clips of its sets, interleaved."""
    jobs = [
        (name, Job(engine, clip))
        for run in range(RUNS)
        for name, engines in wanted.items()
        for clip in sets[name]
        for engine in engines
        if run == 0 or engine in REPEATED
    ]
    jobs.sort(key=lambda one: one[1].engine == DEFAULT, reverse=True)  # the longest first, so that no core waits
    done = cores.each(find, [job for _, job in jobs], peer)
    runs: dict[tuple[str, str, Path], list[tuple[Clip, Findings]]] = {}
    for (name, job), findings in zip(jobs, done, strict=True):
        runs.setdefault((name, job.engine, job.clip.path), []).append((job.clip, findings))
    return {
        (name, engine): _row([one for key, one in runs.items() if key[:2] == (name, engine)])
        for name, engine, _ in runs
    }


def _row(runs: Sequence[list[tuple[Clip, Findings]]]) -> Row:
    """Of the runs over each clip."""
    first = [clip_runs[0] for clip_runs in runs]
    cpu_s = sum(statistics.median(findings.cpu_s for _, findings in clip_runs) for clip_runs in runs)
    score = scoring.total(scoring.score(clip.truth, findings.spans) for clip, findings in first)
    read = sum(findings.read_bytes for _, findings in first) / sum(findings.of_bytes for _, findings in first)
    return Row(sum(clip.seconds for clip, _ in first), cpu_s, score, read)


def tell(rows: Rows, book: ledger.Ledger) -> None:
    """One line per engine and set, then one per target."""
    for (name, engine), row in rows.items():
        book.tell(f"motion, {name}, {engine}", str(row))
    archive, mixed, short, codecs = (
        rows["archive", OURS], rows["mixed", OURS], rows["short", THOROUGH], rows["codecs", OURS]
    )  # fmt: skip
    least(book, "archive, speed", archive.speed, 150, "x real time a core")
    ratio(book, "archive", archive, rows["archive", FASTEST], FASTEST, 20)
    book.tell("motion, archive, bytes read", f"{archive.read:.1%}", "<= 15 %", archive.read <= 0.15)
    ratio(book, "mixed", mixed, rows["mixed", DEFAULT], DEFAULT, 60)
    ratio(book, "mixed", mixed, rows["mixed", FASTEST], FASTEST, 10)
    least(book, "mixed, F1 at temporal IoU 0.5", mixed.score.f1, 0.97)
    false, theirs = mixed.score.false_s_per_hour, rows["mixed", DEFAULT].score.false_s_per_hour
    book.tell(
        "motion, mixed, false seconds", f"{false / max(theirs, 1e-9):.2f} of DVR-Scan's", "<= 1/3", 3 * false <= theirs
    )
    border_s = mixed.score.border_s(0.9)
    book.tell("motion, mixed, nine in ten borders", f"off by {border_s:.2f} s", "<= 0.5 s", border_s <= 0.5)
    least(book, "short, thorough, recall", short.score.recall, 0.95)
    ratio(book, "short, thorough", short, rows["short", DEFAULT], DEFAULT, 8)
    least(book, "codecs, recall", codecs.score.recall, 0.9)
    ratio(book, "codecs", codecs, rows["codecs", DEFAULT], DEFAULT, 15)


def least(book: ledger.Ledger, name: str, figure: float, target: float, unit: str = "") -> None:
    """A figure that is to be at least ``target``."""
    book.tell(f"motion, {name}", f"{figure:.3g} {unit}".strip(), f">= {target:g} {unit}".strip(), figure >= target)


def ratio(book: ledger.Ledger, name: str, ours: Row, peer: Row, called: str, target: float) -> None:
    """How many times as fast as a peer."""
    least(book, f"{name}, speed", ours.speed / peer.speed, target, f"x {called}")


def main() -> None:
    """Draw, measure and tell."""
    parser = ledger.parser(__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--full", action="store_true", help="all sets, and real clips")
    parser.add_argument("--scenes", type=Path, help="keep the scenes there, and DVR-Scan, for the next run")
    options = parser.parse_args()
    book = ledger.Ledger.of(options)
    wanted: dict[str, Sequence[str]] = dict(ENGINES)
    if options.full:
        wanted |= {name: (*ENGINES.get(name, ()), *more) for name, more in FULL.items()}
    with tempfile.TemporaryDirectory() as spare, Cores() as cores:
        folder = options.scenes or Path(spare)
        peer = dvr_scan.install(folder / "dvr-scan")
        sets = {name: cores.each(drawn, SETS[name], folder / name) for name in wanted if name in SETS}
        sets["shared"] = clips(SHARED) if options.full else []
        tell(measured(sets, wanted, cores, peer), book)
        scale.tell(sets["archive"][0], sets["mixed"], book)


if __name__ == "__main__":
    main()
