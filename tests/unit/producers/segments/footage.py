"""Samples, formats and recordings in memory, for tests of what is written."""

import io
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.spool import Lane
from producers.segments import libav, rules
from producers.segments.draft import Draft
from producers.segments.groups import Assembler
from producers.segments.rules import Timeline
from producers.segments.samples import Format, Sample
from producers.segments.segmenter import LivePlacement, Placement, Segmenter
from producers.segments.source import Item
from schemas import codec, topics
from schemas.facts import GapReason, RecordingGap, SegmentRecorded
from tests.integration import clips

START_MS = 1_790_000_000_000


def facts_of(lane: Lane) -> list[SegmentRecorded | RecordingGap]:
    """The facts in a lane's notes, oldest first."""
    return [codec.decode(topics.SEGMENTS.name, entry.note.read_bytes()) for entry in lane.entries]


class MemoryArchive:
    """What a segmenter wrote: facts and objects, and the holes it named."""

    def __init__(self, end_ms: int | None = None) -> None:
        self.timeline = Timeline("cam", end_ms)
        self.segments: list[tuple[SegmentRecorded, bytes]] = []
        self.holes: list[tuple[int, int, GapReason]] = []
        self._open = io.BytesIO()

    def begin(self, start_ms: int, hole: GapReason) -> None:
        end_ms = self.timeline.end_ms
        if end_ms is not None and start_ms != end_ms:
            self.holes.append((end_ms, start_ms, hole))
        self._open = io.BytesIO()

    def write(self, data: bytes) -> None:
        self._open.write(data)

    def commit(self, draft: Draft, end_ms: int) -> None:
        fact = draft.fact(end_ms, end_ms)
        self.timeline = rules.record(self.timeline, fact.end_ms)
        self.segments.append((fact, self._open.getvalue()))

    @property
    def facts(self) -> list[SegmentRecorded]:
        return [fact for fact, _ in self.segments]


@cache
def clip(*, bframes: int = 0, codec: str = "libx264", sound: str | None = None) -> bytes:
    """Five seconds at 25 pictures a second, a key frame every second."""
    with TemporaryDirectory() as folder:
        name = "clip.mkv" if sound else "clip.mp4"
        made = clips.make(Path(folder) / name, seconds=5, bframes=bframes, codec=codec, sound=sound, size=(96, 112))
        return made.read_bytes()


@cache
def items(*, bframes: int = 0, codec: str = "libx264", sound: str | None = None) -> tuple[Item, ...]:
    """What a source says of that clip."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mkv"
        path.write_bytes(clip(bframes=bframes, codec=codec, sound=sound))
        source = libav.connect(str(path), audio=sound is not None, timeout_s=10)
        try:
            return tuple(source.items())
        finally:
            source.close()


@cache
def plain_format() -> Format:
    return next(item for item in items() if isinstance(item, Format))


@cache
def plain_format_at(timescale: int) -> Format:
    """The same at another timescale; its init section still names its own."""
    made = plain_format()
    return replace(made, video=replace(made.video, timescale=timescale))


def record(
    archive: MemoryArchive,
    said: tuple[Item, ...] | list[Item],
    *,
    segment_ms: int = 2000,
    start_ms: int = START_MS,
    placement: Placement | None = None,
    jump_ms: int = rules.LIVE_JUMP_MS,
) -> MemoryArchive:
    """One connection, each sample arriving just when it is due."""
    assembler = Assembler(jump_ms)
    segmenter = Segmenter("cam", archive, placement or LivePlacement(), segment_ms)
    first: int | None = None
    timescale = 1
    for item in said:
        if isinstance(item, Format):
            timescale = item.video.timescale
            groups = assembler.switch(item)
        else:
            due = item.pts if item.dts is None else item.dts
            first = due if first is None and item.video else first
            groups = assembler.add(item, start_ms + (due - (first or 0)) * 1000 // timescale)
        for group in groups:
            segmenter.push(group)
    for group in assembler.end():
        segmenter.push(group)
    segmenter.finish()
    return archive


def pictures(said: tuple[Item, ...] | list[Item]) -> list[Sample]:
    return [item for item in said if isinstance(item, Sample) and item.video]
