"""``sightlog motion try``: a file is cut, looked at and told, with a bar for each step on the way."""

import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from cli.console import add_row, progress_bar
from cli.motion import drawing, told, trial
from cli.motion.told import Stretch, moment
from cli.motion.trial import Trial
from cli.telling import tell, tell_json
from infra import zones
from infra.settings import Settings
from processors.motion.detectors.registry import detector
from processors.motion.entry.schedule import is_sought
from producers.segments.ingest import length_ms
from producers.segments.source import SourceFailed
from schemas.facts import MotionConfig, SegmentRecorded
from schemas.intervals import Span

_ENDS_MS = 1500
"""By so much a container may be wrong about its length."""


def run(file: Path, config: MotionConfig, settings: Settings, start_ms: int | None, out: Path, as_json: bool) -> None:
    """Print what moved in the file, and write the pictures into ``out``. ``start_ms`` None: no schedule counts."""
    try:
        done = _tried(file, config, settings, start_ms)
    except SourceFailed as error:
        tell(f"sightlog: {file}: {error}", err=True)
        raise typer.Exit(2) from None
    found = told.stretches(done.episodes, done.verdicts[0].start_ms)
    written = _drawn(file, out, done, found, config)
    if as_json:
        tell_json(told.as_json(done, found, config) | {"pictures": written})
        return
    _print(done, found, config)
    for path in written:
        tell(path)


def _tried(file: Path, config: MotionConfig, settings: Settings, start_ms: int | None) -> Trial:
    """Cut and look, with a bar for each."""

    def sought(segment: SegmentRecorded) -> bool:
        span = Span(segment.start_ms, segment.end_ms)
        clock = partial(zones.utc_ms, settings.time_zone)
        return config.enabled and (start_ms is None or is_sought(config.schedule, span, clock))

    with progress_bar() as bar, tempfile.TemporaryDirectory(prefix="sightlog-") as folder:
        length = max(1, length_ms(file))
        cutting = bar.add_task("reading", total=length)
        looking = bar.add_task("looking", total=length)
        place = Path(folder)
        segments = trial.cut(
            file, place, start_ms or 0, settings.segment_ms, lambda done_ms: bar.update(cutting, completed=done_ms)
        )
        if (read_ms := segments[-1].end_ms - segments[0].start_ms) < length - _ENDS_MS:
            tell(f"sightlog: {file} breaks off: {moment(read_ms)} of {moment(length)} can be read", err=True)
        eye = detector(config.detector)
        return trial.tried(segments, place, config, eye, sought, lambda done_ms: bar.update(looking, completed=done_ms))


def _drawn(file: Path, out: Path, done: Trial, found: Sequence[Stretch], config: MotionConfig) -> list[str]:
    """Write both pictures; where they are."""
    title = f"{file.name}: {len(found)} episodes, {config.profile}, sensitivity {config.sensitivity}"
    pictures = {
        ".jpg": told.contact_sheet(title, done, found, config),
        ".png": told.score_plot(title, done, found, config),
    }
    out.mkdir(parents=True, exist_ok=True)
    paths = {kind: out / f"{file.stem}.motion{kind}" for kind in pictures}
    for kind, picture in pictures.items():
        paths[kind].write_bytes(drawing.encoded(picture, kind))
    return [str(path) for path in paths.values()]


def _print(done: Trial, found: Sequence[Stretch], config: MotionConfig) -> None:
    table = Table("from", "to", "length", "score", "strongest", "zones", box=SIMPLE, pad_edge=False)
    for one in found:
        add_row(
            table, moment(one.start_ms), moment(one.end_ms), f"{(one.end_ms - one.start_ms) / 1000:.1f} s",
            f"{one.score:.2f}" if one.score else "-", moment(one.peak_ms), one.why or ", ".join(one.zones) or "-",
        )  # fmt: skip
    Console().print(table)
    at = ", ".join(
        f"{'>' if one.sensitivity == config.sensitivity else ''}{one.sensitivity}: {one.episodes} episodes,"
        f" {one.motion_ms / 1000:.0f} s"
        for one in told.others(done, config)
    )
    tell(f"by sensitivity  {at}")
    tell(f"cost            {told.cost(done)}")
