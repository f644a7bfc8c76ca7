"""One suite for every source of parts of objects: in memory, in a folder, and from the real store."""

from collections.abc import Callable
from pathlib import Path

import pytest

from infra.objects import ObjectMissing, S3Store, StoreRefused, StoreUnavailable
from infra.ranges import FolderBytes, Ranges
from infra.settings import Settings
from processors.motion.detector import Bytes
from tests.motion_bytes import MemoryBytes

KEY = "segments/ty%C5%82/2026/11/21/1.mp4"
CONTENT = bytes(range(256)) * 4096

Put = Callable[[bytes], Bytes]


@pytest.fixture(params=["memory", "folder", "store"])
def put(request: pytest.FixtureRequest, tmp_path: Path) -> Put:
    """Puts one object and says where its parts are read."""
    if request.param == "memory":
        return lambda data: MemoryBytes({KEY: data})
    if request.param == "folder":

        def file(data: bytes) -> Bytes:
            (tmp_path / KEY).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / KEY).write_bytes(data)
            return FolderBytes(tmp_path)

        return file
    stack: Settings = request.getfixturevalue("stack")

    def stored(data: bytes) -> Bytes:
        store = S3Store(stack)
        store.ensure_bucket()
        store.put(KEY, data)
        ranges = Ranges(stack, gap_bytes=1000)
        request.addfinalizer(ranges.close)
        return ranges

    return stored


def test_parts_come_back_in_the_order_in_which_they_were_asked_for(put: Put) -> None:
    parts = [(500_000, 300), (0, 20), (20, 1500), (2000, 7), (10, 30), (900_000, 100_000)]
    assert put(CONTENT).ranges(KEY, parts) == [CONTENT[offset : offset + size] for offset, size in parts]


def test_a_part_is_shorter_where_the_object_ends_and_empty_behind_it(put: Put) -> None:
    footage, end = put(CONTENT), len(CONTENT)
    assert footage.ranges(KEY, [(end - 10, 300), (end, 5), (end + 7, 5), (5, 5)]) == [
        CONTENT[-10:], b"", b"", CONTENT[5:10],
    ]  # fmt: skip
    assert footage.ranges(KEY, [(end + 9, 1)]) == [b""]


def test_nothing_is_asked_for_and_nothing_comes(put: Put) -> None:
    footage = put(CONTENT)
    assert footage.ranges(KEY, []) == []
    assert footage.ranges(KEY, [(7, 0), (0, 2)]) == [b"", CONTENT[:2]]


def test_an_empty_object_has_empty_parts(put: Put) -> None:
    assert put(b"").ranges(KEY, [(0, 10), (5, 10)]) == [b"", b""]


def test_a_missing_object_is_said_to_be_missing(put: Put) -> None:
    with pytest.raises(ObjectMissing):
        put(CONTENT).ranges("none", [(0, 1)])


def test_an_unreachable_store_and_a_wrong_key_are_told_apart(stack: Settings) -> None:
    nowhere = Ranges(stack.model_copy(update={"s3": "http://127.0.0.1:9"}))
    with pytest.raises(StoreUnavailable):
        nowhere.ranges("a", [(0, 1), (1 << 20, 1)])
    stranger = Ranges(stack.model_copy(update={"s3_key": "nobody"}))
    with pytest.raises(StoreRefused):
        stranger.ranges("a", [(0, 1)])
    S3Store(stack).ensure_bucket()
    elsewhere = Ranges(stack.model_copy(update={"s3_bucket": "there-is-none-of-it"}))
    with pytest.raises(StoreRefused):
        elsewhere.ranges("a", [(0, 1)])
    for one in (nowhere, stranger, elsewhere):
        one.close()
