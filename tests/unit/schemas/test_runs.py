"""Runs of recording."""

from msgspec import structs

from schemas import runs
from tests.unit.schemas.strategies import NOW_MS, SEGMENT


def test_a_run_keeps_its_id_and_another_start_or_origin_gives_another() -> None:
    assert runs.run_id("cam", 5, "ingest") == runs.run_id("cam", 5, "ingest")
    others = [runs.run_id("cam", 6, "ingest"), runs.run_id("cam", 5, "recorder"), runs.run_id("cam2", 5, "ingest")]
    assert len({runs.run_id("cam", 5, "ingest"), *others}) == 4


def test_the_first_segment_of_a_run_is_known_by_the_run_s_name() -> None:
    run = runs.run_id("gate-1", NOW_MS, "recorder")
    first = structs.replace(SEGMENT, run_id=run)
    later = structs.replace(first, start_ms=NOW_MS + 6000, end_ms=NOW_MS + 12_000, keyframes=(), gop_bytes=())
    assert runs.begins_run(first)
    assert not runs.begins_run(later)


def test_what_a_crash_left_is_a_run_of_its_own() -> None:
    assert runs.begins_run(structs.replace(SEGMENT, run_id=runs.salvaged_id(NOW_MS)))
