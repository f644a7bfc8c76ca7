import msgspec
import pytest

from projections.segments.rows import DeletionRow, GapRow, SegmentRow, rows
from schemas.errors import BadFact
from schemas.facts import MediaRemoved
from tests.footage_facts import START_MS, deleted, gap, segment


def test_a_recorded_segment_is_one_row_with_its_key_frames_side_by_side() -> None:
    (row,) = rows(segment(), 2, 17)
    assert isinstance(row, SegmentRow)
    assert (row.media, row.start_ms, row.end_ms) == ("cam1", START_MS, START_MS + 6000)
    assert list(zip(row.keyframe_ms, row.keyframe_offset, row.keyframe_bytes, strict=True)) == [
        (START_MS, 800, 300), (START_MS + 2000, 2800, 300), (START_MS + 4000, 4800, 300),
    ]  # fmt: skip
    assert (row.is_deleted, row.src_partition, row.src_offset) == (0, 2, 17)


def test_a_segment_without_sound_has_an_empty_audio_codec() -> None:
    (row,) = rows(segment(), 0, 0)
    assert isinstance(row, SegmentRow)
    assert row.audio_codec == ""


def test_each_deleted_segment_is_a_tombstone_on_the_key_of_its_row() -> None:
    found = [row for row in rows(deleted("cam1", [START_MS, START_MS + 6000]), 1, 9) if isinstance(row, SegmentRow)]
    assert [(row.media, row.start_ms, row.is_deleted, row.src_offset) for row in found] == [
        ("cam1", START_MS, 1, 9), ("cam1", START_MS + 6000, 1, 9),
    ]  # fmt: skip


def test_a_deletion_is_a_row_of_its_own_with_what_it_freed_and_who_ordered_it() -> None:
    told = msgspec.structs.replace(deleted("cam1", [START_MS, START_MS + 6000]), size_bytes=77, expiration_id=1 << 63)
    (row,) = [row for row in rows(told, 1, 9) if isinstance(row, DeletionRow)]
    assert (row.media, row.start_ms, row.end_ms) == ("cam1", START_MS, START_MS + 12_000)
    assert (row.expiration_id, row.segments, row.size_bytes, row.observed_ms) == (1 << 63, 2, 77, told.observed_ms)


@pytest.mark.parametrize("change", [{"end_ms": 10_413_792_000_000}, {"size_bytes": 1 << 63}])
def test_a_deletion_that_its_columns_cannot_hold_is_refused(change: dict[str, int]) -> None:
    with pytest.raises(BadFact, match="after the year 2299"):
        rows(msgspec.structs.replace(deleted("cam1", [START_MS]), **change), 0, 0)


def test_a_gap_is_a_row_and_its_end_is_a_row_on_the_same_key() -> None:
    (opened,) = rows(gap(), 0, 1)
    (closed,) = rows(gap(end_ms=START_MS + 5), 0, 2)
    assert isinstance(opened, GapRow)
    assert isinstance(closed, GapRow)
    assert (opened.media, opened.start_ms) == (closed.media, closed.start_ms)
    assert (opened.end_ms, closed.end_ms) == (None, START_MS + 5)


def test_the_same_fact_at_the_same_place_makes_the_same_rows() -> None:
    assert rows(segment(), 1, 2) == rows(segment(), 1, 2)


@pytest.mark.parametrize("field", ["width_px", "height_px", "frames", "init_len"])
def test_a_number_that_its_column_cannot_hold_is_refused_and_not_wrapped_round(field: str) -> None:

    with pytest.raises(BadFact, match="too large"):
        rows(msgspec.structs.replace(segment(), **{field: 1 << 32}), 0, 0)


def test_a_size_beyond_64_bits_is_refused() -> None:

    with pytest.raises(BadFact, match="too large"):
        rows(msgspec.structs.replace(segment(), size_bytes=1 << 64), 0, 0)


def test_a_time_beyond_what_the_database_counts_is_refused() -> None:
    with pytest.raises(BadFact, match="2299"):
        rows(segment(start_ms=10_413_792_000_000), 0, 0)


def test_a_stranger_fact_is_refused() -> None:
    with pytest.raises(BadFact):
        rows(MediaRemoved(media="cam1", observed_ms=1), 0, 0)
