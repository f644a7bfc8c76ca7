"""SegmentRecorded, SegmentsDeleted, RecordingGap → rows of ``segments``, ``deletions``, ``recording_gaps``. Pure."""

from collections.abc import Sequence

from msgspec import Struct

from projections.columns import LAST_MS
from schemas.errors import BadFact
from schemas.facts import RecordingGap, SegmentRecorded, SegmentsDeleted


class SegmentRow(Struct, frozen=True, array_like=True, gc=False):
    """One row of ``segments``, fields in column order."""

    media: str
    start_ms: int
    end_ms: int
    observed_ms: int
    object_key: str
    size_bytes: int
    sha256: str
    container: str
    video_codec: str
    audio_codec: str
    codecs: str
    width_px: int
    height_px: int
    frames: int
    run_id: str
    init_len: int
    keyframe_ms: Sequence[int]
    keyframe_offset: Sequence[int]
    keyframe_bytes: Sequence[int]
    gop_bytes: Sequence[int]
    origin: str
    is_deleted: int
    src_partition: int
    src_offset: int


class GapRow(Struct, frozen=True, array_like=True, gc=False):
    """One row of ``recording_gaps``, fields in column order."""

    media: str
    start_ms: int
    end_ms: int | None
    observed_ms: int
    reason: str
    detail: str
    src_partition: int
    src_offset: int


class DeletionRow(Struct, frozen=True, array_like=True, gc=False):
    """One row of ``deletions``, fields in column order."""

    media: str
    start_ms: int
    end_ms: int
    expiration_id: int
    observed_ms: int
    segments: int
    size_bytes: int
    src_partition: int
    src_offset: int


def rows(fact: object, partition: int, offset: int) -> Sequence[Struct]:
    """The rows a fact of topic ``segments`` makes; the same for the same fact at the same position."""
    if isinstance(fact, SegmentRecorded):
        return (_recorded(fact, partition, offset),)
    if isinstance(fact, RecordingGap):
        return (_gap(fact, partition, offset),)
    if isinstance(fact, SegmentsDeleted):
        gone = [_tombstone(fact, start_ms, partition, offset) for start_ms in fact.segment_starts_ms]
        return [*gone, _deletion(fact, partition, offset)]
    raise BadFact(f"{type(fact).__name__} makes no segment row")


def _recorded(fact: SegmentRecorded, partition: int, offset: int) -> SegmentRow:
    keyframes = fact.keyframes
    _require_storable(fact)
    return SegmentRow(
        fact.media, fact.start_ms, fact.end_ms, fact.observed_ms, fact.object_key, fact.size_bytes, fact.sha256,
        fact.container, fact.video_codec, fact.audio_codec or "", fact.codecs, fact.width_px, fact.height_px,
        fact.frames, fact.run_id, fact.init_len,
        [frame.at_ms for frame in keyframes], [frame.byte_offset for frame in keyframes],
        [frame.size_bytes for frame in keyframes], fact.gop_bytes, fact.origin, 0, partition, offset,
    )  # fmt: skip


def _require_storable(fact: SegmentRecorded) -> None:
    """The engine wraps a number that its column cannot hold, without a word; so it must not get one."""
    if fact.end_ms > LAST_MS:
        raise BadFact(f"end_ms {fact.end_ms} is after the year 2299")
    numbers = fact.width_px | fact.height_px | fact.frames | fact.init_len | max(fact.gop_bytes, default=0)
    if (numbers | fact.size_bytes) >> 32:
        largest = max((frame.size_bytes for frame in fact.keyframes), default=0)
        if (numbers | largest) >> 32 or fact.size_bytes >> 63:
            raise BadFact("a size or count is too large for its column (32 bits; size_bytes 63 bits)")


def _gap(fact: RecordingGap, partition: int, offset: int) -> GapRow:
    return GapRow(fact.media, fact.start_ms, fact.end_ms, fact.observed_ms, fact.reason, fact.detail, partition, offset)


def _tombstone(fact: SegmentsDeleted, start_ms: int, partition: int, offset: int) -> SegmentRow:
    """Same key, nothing else kept: the engine drops the older row when it meets this one."""
    return SegmentRow(
        fact.media, start_ms, start_ms, fact.observed_ms, "", 0, "", "", "", "", "", 0, 0, 0, "", 0,
        (), (), (), (), "", 1, partition, offset,
    )  # fmt: skip


def _deletion(fact: SegmentsDeleted, partition: int, offset: int) -> DeletionRow:
    if fact.end_ms > LAST_MS or fact.size_bytes >> 63:
        raise BadFact(f"end_ms {fact.end_ms} is after the year 2299, or size_bytes {fact.size_bytes} has over 63 bits")
    return DeletionRow(
        fact.media, fact.start_ms, fact.end_ms, fact.expiration_id, fact.observed_ms, len(fact.segment_starts_ms),
        fact.size_bytes, partition, offset,
    )  # fmt: skip
