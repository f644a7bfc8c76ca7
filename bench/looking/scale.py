"""Whether the cost grows with the work alone: more cameras, and more of the past judged anew from its stored looks."""

import tempfile
import time
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from msgspec.structs import replace

from bench import ledger
from bench.looking.clips import Clip, Footage, footage
from bench.looking.engines import tasks_of
from infra.ranges import FolderBytes
from processors.motion.detector import Task
from processors.motion.detectors.registry import detector
from processors.motion.rules.spans import judged_many
from schemas.facts import Look, MotionConfig, SegmentRecorded
from schemas.intervals import Span
from schemas.runs import run_id

SIZES = 1, 4, 16
_CAMERA_S = 60
_JUDGED = 5_000
"""Segments, at 1 x."""
JUDGED_TARGET = 20_000
_ANEW = MotionConfig(sensitivity=65, min_area=0.004)

Looked = tuple[Span, tuple[Look, ...]]


def tell(still: Clip, lively: Sequence[Clip], book: ledger.Ledger) -> None:
    """What a still camera's minute costs beside few and many others, and how fast looks at lively ones are judged."""
    with tempfile.TemporaryDirectory() as folder:
        whole = footage(still, Path(folder))
        for size in SIZES:
            cpu_s = _cameras(whole, size)
            figure = f"{cpu_s * 1000:.0f} ms CPU per camera and minute, {_CAMERA_S / cpu_s:.0f} x real time a core"
            book.tell(f"motion, {size} still cameras in turn", figure)
        looked = [one for clip in lively for one in _looks(footage(clip, Path(folder)))]
    for size in SIZES:
        rate = _judged([looked[number % len(looked)] for number in range(_JUDGED * size)])
        name = f"motion, {_JUDGED * size:,} segments judged anew from stored looks"
        book.tell(name, f"{rate:,.0f} segments a second", f">= {JUDGED_TARGET:,}", rate >= JUDGED_TARGET)


def _cameras(whole: Footage, count: int) -> float:
    """CPU seconds per camera, where so many record the same minute, segment by segment in turn; the segment before it,
    from which each was learned, is not counted."""
    engine, source = detector(MotionConfig().detector), FolderBytes(whole.folder)
    begins_ms = whole.segments[0].end_ms
    minute = [one for one in whole.segments if one.start_ms < begins_ms + _CAMERA_S * 1000]
    first, *rest = zip(*(_tasks(minute, f"camera-{number}") for number in range(count)), strict=True)
    for task in first:
        engine.scan(task, source)
    began_s = time.process_time()
    for task in chain(*rest):
        engine.scan(task, source)
    return (time.process_time() - began_s) / count


def _tasks(segments: list[SegmentRecorded], media: str) -> list[Task]:
    """The same segments as another camera's."""
    config = MotionConfig()
    run = run_id(media, segments[0].start_ms, segments[0].origin)
    own = [replace(one, media=media, run_id=run) for one in segments]
    return list(tasks_of(own, detector(config.detector), config))


def _looks(whole: Footage) -> list[Looked]:
    """What is stored of the clip's segments."""
    config = MotionConfig()
    engine, source = detector(config.detector), FolderBytes(whole.folder)
    tasks = tasks_of(whole.segments, engine, config)
    return [(Span(one.segment.start_ms, one.segment.end_ms), engine.scan(one, source).looks) for one in tasks]


def _judged(segments: list[Looked]) -> float:
    """Segments a CPU second."""
    began_s = time.process_time()
    judged_many(segments, _ANEW)
    return len(segments) / (time.process_time() - began_s)
