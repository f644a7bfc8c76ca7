"""How full the store is: by its bucket, by its disk, or not known."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from infra.embedded import objectroom
from infra.embedded.objectroom import Room
from infra.objects import StoreUnavailable
from infra.settings import Settings
from producers.storage.levels import UNKNOWN, BucketLevel, DiskLevel, opened
from schemas.facts import SegmentRecorded, SegmentsDeleted
from schemas.media import segment_key
from tests.beside import until
from tests.fakes import FakeStore
from tests.retention_feed import NOW_MS, deleted, segment


class News:
    def __init__(self) -> None:
        self.waiting: list[SegmentRecorded | SegmentsDeleted] = []

    def news(self) -> Iterable[SegmentRecorded | SegmentsDeleted]:
        found, self.waiting = self.waiting, []
        return found

    def close(self) -> None:
        pass


def listed(level: BucketLevel, used: int) -> None:
    until(lambda: level.read().used == used)


def test_a_bucket_is_listed_and_what_comes_and_goes_since_is_counted() -> None:
    store, news = FakeStore(), News()
    store.put(segment_key("yard", NOW_MS), b"x" * 300)
    store.put("previews/a.jpg", b"x" * 9000)
    with BucketLevel(store, news, 10_000, 77) as level:
        listed(level, 300)
        news.waiting = [segment("yard", 1, 500), deleted("gate", 4)]
        assert level.read() == Room(0, 10_000)
        news.waiting = [segment("yard", 2, 900)]
        assert level.read() == Room(700, 10_000)


def test_until_it_is_listed_a_bucket_is_as_full_as_was_told_last() -> None:
    store = FakeStore()
    store.down = True
    with BucketLevel(store, News(), 10_000, 77) as level:
        assert level.read() == Room(77, 10_000)


def test_what_the_embedded_store_has_deleted_counts_as_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = _embedded(tmp_path)
    answer = b'{"Volumes": {"DataCenters": {"d": {"r": {"n": [{"DeletedByteCount": 30}, {"DeletedByteCount": 4}]}}}}}'
    monkeypatch.setattr(
        objectroom, "http_get", lambda port, path: answer if (port, path) == (7, "/vol/status") else b""
    )
    monkeypatch.setattr(objectroom, "disk_room", lambda _folder: Room(1000, 5000))
    assert DiskLevel(settings).read() == Room(966, 5000)


@pytest.mark.parametrize("answer", [None, b"", b"{}", b"[]", b'{"Volumes": {"DataCenters": 5}}'])
def test_a_store_that_does_not_say_what_it_has_deleted_is_not_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes | None
) -> None:
    monkeypatch.setattr(objectroom, "http_get", lambda _port, _path: answer)
    with pytest.raises(StoreUnavailable):
        DiskLevel(_embedded(tmp_path)).read()


def test_what_a_process_cannot_have_of_a_disk_counts_as_used(tmp_path: Path) -> None:
    room = objectroom.disk_room(tmp_path)
    assert 0 < room.used < room.capacity


def test_a_store_elsewhere_without_a_size_is_never_full(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, s3="http://127.0.0.1:9", s3_key="elsewhere")
    with opened(settings) as level:
        assert level.read() == UNKNOWN
    assert UNKNOWN.used == 0


def _embedded(data: Path) -> Settings:
    (data / "objects").mkdir()
    (data / "objects" / "identities.json").write_text('{"accessKey": "ours"}')
    (data / "ports.json").write_text('{"master": 7}')
    settings = Settings(data=data, s3_key="ours")
    assert objectroom.is_embedded(settings)
    assert not objectroom.is_embedded(Settings(data=data, s3_key="other"))
    return settings
