from pathlib import Path

from producers.known import KnownCameras
from schemas.facts import MediaConfigured, MediaRemoved


def camera(media: str, source: str = "rtsp://u:secret@camera/1") -> MediaConfigured:
    return MediaConfigured(media=media, source=source, observed_ms=1)


def test_cameras_are_known_again_after_a_start(tmp_path: Path) -> None:
    path = tmp_path / "cameras.jsonl"
    KnownCameras(path).learn([camera("tył"), camera("gate", "old"), camera("gone")])
    KnownCameras(path).learn([camera("gate", "new"), MediaRemoved(media="gone", observed_ms=2)])
    assert KnownCameras(path).facts == [camera("gate", "new"), camera("tył")]


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    KnownCameras(tmp_path / "cameras.jsonl").learn([camera("gate")])
    assert (tmp_path / "cameras.jsonl").stat().st_mode & 0o777 == 0o600


def test_a_spoilt_file_is_no_reason_not_to_start(tmp_path: Path) -> None:
    (tmp_path / "cameras.jsonl").write_bytes(b"\x00\n")
    known = KnownCameras(tmp_path / "cameras.jsonl")
    assert known.facts == []
    known.learn([camera("gate")])
    assert KnownCameras(tmp_path / "cameras.jsonl").facts == [camera("gate")]


def test_a_disk_that_refuses_stops_nothing(tmp_path: Path) -> None:
    known = KnownCameras(tmp_path / "missing" / "cameras.jsonl")
    known.learn([camera("gate")])
    assert known.facts == [camera("gate")]
