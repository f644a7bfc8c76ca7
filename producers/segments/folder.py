"""Footage cut into segments in a folder, where nothing is told to anybody: for looking at a file by itself."""

from pathlib import Path

from infra.clock import now_ms
from producers.segments import rules
from producers.segments.draft import Draft
from producers.segments.ingest import OnSegment
from producers.segments.rules import Timeline
from schemas.facts import GapReason, SegmentRecorded


class FolderArchive:
    """Objects as files, named by their keys; the facts of all segments so far, ascending. See ``segmenter.Archive``."""

    def __init__(self, media: str, folder: Path, on_segment: OnSegment = lambda _: None) -> None:
        self.timeline = Timeline(media)
        self.segments: list[SegmentRecorded] = []
        self._folder, self._on_segment = folder, on_segment
        self._parts: list[bytes] = []

    def begin(self, start_ms: int, hole: GapReason) -> None:
        """See Archive.begin."""
        self._parts = []

    def write(self, data: bytes) -> None:
        """See Archive.write."""
        self._parts.append(data)

    def commit(self, draft: Draft, end_ms: int) -> None:
        """See Archive.commit."""
        fact = draft.fact(end_ms, now_ms())
        path = self._folder / fact.object_key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(self._parts))
        self.timeline = rules.record(self.timeline, fact.end_ms)
        self.segments.append(fact)
        self._on_segment(fact)

    def settle(self) -> None:
        """Nothing is on its way: a file is written when ``commit`` returns."""
