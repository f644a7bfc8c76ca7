from hypothesis import given
from hypothesis import strategies as st

from projections.segments.audit import Footprint, SegmentId, compare, live_segments
from schemas.facts import Keyframe, RecordingGap, SegmentRecorded, SegmentsDeleted
from schemas.media import segment_key


def recorded(media: str, start_ms: int) -> SegmentRecorded:
    return SegmentRecorded(
        media=media, observed_ms=start_ms + 6100, start_ms=start_ms, end_ms=start_ms + 6000,
        object_key=segment_key(media, start_ms), size_bytes=100 + start_ms, sha256="0" * 64, video_codec="h264",
        width_px=64, height_px=48, frames=60, run_id="r", init_len=10, codecs="avc1.640028",
        keyframes=(Keyframe(at_ms=start_ms, byte_offset=50, size_bytes=10),), gop_bytes=(5,),
    )  # fmt: skip


def deleted(media: str, *starts_ms: int) -> SegmentsDeleted:
    return SegmentsDeleted(
        media=media, observed_ms=9, start_ms=min(starts_ms), end_ms=max(starts_ms) + 6000,
        segment_starts_ms=starts_ms, size_bytes=1, expiration_id=1,
    )  # fmt: skip


FACTS = [recorded("a", 1), recorded("a", 2), recorded("b", 1), recorded("a", 1)]
LIVE = live_segments(FACTS)
OBJECTS = {footprint.object_key: footprint.size_bytes for footprint in LIVE.values()}


def test_an_archive_that_agrees_is_whole_however_often_its_facts_were_told() -> None:
    audit = compare(LIVE, list(LIVE), OBJECTS, grace_before_ms=100)
    assert audit.is_whole
    assert (audit.facts, audit.rows, audit.objects) == (3, 3, 3)


def test_every_kind_of_disagreement_is_named() -> None:
    objects = {key: size for key, size in OBJECTS.items() if key != segment_key("b", 1)}
    objects |= {segment_key("a", 2): 1, segment_key("a", 50): 1, segment_key("a", 500): 1, "segments/notes.txt": 1}
    rows = [SegmentId("a", 1), SegmentId("a", 1), SegmentId("a", 2), SegmentId("c", 9)]
    audit = compare(LIVE, rows, objects, grace_before_ms=100)
    assert audit.rows_missing == [SegmentId("b", 1)]
    assert audit.rows_without_fact == [SegmentId("c", 9)]
    assert audit.rows_doubled == [SegmentId("a", 1)]
    assert audit.ghosts == [SegmentId("a", 2), SegmentId("b", 1)]
    assert audit.orphans == [segment_key("a", 50), "segments/notes.txt"]
    assert not audit.is_whole


def test_deleted_segments_are_not_live_and_gaps_never_were() -> None:
    gap = RecordingGap(media="a", observed_ms=1, start_ms=9, reason="source_lost")
    assert set(live_segments([*FACTS, gap, deleted("a", 1, 2)])) == {SegmentId("b", 1)}


@given(st.sets(st.integers(1, 50)), st.sets(st.integers(1, 50)))
def test_whole_exactly_when_the_three_sets_are_equal(facts: set[int], others: set[int]) -> None:
    live = {SegmentId("a", n): Footprint(segment_key("a", n), n) for n in facts}
    rows = [SegmentId("a", n) for n in others]
    objects = {segment_key("a", n): n for n in others}
    assert compare(live, rows, objects, grace_before_ms=1000).is_whole == (facts == others)
