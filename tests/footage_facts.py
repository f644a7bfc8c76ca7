"""Facts about footage for tests of projections: short to write, and right by the schemas."""

import random
from collections.abc import Iterable, Sequence

from infra.log import Record
from schemas import codec
from schemas.codec import AnyFact
from schemas.facts import Keyframe, RecordingGap, SegmentRecorded, SegmentsDeleted

START_MS = 1_767_225_600_000
"""2026-01-01T00:00:00Z, a Thursday."""


def segment(media: str = "cam1", start_ms: int = START_MS, length_ms: int = 6000, run: str = "r") -> SegmentRecorded:
    return SegmentRecorded(
        media=media, observed_ms=start_ms + length_ms + 100, start_ms=start_ms, end_ms=start_ms + length_ms,
        object_key=f"segments/{media}/{start_ms}.mp4", size_bytes=9000, sha256="0" * 64, video_codec="h264",
        width_px=640, height_px=360, frames=length_ms // 40, run_id=run, init_len=800, codecs="avc1.640028",
        keyframes=tuple(
            Keyframe(at_ms=at, byte_offset=800 + at - start_ms, size_bytes=300)
            for at in range(start_ms, start_ms + length_ms, 2000)
        ),
        gop_bytes=tuple(500 for _ in range(start_ms, start_ms + length_ms, 2000)),
    )  # fmt: skip


def gap(media: str = "cam1", start_ms: int = START_MS, end_ms: int | None = None) -> RecordingGap:
    return RecordingGap(
        media=media, observed_ms=end_ms or start_ms, start_ms=start_ms, end_ms=end_ms, reason="source_lost"
    )


def deleted(media: str, starts: Sequence[int]) -> SegmentsDeleted:
    return SegmentsDeleted(
        media=media, observed_ms=max(starts) + 90_000, start_ms=min(starts), end_ms=max(starts) + 6000,
        segment_starts_ms=tuple(sorted(starts)), size_bytes=1, expiration_id=7,
    )  # fmt: skip


def history(count: int, seed: int = 1, cameras: int = 3) -> list[AnyFact]:
    """A life of a few cameras: segments, some told twice or again with other content, gaps, deletions."""
    chance = random.Random(seed)
    facts: list[AnyFact] = []
    at = dict.fromkeys((f"cam{number}" for number in range(cameras)), START_MS)
    alive: dict[str, list[int]] = {media: [] for media in at}
    while len(facts) < count:
        media = chance.choice(sorted(at))
        kind = chance.random()
        if kind < 0.08 and alive[media]:
            gone = chance.sample(alive[media], k=min(3, len(alive[media])))
            facts.append(deleted(media, gone))
            alive[media] = [start for start in alive[media] if start not in gone]
        elif kind < 0.16:
            facts.append(gap(media, at[media]))
            at[media] += chance.randrange(1, 700_000_000)
            facts.append(gap(media, facts[-1].start_ms, at[media]))
        elif kind < 0.24 and alive[media]:
            facts.append(segment(media, chance.choice(alive[media]), chance.choice((4000, 6000)), run="again"))
        else:
            facts.append(segment(media, at[media]))
            alive[media].append(at[media])
            at[media] += 6000
    return facts[:count]


def on_topic(facts: Iterable[AnyFact], topic: str = "segments", partitions: int = 2) -> list[Record]:
    """The facts as records, the same media always on the same partition."""
    offsets = dict.fromkeys(range(partitions), 0)
    records = []
    for fact in facts:
        key = codec.key(fact)
        partition = sum(key) % partitions
        records.append(Record(topic, partition, offsets[partition], key, codec.encode(fact), 0))
        offsets[partition] += 1
    return records
