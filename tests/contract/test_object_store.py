"""One suite for every ObjectStore: the fake in memory and the real server."""

import secrets
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from minio import Minio

from infra.clock import now_ms
from infra.objects import NotDeleted, ObjectMissing, ObjectStore, S3Store, StoreRefused, StoreUnavailable
from infra.settings import Settings
from tests.fakes import FakeStore

KEY = "segments/ty%C5%82/2026/11/21/1.mp4"
CONTENT = bytes(range(256)) * 4096


@pytest.fixture(params=["fake", "real"])
def store(request: pytest.FixtureRequest) -> ObjectStore:
    made: ObjectStore = FakeStore() if request.param == "fake" else S3Store(request.getfixturevalue("stack"))
    made.ensure_bucket()
    made.ensure_bucket()
    return made


def test_what_was_put_comes_back_whole_and_in_ranges(store: ObjectStore) -> None:
    store.put(KEY, CONTENT, "video/mp4")
    assert store.get(KEY) == CONTENT
    assert store.get_range(KEY, 1000, 300) == CONTENT[1000:1300]
    assert b"".join(store.stream(KEY, 5)) == CONTENT[5:]
    assert store.get_range(KEY, len(CONTENT) - 10, 300) == CONTENT[-10:]


def test_a_file_can_be_put_and_put_again(store: ObjectStore, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(CONTENT)
    for _ in range(2):
        store.put("files/a", tmp_path / "a")
    assert store.get("files/a") == CONTENT


def test_head_tells_size_and_metadata_or_none(store: ObjectStore) -> None:
    store.put("meta/a", b"abc", metadata={"Sha": "f00"})
    info = store.head("meta/a")
    assert info
    assert info.size_bytes == 3
    assert info.metadata["x-amz-meta-sha"] == "f00"
    assert store.head("meta/none") is None


def test_a_missing_object_is_said_to_be_missing(store: ObjectStore) -> None:
    with pytest.raises(ObjectMissing):
        store.get("none")
    with pytest.raises(ObjectMissing):
        store.get_range("none", 0, 1)


def test_listing_gives_every_key_under_a_prefix_in_order(store: ObjectStore) -> None:
    keys = [f"list/{n:04d}" for n in range(25)]
    for key in reversed(keys):
        store.put(key, b"x")
    assert [found.key for found in store.list("list/")] == keys


def test_listing_begins_and_ends_where_it_is_asked_to(store: ObjectStore) -> None:
    keys = [f"part/{day}/{n}.mp4" for day in ("01", "02") for n in range(5)]
    for key in keys:
        store.put(key, b"x")
    assert [found.key for found in store.list("part/", after="part/01/3", most=4)] == keys[3:7]
    assert [found.key for found in store.list("part/", after=keys[8])] == keys[9:]
    assert list(store.list("part/", most=0)) == []


def test_the_store_says_when_an_object_was_put(stack: Settings) -> None:
    store = S3Store(stack)
    store.ensure_bucket()
    store.put("when/a", b"x")
    listed, found = next(store.list("when/")), store.head("when/a")
    assert found
    assert abs(found.modified_ms - now_ms()) < 60_000
    assert abs(listed.modified_ms - found.modified_ms) < 1000


def test_where_the_bucket_keeps_versions_all_of_them_go_but_held_ones(stack: Settings) -> None:
    own = stack.model_copy(update={"s3_bucket": f"locked{secrets.token_hex(3)}"})
    client = minio_of(own)
    client.make_bucket(own.s3_bucket, object_lock=True)
    store = S3Store(own)
    for _ in range(2):
        store.put("v/a", b"x")
        store.put("v/b", b"x")
    client.enable_object_legal_hold(own.s3_bucket, "v/b")
    assert (store.is_held("v/a"), store.is_held("v/b")) == (False, True)
    assert store.delete(["v/a", "v/b"]) == [NotDeleted("v/b", "AccessDenied")]
    left = client.list_objects(own.s3_bucket, recursive=True, include_version=True)
    assert {one.object_name for one in left} == {"v/b"}
    assert [one.key for one in store.list("v/")] == ["v/b"]


def minio_of(settings: Settings) -> Minio:
    secret = settings.s3_secret.get_secret_value()
    return Minio(urlsplit(settings.s3).netloc, access_key=settings.s3_key, secret_key=secret, secure=False)


def test_deleting_twice_and_deleting_nothing_succeed(store: ObjectStore) -> None:
    store.put("gone/a", b"x")
    assert store.delete(["gone/a", "gone/never"]) == []
    assert store.delete(["gone/a"]) == []
    assert store.head("gone/a") is None


def test_a_presigned_url_opens_one_object_until_it_expires(stack: Settings) -> None:
    store = S3Store(stack)
    store.ensure_bucket()
    store.put(KEY, CONTENT)
    request = urllib.request.Request(store.presign(KEY, now_ms(), 60), headers={"Range": "bytes=10-19"})
    with urllib.request.urlopen(request) as answer:
        assert (answer.status, answer.read()) == (206, CONTENT[10:20])
    late = store.presign(KEY, now_ms() - 120_000, 60)
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(late).close()
    other = store.presign(KEY, now_ms(), 60).replace("1.mp4", "2.mp4")
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(other).close()


def test_an_unreachable_store_and_a_wrong_key_are_told_apart(stack: Settings) -> None:
    nowhere = stack.model_copy(update={"s3": "http://127.0.0.1:9"})
    with pytest.raises(StoreUnavailable):
        S3Store(nowhere).get("a")
    stranger = stack.model_copy(update={"s3_key": "nobody"})
    with pytest.raises(StoreRefused):
        S3Store(stranger).get("a")
