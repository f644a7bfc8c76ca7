from collections.abc import Mapping

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from projections.segments.audit import Audit, SegmentId, Stored, Told, compare, excused, touched
from projections.segments.packed import Ints
from schemas.facts import Keyframe, RecordingGap, SegmentRecorded, SegmentsDeleted
from schemas.media import segment_key
from tests.order_facts import order

PUT_MS = 50


def recorded(media: str, start_ms: int, key: str = "") -> SegmentRecorded:
    return SegmentRecorded(
        media=media, observed_ms=start_ms + 6100, start_ms=start_ms, end_ms=start_ms + 6000,
        object_key=key or segment_key(media, start_ms), size_bytes=100 + start_ms, sha256="0" * 64, video_codec="h264",
        width_px=64, height_px=48, frames=60, run_id="r", init_len=10, codecs="avc1.640028",
        keyframes=(Keyframe(at_ms=start_ms, byte_offset=50, size_bytes=10),), gop_bytes=(5,),
    )  # fmt: skip


def deleted(media: str, *starts_ms: int) -> SegmentsDeleted:
    return SegmentsDeleted(
        media=media, observed_ms=9, start_ms=min(starts_ms), end_ms=max(starts_ms) + 6000,
        segment_starts_ms=starts_ms, size_bytes=1, expiration_id=1,
    )  # fmt: skip


def stored(sizes: Mapping[str, int], put_ms: int = PUT_MS) -> Stored:
    made = Stored()
    for key, size_bytes in sizes.items():
        made.add(key, size_bytes, put_ms)
    return made


def rows(*segments: SegmentId) -> dict[str, Ints]:
    return {media: np.array([at for name, at in segments if name == media]) for media, _ in segments}


FACTS = [recorded("tył", 1), recorded("tył", 2), recorded("b", 1), recorded("tył", 1)]
LIVE = [SegmentId("b", 1), SegmentId("tył", 1), SegmentId("tył", 2)]
OBJECTS = {segment_key(*at): 100 + at.start_ms for at in LIVE}


def audited(sizes: Mapping[str, int] = OBJECTS, shown: list[SegmentId] = LIVE, told: Told | None = None) -> Audit:
    return compare(told or Told(FACTS), rows(*shown), stored(sizes), set(), grace_before_ms=100)


def test_an_archive_that_agrees_is_whole_however_often_its_facts_were_told() -> None:
    audit = audited()
    assert audit.is_whole
    assert (audit.facts, audit.rows, audit.objects) == (3, 3, 3)


def test_every_kind_of_disagreement_is_named() -> None:
    sizes = {key: size for key, size in OBJECTS.items() if key != segment_key("b", 1)}
    sizes |= {segment_key("tył", 2): 1, segment_key("tył", 50): 1, "segments/notes.txt": 1, "segments/a/b/c/d/1.mp4": 1}
    shown = [SegmentId("tył", 1), SegmentId("tył", 1), SegmentId("tył", 2), SegmentId("c", 9)]
    audit = audited(sizes, shown)
    assert audit.rows_missing == [SegmentId("b", 1)]
    assert audit.rows_without_fact == [SegmentId("c", 9)]
    assert audit.rows_doubled == [SegmentId("tył", 1)]
    assert audit.ghosts == [SegmentId("b", 1)]
    assert audit.damaged == [SegmentId("tył", 2)]
    assert audit.orphans == sorted([segment_key("tył", 50), "segments/a/b/c/d/1.mp4", "segments/notes.txt"])
    assert not audit.is_whole


def test_an_object_put_within_the_grace_may_be_on_its_way_to_a_fact_however_old_its_footage_is() -> None:
    found = stored(OBJECTS)
    found.add(segment_key("b", 2), 1, 100)
    found.add("segments/notes.txt", 1, 100)
    assert compare(Told(FACTS), rows(*LIVE), found, set(), grace_before_ms=100).is_whole


def test_what_facts_spoke_of_meanwhile_is_left_alone() -> None:
    newer = touched(
        [recorded("b", 7), deleted("tył", 1), RecordingGap(media="b", observed_ms=1, start_ms=9, reason="source_lost")]
    )
    assert newer == {SegmentId("b", 7), SegmentId("tył", 1)}
    shown, sizes = [*LIVE[:1], LIVE[2], SegmentId("b", 7)], OBJECTS | {segment_key("b", 7): 1}
    del sizes[segment_key("tył", 1)]
    audit = compare(Told(FACTS), rows(*shown), stored(sizes), newer, grace_before_ms=100)
    assert audit.is_whole


def test_an_object_that_an_order_has_just_deleted_is_no_ghost() -> None:
    audit = audited({segment_key("b", 1): 101})
    assert audit.ghosts == LIVE[1:]
    eased = excused(audit, [order([1], "tył"), order([1], "b")])
    assert (eased.ghosts, eased.going, eased.is_whole) == ([SegmentId("tył", 2)], 1, False)
    assert excused(audit, [order([1, 2], "tył")]).is_whole


def test_deleted_segments_are_not_live_and_gaps_never_were() -> None:
    gap = RecordingGap(media="b", observed_ms=1, start_ms=9, reason="source_lost")
    assert Told([*FACTS, gap, deleted("tył", 1, 2)]).ids() == {SegmentId("b", 1)}
    assert Told([*FACTS, deleted("tył", 1, 2), recorded("tył", 2)]).ids() == {SegmentId("b", 1), SegmentId("tył", 2)}


def test_an_object_that_a_fact_puts_elsewhere_is_looked_for_there() -> None:
    told = Told([*FACTS, recorded("b", 1, "segments/b/1.mp4")])
    sizes = {key: size for key, size in OBJECTS.items() if key != segment_key("b", 1)}
    assert audited(sizes | {"segments/b/1.mp4": 101}, told=told).is_whole
    assert audited(sizes | {"segments/b/1.mp4": 1}, told=told).damaged == [SegmentId("b", 1)]
    ghostly = audited(OBJECTS, told=told)
    assert (ghostly.ghosts, ghostly.orphans) == ([SegmentId("b", 1)], [segment_key("b", 1)])
    told.add(deleted("b", 1))
    assert audited(sizes, LIVE[1:], told).is_whole


@given(st.sets(st.integers(1, 50)), st.sets(st.integers(1, 50)))
def test_whole_exactly_when_the_three_sets_are_equal(facts: set[int], others: set[int]) -> None:
    told = Told(recorded("a", at) for at in facts)
    sizes = {segment_key("a", at): 100 + at for at in others}
    audit = compare(told, rows(*(SegmentId("a", at) for at in others)), stored(sizes), set(), grace_before_ms=1000)
    assert audit.is_whole == (facts == others)
