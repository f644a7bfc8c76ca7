"""``sightlog ingest MEDIA FILE…``: existing footage becomes segments."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from cli.console import progress_bar
from cli.telling import tell
from infra import clock, kafka
from infra.log import FactLog
from infra.objects import ObjectStore, S3Store
from infra.plain import plain
from infra.settings import Settings, load
from producers.segments import cameras, manifests
from producers.segments.ingest import DirectArchive, Ingested, Start, length_ms, parse_time, start_of, store_file
from producers.segments.source import SourceFailed
from schemas import media as media_names
from schemas.facts import MediaConfigured, MediaRemoved, SegmentRecorded

_LOOK_S = 1.0
_NEIGHBOUR_MS = 100
"""Files of one list that start this near to the end of the one before start exactly there."""


def ingest(
    media: Annotated[str, typer.Argument(help="Name of the camera the footage is of")],
    files: Annotated[list[Path], typer.Argument(help="Video files, folders with a segment list, or the lists")],
    start: Annotated[str, typer.Option(help="When the first file begins: ISO 8601 (UTC unless it says) or ms")] = "",
    follow: Annotated[bool, typer.Option(help="Keep taking what a list gains, until Ctrl-C")] = False,
    audio: Annotated[bool, typer.Option(help="Store sound too")] = True,
    data: Annotated[Path | None, typer.Option(help="Folder of the running stack (SIGHTLOG_DATA)")] = None,
) -> None:
    """Store existing footage (mp4, mkv, ts, avi, anything FFmpeg reads) as segments of a camera.

    The same file with the same start is the same footage: ingesting it again changes nothing. Without --start a file
    begins at its own creation time, else when it was last written less its length. A folder holds the files of
    ffmpeg's segment muxer and its list (csv, m3u8 or ffconcat).

    Examples:

        sightlog ingest gate holiday.mp4 --start 2026-08-01T12:00:00Z

        sightlog ingest gate old/*.mkv

        sightlog ingest gate /var/video/gate --follow
    """
    settings = load(data=data)
    settings.require_servers()
    try:
        name, start_ms = media_names.normalise(media), parse_time(start) if start else None
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    log = kafka.KafkaLog(settings, "ingest", delivery_timeout_ms=30_000)
    try:
        _introduce(name, settings, log)
        store = S3Store(settings)
        store.ensure_bucket()
        job = _Job(name, settings, store, log, audio)
        with suppress(KeyboardInterrupt):
            job.run(files, start_ms, follow)
    finally:
        log.close()
    raise typer.Exit(job.report())


@dataclass
class _Job:
    """One call of the command: where footage goes, and what became of the files."""

    media: str
    settings: Settings
    store: ObjectStore
    log: FactLog
    audio: bool
    done: list[Ingested] = field(default_factory=list)
    failed: int = 0
    _end_ms: int = 0

    def run(self, files: list[Path], start_ms: int | None, follow: bool) -> None:
        """Take every file in the order given. ``start_ms`` is when the first begins; others follow their own times."""
        for file in files:
            listed = _list_of(file)
            if listed is not None:
                self._take_list(listed, start_ms, follow)
            else:
                self._take(file, Start(start_ms, "") if start_ms is not None else None)
            start_ms = self._end_ms if start_ms is not None and self._end_ms else None

    def report(self) -> int:
        """Say what was done; the exit code."""
        frames, size = sum(one.frames for one in self.done), sum(one.size_bytes for one in self.done)
        segments = sum(one.segments for one in self.done)
        _say(f"{len(self.done)} files, {segments} segments, {frames} frames, {size / 1e6:.1f} MB; {self.failed} failed")
        return 2 if self.failed else 0

    def _take_list(self, path: Path, start_ms: int | None, follow: bool) -> None:
        taken: set[str] = set()
        base: tuple[int, float] | None = None
        while True:
            for piece in _pieces(path):
                if piece.name in taken:
                    continue
                taken.add(piece.name)
                file = path.parent / piece.name
                if base is None or piece.date:
                    base = (start_ms if start_ms is not None else self._base(file, piece), piece.offset_s)
                    start_ms = None
                at_ms = base[0] + round((piece.offset_s - base[1]) * 1000)
                near = abs(at_ms - self._end_ms) <= _NEIGHBOUR_MS
                self._take(file, Start(self._end_ms if near else at_ms, ""))
            if not follow:
                return
            clock.sleep_s(_LOOK_S)

    def _base(self, file: Path, piece: manifests.Piece) -> int:
        try:
            return parse_time(piece.date) if piece.date else start_of(file).at_ms
        except (SourceFailed, OSError):
            return clock.now_ms()  # the file is refused with its own line when it is taken

    def _take(self, file: Path, start: Start | None) -> None:
        """Store one file, or say in one line why not."""
        try:
            if not file.is_file():
                raise SourceFailed("no such file")
            begin = start or start_of(file)
            if begin.because:
                _say(f"{file.name}: begins {begin.at_ms} ms ({begin.because}; --start says otherwise)")
            self._store_file(file, begin.at_ms)
        except (SourceFailed, OSError) as error:
            self.failed += 1
            _say(f"{file}: not stored: {error}")

    def _store_file(self, file: Path, start_ms: int) -> None:
        facts: list[SegmentRecorded] = []
        with progress_bar() as progress:
            task = progress.add_task(plain(file.name), total=max(1, length_ms(file)))

            def show(fact: SegmentRecorded) -> None:
                facts.append(fact)
                progress.update(task, completed=fact.end_ms - start_ms)

            archive = DirectArchive(self.media, self.store, self.log, show)
            result = store_file(file, start_ms, archive, self.settings.segment_ms, audio=self.audio)
            progress.update(task, completed=max(1, length_ms(file)))
        result.segments, result.frames = len(facts), sum(fact.frames for fact in facts)
        result.size_bytes, self._end_ms = sum(fact.size_bytes for fact in facts), result.end_ms
        self.done.append(result)
        if result.dropped:
            _say(f"{file.name}: {result.dropped} pictures before a key frame left out")


def _introduce(media: str, settings: Settings, log: FactLog) -> None:
    """Make the camera known, when nobody has: footage of a camera nobody knows could not be asked for."""
    kafka.ensure_topics(settings, timeout_s=20)
    known = cameras.said(settings).get(media)
    if known is None or isinstance(known, MediaRemoved):
        fact = MediaConfigured(media=media, observed_ms=clock.now_ms(), changed_by="sightlog ingest")
        log.append(fact).result(60)
        _say(f"camera {media} is new: added without a source")


def _list_of(path: Path) -> Path | None:
    """The segment list that a folder holds or a path is; None for a plain file."""
    if path.is_dir():
        found = sorted(inner for inner in path.iterdir() if inner.suffix in manifests.NAMES)
        if not found:
            raise typer.BadParameter(f"{path} holds no list ({', '.join(manifests.NAMES)}); name the files instead")
        return found[0]
    return path if path.suffix in manifests.NAMES else None


def _pieces(path: Path) -> Iterator[manifests.Piece]:
    try:
        yield from manifests.parse(path.name, path.read_text("utf-8", "replace"))
    except (ValueError, OSError) as error:
        raise typer.BadParameter(f"{path}: {error}") from None


def _say(line: str) -> None:
    tell(line, err=True)
