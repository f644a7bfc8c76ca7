"""Existing footage becomes segments: the recorder's own segment writer, run over files as fast as they can be read."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Protocol

from av.container import InputContainer

from infra.clock import now_ms
from infra.log import FactLog, Position
from infra.objects import ObjectStore
from producers.segments import libav, rules
from producers.segments.boxes import BadMovie
from producers.segments.draft import Draft
from producers.segments.groups import Assembler
from producers.segments.rules import Timeline
from producers.segments.samples import Format
from producers.segments.segmenter import Archive, FilePlacement, Segmenter
from producers.segments.source import Source, SourceFailed
from schemas.facts import GapReason, SegmentRecorded

_OPEN_S = 30.0
_ACK_S = 150.0
_IN_FLIGHT = 16

OnSegment = Callable[[SegmentRecorded], None]


class Start(NamedTuple):
    """When a file begins, and how that is known (for people)."""

    at_ms: int
    because: str


@dataclass
class Ingested:
    """What became of one file."""

    path: Path
    start_ms: int
    end_ms: int = 0
    segments: int = 0
    frames: int = 0
    size_bytes: int = 0
    dropped: int = 0
    """Pictures before the first key frame, which nothing can show."""


class SettledArchive(Archive, Protocol):
    """An archive that can be waited for."""

    def settle(self) -> None:
        """Wait until everything committed is stored and told. Raises LogUnavailable."""


class DirectArchive:
    """An archive without a spool: object stored, then fact appended. See ``segmenter.Archive``."""

    def __init__(self, media: str, store: ObjectStore, facts: FactLog, on_segment: OnSegment) -> None:
        self.timeline = Timeline(media)
        self._store, self._facts, self._on_segment = store, facts, on_segment
        self._parts: list[bytes] = []
        self._waiting: list[Future[Position]] = []

    def begin(self, start_ms: int, hole: GapReason) -> None:
        """See Archive.begin. A file's holes are its own: they are not stated as gaps."""
        self._parts = []

    def write(self, data: bytes) -> None:
        """See Archive.write."""
        self._parts.append(data)

    def commit(self, draft: Draft, end_ms: int) -> None:
        """See Archive.commit. Raises StoreUnavailable, StoreRefused or LogUnavailable."""
        fact = draft.fact(end_ms, now_ms())
        self._store.put(fact.object_key, b"".join(self._parts), "video/mp4", {"sha256": fact.sha256})
        self._waiting.append(self._facts.append(fact))
        if len(self._waiting) >= _IN_FLIGHT:
            self.settle()
        self.timeline = rules.record(self.timeline, fact.end_ms)
        self._on_segment(fact)

    def settle(self) -> None:
        """Wait until everything appended is acknowledged. Raises LogUnavailable."""
        for acknowledged in self._waiting:
            acknowledged.result(timeout=_ACK_S)
        self._waiting = []


def start_of(path: Path) -> Start:
    """When the file's footage begins: its own creation time, else the end of writing less its length.

    Raises SourceFailed for a file that cannot be read.
    """
    with _opened(path) as container:
        if told := container.metadata.get("creation_time"):
            return Start(parse_time(told), "creation time in the file")
        length_ms = (container.duration or 0) // 1000
    return Start(path.stat().st_mtime_ns // 1_000_000 - length_ms, "time of the last write less the length")


def length_ms(path: Path) -> int:
    """Length of the file as its container states it; 0 when it does not. Raises SourceFailed."""
    with _opened(path) as container:
        return (container.duration or 0) // 1000


def parse_time(text: str) -> int:
    """UTC ms of ISO 8601 (without a zone: UTC) or of a number of ms. Raises ValueError."""
    if text.strip().isdecimal():
        return int(text)
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{text!r} is not a time; write 2026-11-20T18:00:00Z, or milliseconds since 1970") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round(moment.timestamp() * 1000)


def store_file(path: Path, start_ms: int, archive: SettledArchive, segment_ms: int, *, audio: bool = True) -> Ingested:
    """Store one file as segments that begin at ``start_ms``; everything is acknowledged when this returns.

    The same file with the same start gives the same objects and the same identities. Raises SourceFailed when the
    file cannot be read to its end (what was read before stays), and what the store and the log raise.
    """
    done = Ingested(path, start_ms)
    source = libav.connect(str(path), audio=audio, timeout_s=_OPEN_S)
    assembler = Assembler(rules.FILE_JUMP_MS)
    segmenter = Segmenter(archive.timeline.media, archive, FilePlacement(start_ms), segment_ms, "ingest")
    try:
        failed = _pump(source, assembler, segmenter, start_ms)
        for group in assembler.end():
            segmenter.push(group)
        segmenter.finish()
    except BadMovie as error:  # times or sizes that no MP4 can hold
        failed = SourceFailed(f"unusable footage: {error}", "source_unreadable")
    finally:
        source.close()
        archive.settle()
    if failed:
        raise failed
    if archive.timeline.end_ms is None or archive.timeline.end_ms <= start_ms:
        raise SourceFailed("it holds no key frame that pictures could start from", "source_unreadable")
    done.dropped, done.end_ms = assembler.dropped, archive.timeline.end_ms
    return done


def _pump(source: Source, assembler: Assembler, segmenter: Segmenter, start_ms: int) -> SourceFailed | None:
    """Read the source to its end; why it could not be read further, when it could not."""
    try:
        for item in source.items():
            for group in assembler.switch(item) if isinstance(item, Format) else assembler.add(item, start_ms):
                segmenter.push(group)
    except SourceFailed as failed:
        return failed
    return None


def _opened(path: Path) -> InputContainer:
    return libav.connect(str(path), audio=False, timeout_s=_OPEN_S).container
