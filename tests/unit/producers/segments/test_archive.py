"""What one media's archive remembers after a stop, a crash, or a disk that lost a piece."""

import os
import shutil
from pathlib import Path

import pytest

from infra.spool import Spool
from producers.segments.archive import LaneArchive, NoRoom
from producers.segments.draft import Draft
from schemas.facts import RecordingGap, SegmentRecorded
from tests.unit.producers.segments import footage
from tests.unit.producers.segments.footage import START_MS, facts_of

END_MS = START_MS + 5000


def whole_segment() -> tuple[bytes, bytes]:
    """(init section, fragments) of five seconds."""
    ((fact, data),) = footage.record(footage.MemoryArchive(), footage.items(), segment_ms=60_000).segments
    return data[: fact.init_len], data[fact.init_len :]


def opened(folder: Path, free_bytes: int = 0) -> tuple[LaneArchive, Spool]:
    spool = Spool(folder, 1 << 30, free_bytes)
    return LaneArchive("cam", spool), spool


def begun(archive: LaneArchive, start_ms: int = START_MS) -> Draft:
    """A segment that is written and not yet committed."""
    init, fragments = whole_segment()
    archive.begin(start_ms, "source_lost")
    archive.write(init)
    archive.write(fragments)
    draft = Draft("cam", start_ms, "r", footage.plain_format())
    draft.add(fragments)
    return draft


def facts(spool: Spool) -> list[tuple[str, int, int | None]]:
    found = facts_of(spool.lane("cam"))
    return [
        ("segment" if isinstance(fact, SegmentRecorded) else fact.reason, fact.start_ms, fact.end_ms) for fact in found
    ]


def test_a_committed_segment_and_its_end_are_remembered(tmp_path: Path) -> None:
    archive, _ = opened(tmp_path)
    archive.commit(begun(archive), END_MS)
    archive.lose("recorder_stopped")
    again, spool = opened(tmp_path)
    assert again.timeline == archive.timeline
    assert facts(spool) == [("segment", START_MS, END_MS), ("recorder_stopped", END_MS, None)]


def test_a_crash_is_a_gap_from_the_end_of_what_is_safe(tmp_path: Path) -> None:
    archive, _ = opened(tmp_path)
    archive.commit(begun(archive), END_MS)
    _, spool = opened(tmp_path)
    assert facts(spool) == [("segment", START_MS, END_MS), ("recorder_crashed", END_MS, None)]


def test_what_a_crash_left_of_an_open_segment_is_saved(tmp_path: Path) -> None:
    archive, _ = opened(tmp_path)
    begun(archive)
    _, spool = opened(tmp_path)
    assert facts(spool) == [("segment", START_MS, END_MS), ("recorder_crashed", END_MS, None)]
    (entry,) = [entry for entry in spool.lane("cam").entries if entry.blob]
    assert entry.blob is not None
    assert entry.blob.read_bytes() == b"".join(whole_segment())
    assert spool.lane("cam").leftovers() == []


@pytest.mark.parametrize("left", [b"", b"\0" * 4096, b"rubbish"])
def test_a_leftover_that_holds_nothing_is_cleared_away(tmp_path: Path, left: bytes) -> None:
    _, spool = opened(tmp_path)
    spool.lane("cam").part(START_MS).write(left)
    again, found = opened(tmp_path)
    assert facts(found) == []
    assert found.lane("cam").leftovers() == []
    assert again.timeline.end_ms is None


def test_a_leftover_of_footage_that_is_safe_already_is_not_said_twice(tmp_path: Path) -> None:
    archive, spool = opened(tmp_path)
    archive.commit(begun(archive), END_MS)
    archive.lose("recorder_stopped")
    part = spool.lane("cam").part(START_MS)
    part.write(b"".join(whole_segment()))
    _, found = opened(tmp_path)
    assert facts(found) == [("segment", START_MS, END_MS), ("recorder_stopped", END_MS, None)]


def test_an_open_gap_closes_where_the_next_segment_starts(tmp_path: Path) -> None:
    archive, _ = opened(tmp_path)
    archive.commit(begun(archive), END_MS)
    archive.lose("recorder_stopped")
    again, spool = opened(tmp_path)
    later_ms = END_MS + 60_000
    again.commit(begun(again, later_ms), later_ms + 5000)
    assert facts(spool)[1:] == [
        ("recorder_stopped", END_MS, None),
        ("recorder_stopped", END_MS, later_ms),
        ("segment", later_ms, later_ms + 5000),
    ]


def test_a_crash_at_any_step_of_a_commit_leaves_no_silent_hole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive, _ = opened(tmp_path / "spool")
    draft = begun(archive)
    crashes: list[Path] = []
    real = os.replace

    def replace(source: Path, target: Path) -> None:
        for moved in (False, True):
            if moved:
                real(source, target)
            crashes.append(tmp_path / str(len(crashes)))
            shutil.copytree(tmp_path / "spool", crashes[-1])

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", replace)
        archive.commit(draft, END_MS)
    assert len(crashes) == 6
    for crash in crashes:
        again, spool = opened(crash)
        assert facts(spool) == [("segment", START_MS, END_MS), ("recorder_crashed", END_MS, None)]
        assert again.timeline.end_ms == END_MS


def test_an_abandoned_segment_leaves_nothing(tmp_path: Path) -> None:
    archive, spool = opened(tmp_path)
    begun(archive)
    archive.abandon()
    archive.abandon()
    assert facts(spool) == []
    assert spool.lane("cam").leftovers() == []


def test_below_the_least_free_room_nothing_is_begun(tmp_path: Path) -> None:
    archive, spool = opened(tmp_path, free_bytes=1 << 60)
    with pytest.raises(NoRoom):
        archive.begin(START_MS, "source_lost")
    archive.lose("disk_full")
    assert [fact for fact in facts_of(spool.lane("cam")) if isinstance(fact, RecordingGap)]
