"""What a start finds on its disk must not stop a recorder."""

from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from infra.settings import load
from infra.spool import Lane, Spool
from producers.segments.archive import LaneArchive
from producers.segments.fleet import Fleet
from producers.segments.metrics import Metrics
from producers.segments.source import SourceFailed
from schemas import codec
from schemas.facts import MediaConfigured, RecordingGap


def connect(*_: object, **__: object) -> None:
    raise SourceFailed("no camera here")


def test_a_disk_that_refuses_one_start_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool, full = Spool(tmp_path, 1 << 30, 0), True

    def leftovers(_: Lane) -> list[Path]:
        if full:
            raise OSError(28, "No space left on device")
        return []

    monkeypatch.setattr(Lane, "leftovers", leftovers)
    fleet = Fleet(load(data=tmp_path), spool, Metrics(CollectorRegistry()), connector=connect)  # type: ignore[arg-type]
    fleet.apply(MediaConfigured(media="cam", source="rtsp://camera/1", observed_ms=1))
    fleet.measure()
    assert fleet._cameras == {}
    full = False
    fleet.measure()
    assert set(fleet._cameras) == {"cam"}
    fleet.stop(5)


def test_a_spoilt_note_does_not_stop_an_archive(tmp_path: Path) -> None:
    lane = Spool(tmp_path, 1 << 30, 0).lane("cam")
    gap = RecordingGap(media="cam", observed_ms=9, start_ms=1, end_ms=8, reason="source_lost")
    lane.commit(codec.encode(gap), 1)
    lane.commit(codec.encode(gap), 2)
    lane.entries[0].note.write_bytes(b"\x00")
    assert LaneArchive("cam", Spool(tmp_path, 1 << 30, 0)).timeline.media == "cam"
