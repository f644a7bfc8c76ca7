from hashlib import sha256
from pathlib import Path

from producers.segments.folder import FolderArchive
from producers.segments.ingest import store_file
from schemas.runs import begins_run
from tests.footage import Shape, record


def test_a_file_becomes_segments_in_a_folder_as_it_would_in_the_store(tmp_path: Path) -> None:
    (whole,) = record(Shape(seconds=6, segment_ms=60_000))
    file = tmp_path / "whole.mp4"
    file.write_bytes(whole.data)
    told: list[int] = []
    archive = FolderArchive("cam", tmp_path / "cut", lambda fact: told.append(fact.end_ms))
    done = store_file(file, 3_600_000, archive, 2000)
    assert [begins_run(fact) for fact in archive.segments] == [True, False, False]
    assert [fact.start_ms for fact in archive.segments] == [3_600_000, 3_602_000, 3_604_000]
    assert told == [3_602_000, 3_604_000, done.end_ms]
    for fact in archive.segments:
        assert sha256((tmp_path / "cut" / fact.object_key).read_bytes()).hexdigest() == fact.sha256
