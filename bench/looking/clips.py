"""Clips with their truth, and the same cut into segments as the product does it."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bench.looking.scoring import Truth, truth
from producers.segments.folder import FolderArchive
from producers.segments.ingest import store_file
from schemas.facts import SegmentRecorded
from schemas.intervals import Span

START_MS = 1_790_000_000_000
SEGMENT_MS = 6000


class Clip(NamedTuple):
    """A file and what happens in it."""

    path: Path
    truth: Truth

    @property
    def name(self) -> str:
        """Of its file."""
        return self.path.stem

    @property
    def seconds(self) -> float:
        """Its length."""
        return self.truth.length_ms / 1000


class Footage(NamedTuple):
    """A clip as segments; times of the clip begin at ``START_MS``."""

    clip: Clip
    folder: Path
    segments: tuple[SegmentRecorded, ...]

    @property
    def size_bytes(self) -> int:
        """Of all segments."""
        return sum(one.size_bytes for one in self.segments)


class Findings(NamedTuple):
    """What an engine told of a clip, ms from its beginning, and what that cost."""

    spans: tuple[Span, ...]
    cpu_s: float
    read_bytes: int
    of_bytes: int
    """Size of the footage."""


def clip(path: Path) -> Clip:
    """The clip of this file; its truth stands beside it."""
    return Clip(path, truth(json.loads(path.with_suffix(".json").read_text())))


def clips(folder: Path, names: Sequence[str] = ()) -> list[Clip]:
    """Those of a folder that have a truth, by name; ``names``: only those."""
    found = sorted(path for path in folder.glob("*.mp4") if path.with_suffix(".json").exists())
    return [clip(path) for path in found if not names or path.stem in names]


def footage(one: Clip, folder: Path, media: str = "") -> Footage:
    """The clip cut into segments in a folder. Raises SourceFailed."""
    archive = FolderArchive(media or one.name, folder)
    store_file(one.path, START_MS, archive, SEGMENT_MS)
    return Footage(one, folder, tuple(archive.segments))
