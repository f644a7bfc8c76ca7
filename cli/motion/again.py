"""A segment of the archive looked at once more, as it was then, telling every look and every step."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from infra.clickhouse import Database
from infra.ranges import Ranges
from infra.settings import Settings
from processors.motion.detector import Found, Seen, Task, Witness
from processors.motion.detectors.registry import detector
from processors.motion.entry.chain import anchor_ms, whole_chain
from processors.motion.frames.reader import Reader
from projections.segments.reads import SegmentReads, StoredSegment
from schemas.facts import Keyframe, MotionConfig, SegmentRecorded
from schemas.intervals import Span
from schemas.runs import begins_run

_MOST = 5_000
WIDTH = 960
"""Of the picture."""


class Gone(Exception):
    """The footage is not there any more; the message says so."""


class Again(NamedTuple):
    """What was seen this time."""

    found: Found
    seen: tuple[Seen, ...]
    """Every look, as it was taken."""
    steps: tuple[str, ...]
    """What was decided, in sentences."""
    chain: tuple[SegmentRecorded, ...]
    picture: bytes
    """JPEG of the moment that was asked for."""


def config_of(verdict: dict[str, Any], **changes: Any) -> MotionConfig:
    """The settings that a verdict of the API was made by, with ``changes``."""
    told = {name: value for name, value in verdict["parameters"].items() if name in MotionConfig.__struct_fields__}
    return msgspec.convert(told | {"detector": verdict["detector"]} | changes, MotionConfig)


def looked_again(settings: Settings, media: str, verdict: dict[str, Any], config: MotionConfig, at_ms: int) -> Again:
    """The segment of a verdict, by the baseline that the verdict had. Raises Gone, and what servers raise."""
    eye, witness = detector(config.detector), Witness()
    anchor = anchor_ms(verdict["start_ms"], eye.epoch_ms, eye.warm_ms)
    reads = SegmentReads(Database(settings), settings.database)
    known = [_fact(one) for one in reads.overlapping(media, Span(max(0, anchor), verdict["end_ms"]), _MOST)]
    segment = next((one for one in known if one.start_ms == verdict["start_ms"]), None)
    if segment is None:
        raise Gone("the footage of that moment is not there any more")
    chain = _learned(whole_chain(segment, known, eye.epoch_ms, eye.warm_ms), verdict["baseline_from_ms"])
    footage = Ranges(settings)
    try:
        found = eye.scan(Task(segment, chain, config), footage, witness)
        shown = next((one for one in known if one.start_ms <= at_ms < one.end_ms), segment)
        picture = Reader(shown, footage).jpeg(max(at_ms, shown.start_ms), WIDTH)
    finally:
        footage.close()
    return Again(found, tuple(witness.looks), tuple(witness.steps), chain, picture)


def _learned(chain: Sequence[SegmentRecorded], from_ms: int | None) -> tuple[SegmentRecorded, ...]:
    """Of the chain, what the verdict's baseline was learned from: some may have come too late for it."""
    return tuple(one for one in chain if from_ms is not None and one.start_ms >= from_ms)


def _fact(stored: StoredSegment) -> SegmentRecorded:
    """The fact that a row was made of, in all that matters to a detector."""
    keyframes = zip(stored.keyframe_ms, stored.keyframe_offset, stored.keyframe_bytes, strict=True)
    fact = SegmentRecorded(
        media=stored.media, start_ms=stored.start_ms, end_ms=stored.end_ms, observed_ms=stored.end_ms,
        object_key=stored.object_key, size_bytes=stored.size_bytes, sha256=stored.sha256,
        video_codec=stored.video_codec, audio_codec=stored.audio_codec or None, width_px=stored.width_px,
        height_px=stored.height_px, frames=stored.frames, run_id=stored.run_id, init_len=stored.init_len,
        codecs=stored.codecs, gop_bytes=stored.gop_bytes,
        keyframes=tuple(Keyframe(at_ms=at, byte_offset=offset, size_bytes=size) for at, offset, size in keyframes),
    )  # fmt: skip
    ingested = msgspec.structs.replace(fact, origin="ingest")
    return ingested if begins_run(ingested) else fact
