"""A file looked at as the archive's footage is: cut into segments, judged, joined into episodes; nothing is stored."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cli.motion.sheet import MOST, WIDTH
from infra.ranges import FolderBytes
from processors.motion import joining
from processors.motion.detector import Bytes, Detector, Found, Task
from processors.motion.entry import verdicts
from processors.motion.entry.chain import anchor_ms, known, whole_chain
from processors.motion.entry.messages import Judged
from processors.motion.frames.reader import Reader, Unreadable
from processors.pictures.shown import key_of
from producers.segments.folder import FolderArchive
from producers.segments.ingest import store_file
from schemas.episode import EpisodeRecord
from schemas.facts import MotionConfig, SegmentRecorded, SegmentScanned

MEDIA = "try"
OnProgress = Callable[[int], None]
"""Told how many ms of the file are done."""


@dataclass(frozen=True)
class Trial:
    """What became of one file."""

    verdicts: Sequence[SegmentScanned]
    """Of its segments, ascending."""
    episodes: Sequence[EpisodeRecord]
    """As they would stand on the archive, ascending."""
    pictures: Mapping[int, bytes]
    """Strongest moment of an episode, ms of the file → JPEG; of the strongest episodes."""
    footage_ms: int
    bytes_stored: int
    bytes_read: int
    cpu_s: float
    """Of the looking alone: decoding, comparing and deciding."""


class Counted:
    """Footage that counts what is read of it. See ``Bytes``."""

    def __init__(self, footage: Bytes) -> None:
        self._footage = footage
        self.bytes_read = 0

    def ranges(self, key: str, parts: Sequence[tuple[int, int]]) -> list[bytes]:
        """See Bytes.ranges."""
        read = self._footage.ranges(key, parts)
        self.bytes_read += sum(map(len, read))
        return read


def cut(file: Path, folder: Path, start_ms: int, segment_ms: int, on_progress: OnProgress) -> list[SegmentRecorded]:
    """The file as segments in ``folder``, as ``sightlog ingest`` cuts it, without sound. Raises SourceFailed."""
    archive = FolderArchive(MEDIA, folder, lambda fact: on_progress(fact.end_ms - start_ms))
    store_file(file, start_ms, archive, segment_ms, audio=False)
    return archive.segments


def tried(
    segments: Sequence[SegmentRecorded], folder: Path, config: MotionConfig, detector: Detector,
    is_sought: Callable[[SegmentRecorded], bool], on_progress: OnProgress,
) -> Trial:  # fmt: skip
    """What the detector finds in the segments. ``is_sought``: whether motion counts at the hour of a segment."""
    footage, facts = Counted(FolderBytes(folder)), list[SegmentScanned]()
    began_s = time.process_time()
    for number, segment in enumerate(segments):
        found = NOT_SOUGHT
        if is_sought(segment):
            found = detector.scan(Task(segment, _chain(segments, number, detector), config), footage)
        facts.append(_fact(segment, found, config))
        on_progress(segment.end_ms - segments[0].start_ms)
    cpu_s, found_episodes = time.process_time() - began_s, list(episodes(facts))
    return Trial(
        facts, found_episodes, dict(_pictures(segments, folder, found_episodes)),
        sum(one.end_ms - one.start_ms for one in segments), sum(one.size_bytes for one in segments),
        footage.bytes_read, cpu_s,
    )  # fmt: skip


NOT_SOUGHT = Found("still", "none", "motion is not sought at this hour")
"""As the motion processor says of such footage."""


def episodes(facts: Sequence[SegmentScanned]) -> Iterator[EpisodeRecord]:
    """The last version of every episode that the verdicts make, by its start."""
    state, saves = joining.JoinState(), list[EpisodeRecord]()
    for offset, verdict in enumerate(facts):
        state, told = joining.step(state, verdict, offset, 0, _WAIT_MS)
        saves += told
    if facts:
        _, told = joining.pass_time(state, MEDIA, facts[-1].observed_ms + 2 * _WAIT_MS, _WAIT_MS)
        saves += told
    last = {save.episode_id: save for save in saves}
    yield from sorted(last.values(), key=lambda save: save.started_at or save.opened_at)


_WAIT_MS = 86_400_000
"""Nothing comes late here: each verdict is followed by the next, and the last by nothing."""


def _chain(segments: Sequence[SegmentRecorded], number: int, detector: Detector) -> tuple[SegmentRecorded, ...]:
    segment = segments[number]
    anchor = anchor_ms(segment.start_ms, detector.epoch_ms, detector.warm_ms)
    first = number
    while first and segments[first - 1].end_ms > anchor:
        first -= 1
    return whole_chain(segment, segments[first:number], detector.epoch_ms, detector.warm_ms)


def _pictures(
    segments: Sequence[SegmentRecorded], folder: Path, found: Sequence[EpisodeRecord]
) -> Iterator[tuple[int, bytes]]:
    strongest = sorted(found, key=lambda one: -(one.score or 0))[:MOST]
    for at_ms in sorted((one.payload or {}).get("peak_ms", -1) for one in strongest):
        for segment in segments:
            if segment.start_ms <= at_ms < segment.end_ms:
                with suppress(Unreadable):  # the detector has said so of the whole segment, or could read enough of it
                    yield at_ms - segments[0].start_ms, Reader(segment, FolderBytes(folder)).jpeg(at_ms, WIDTH)


def _fact(segment: SegmentRecorded, found: Found, config: MotionConfig) -> SegmentScanned:
    key = key_of(found.preview) if found.preview else None
    said = Judged(
        0, found.verdict, found.level, found.reason, found.spans, found.looks, found.baseline_from_ms, key,
        found.preview_ms,
    )  # fmt: skip
    return verdicts.judged(known(segment, b"", segment.end_ms), config, said, "", segment.end_ms)
