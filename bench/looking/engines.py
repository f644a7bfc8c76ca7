"""The product's detectors over footage, called as the motion processor calls them, with what they cost."""

import time
from collections.abc import Iterable, Sequence

from bench.looking.clips import START_MS, Findings, Footage
from infra.ranges import FolderBytes
from processors.motion.detector import Bytes, Detector, Found, Task
from processors.motion.detectors.registry import detector
from processors.motion.entry.chain import whole_chain
from schemas.facts import MotionConfig, SegmentRecorded
from schemas.intervals import Span, subtract, union


class Counted:
    """Footage that is counted as it is read. See ``Bytes``."""

    def __init__(self, footage: Bytes) -> None:
        self.read_bytes = 0
        self._footage = footage

    def ranges(self, key: str, parts: Sequence[tuple[int, int]]) -> list[bytes]:
        """See Bytes.ranges."""
        read = self._footage.ranges(key, parts)
        self.read_bytes += sum(map(len, read))
        return read


def looked(footage: Footage, config: MotionConfig) -> Findings:
    """What the config's detector tells of footage that it never saw before."""
    source, engine = Counted(FolderBytes(footage.folder)), detector(config.detector)
    tasks = list(tasks_of(footage.segments, engine, config))
    began_s = time.process_time()
    found = [engine.scan(task, source) for task in tasks]
    cpu_s = time.process_time() - began_s
    spans = told([(task.segment, one) for task, one in zip(tasks, found, strict=True)])
    own = tuple(Span(start - START_MS, end - START_MS) for start, end in spans)
    return Findings(own, cpu_s, source.read_bytes, footage.size_bytes)


def tasks_of(segments: Sequence[SegmentRecorded], engine: Detector, config: MotionConfig) -> Iterable[Task]:
    """The segments in order, each with its chain."""
    for segment in segments:
        yield Task(segment, whole_chain(segment, segments, engine.epoch_ms, engine.warm_ms), config)


def told(verdicts: Sequence[tuple[SegmentRecorded, Found]]) -> list[Span]:
    """The motion of verdicts in order: a later one counts where it speaks of the end of the segment before it."""
    spans: list[Span] = []
    for segment, found in verdicts:
        from_ms = min(segment.start_ms, found.looks[0].at_ms) if found.looks else segment.start_ms
        own = [Span(span.start_ms, span.end_ms) for span in found.spans]
        spans = union([*subtract(spans, [Span(from_ms, segment.end_ms)]), *own])
    return spans
