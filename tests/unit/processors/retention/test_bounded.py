"""What one tick cannot do the next ones do, in the same order: many cameras, and cameras with much footage."""

from collections import Counter
from typing import Any

import msgspec
import pytest

from processors.retention.camera import Camera
from processors.retention.rules import world
from processors.retention.rules.terms import Marks, Terms
from schemas.facts import RangeExpired, StorageExhausted
from tests.retention_desk import DEPTH_MS, RULES, Desk, expired, of
from tests.retention_facts import SEGMENT_MS, START_MS
from tests.retention_words import Rules

CONTINUOUS = Rules(grace_ms=2000, settle_ms=0, batch_ms=10_000, high=0.5, low=0.4)
HELD = 20


@pytest.fixture(params=[1, 2, 3])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Cameras that a tick looks at."""
    monkeypatch.setattr("processors.retention.ticking.MOST_CAMERAS", request.param)
    return int(request.param)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves of four segments, two of which a look judges."""
    monkeypatch.setattr("processors.retention.camera.LEAF_ROWS", 4)
    monkeypatch.setattr("processors.retention.footage.TAIL_ROWS", 4)
    monkeypatch.setattr("processors.retention.looking.MOST_LEAVES", 2)


class Recording:
    """Cameras that all record without a pause, each with an old episode; two ticks every segment."""

    def __init__(self, cameras: int) -> None:
        self.desk = Desk(CONTINUOUS)
        self.medias = [f"cam{number}" for number in range(cameras)]
        self._number = HELD
        for media in self.medias:
            self.desk.tell(self.desk.archive.policy(media, 6000))
            self.desk.store(media, count=HELD)
            self.desk.hold(media, count=HELD)

    def tick(self, used: int = 0) -> list[Any]:
        for media in self.medias:
            self.desk.store(media, first=self._number, size=1)
        self._number += 1
        return self.desk.wait(SEGMENT_MS, used)


def test_however_many_cameras_record_protected_footage_goes_once_each_gave_what_nothing_protects(few: int) -> None:
    recording = Recording(8)
    for _ in range(20):
        told = recording.tick()
    told += [fact for _ in range(-(-8 // few // 2)) for fact in recording.tick(used=1000)]
    gone = of(told, RangeExpired)
    first = [one.reason for one in gone].index("room")
    assert {one.media for one in gone[:first]} == set(recording.medias)
    assert of(told, StorageExhausted) == []


def test_cameras_of_every_partition_have_their_turn(few: int) -> None:
    recording = Recording(9)
    turns: Counter[str] = Counter()
    for _ in range(60):
        turns.update(one.media for one in of(recording.tick(), RangeExpired))
    assert turns.keys() == set(recording.medias)
    assert max(turns.values()) - min(turns.values()) <= 1


def test_many_due_cameras_are_looked_at_over_several_ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("processors.retention.ticking.MOST_CAMERAS", 4)
    desk = Desk()
    for number in range(10):
        desk.store(f"cam{number}")
    told = [desk.wait(DEPTH_MS)] + [desk.wait(0) for _ in range(2)]
    assert sorted(one.media for each in told for one in each) == [f"cam{number}" for number in range(10)]
    assert max(map(len, told)) <= 8


def test_room_that_takes_more_cameras_than_a_tick_reads_is_made_over_several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("processors.retention.making_room.MOST_CAMERAS", 2)
    desk = Desk()
    for number in range(6):
        desk.hold(f"cam{number}")
        desk.store(f"cam{number}")
        desk.tell(desk.archive.level(after_ms=1000))
    desk.wait(DEPTH_MS)
    told = [fact for _ in range(4) for fact in desk.tell(desk.archive.level(905))]
    assert [one.media for one in of(told, RangeExpired)] == [f"cam{number}" for number in range(6)]


@pytest.mark.parametrize("used", [0, 900], ids=["past-depth", "room"])
def test_what_is_remembered_of_decisions_stays_small_and_the_rest_goes_at_the_next_ticks(
    monkeypatch: pytest.MonkeyPatch, used: int
) -> None:
    monkeypatch.setattr("processors.retention.ticking.MOST_BYTES", 2000)
    monkeypatch.setattr(world, "WINDOW", 8)
    desk = Desk(Rules(grace_ms=DEPTH_MS, settle_ms=0, batch_ms=0, high=0.5, low=0.05))
    medias = {f"cam{number}" for number in range(20)}
    for media in sorted(medias):
        desk.store(media, count=4)
        if used:
            desk.hold(media)
    told = desk.wait(DEPTH_MS)
    for _ in range(20):
        told += desk.wait(0, used)
        stands = msgspec.msgpack.decode(desk.fold.get(b"/") or b"", type=world.World)
        assert world.remembered_bytes(stands, desk.fold.offset) < 2600
    assert Counter(one.media for one in of(told, RangeExpired)) == dict.fromkeys(medias, 1)


@pytest.mark.usefixtures("small")
def test_a_quota_takes_nothing_protected_before_all_that_is_due_was_judged() -> None:
    desk = Desk()
    desk.store(count=40)
    desk.hold(first=36)
    desk.tell(desk.archive.policy("gate", DEPTH_MS, quota=40))
    told = desk.wait(DEPTH_MS) + desk.wait(0) + desk.wait(0)
    assert expired(told) == [("depth", first, min(36, first + 8)) for first in range(0, 40, 8)]
    desk.tell(desk.archive.policy("gate", DEPTH_MS, quota=20))
    assert expired(desk.wait(1)) == [("quota", 36, 38)]


@pytest.mark.usefixtures("small")
def test_room_is_made_of_nothing_protected_or_young_before_all_that_is_due_was_judged() -> None:
    desk = Desk(CONTINUOUS)
    desk.store(count=40)
    desk.hold(first=36, count=4)
    desk.tell(desk.archive.level(after_ms=DEPTH_MS - 1))
    desk.store(first=40, count=4)
    desk.tell(desk.archive.level(after_ms=1), *desk.archive.settling())
    told = desk.tell(*(desk.archive.level(860) for _ in range(5)))
    assert expired(told)[:5] == [("depth", first, min(36, first + 8)) for first in range(0, 40, 8)]
    assert expired(told)[5:] == [("room", 36, 40), ("room", 40, 44)]
    assert of(told, StorageExhausted) == told[-1:]


def test_a_crash_between_a_leaf_and_its_head_leaves_every_segment_known_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("processors.retention.camera.LEAF_ROWS", 12)
    monkeypatch.setattr("processors.retention.footage.TAIL_ROWS", 3)
    desk = Desk()
    desk.store(count=6)
    before = desk.fold.copy()
    numbers = [6, 7, 7, *range(8, 20), 3]  # one again while it is in the tail, one when it is in a leaf
    facts = [desk.archive.stored("gate", START_MS + one * SEGMENT_MS, at) for at, one in enumerate(numbers, 1)]
    sizes = dict.fromkeys(range(6), 10) | {one: at for at, one in enumerate(numbers, 1)}
    desk.tell(*facts)
    written = sorted(name for name in desk.fold.names() if desk.fold.get(name) != before.get(name))
    for end in range(len(written) + 1):
        crashed = before.copy()
        crashed.keep(desk.fold, written[:end])
        crashed.tell(*facts)
        camera = Camera(crashed, "gate", Terms(Marks(RULES.high, RULES.low, 0), 0, 0, 0))
        rows = camera.rows(camera.head.index["number"].tolist())
        assert rows["start_ms"].tolist() == [START_MS + number * SEGMENT_MS for number in range(20)]
        assert rows["size_bytes"].tolist() == list(sizes.values())
        assert camera.head.index["segments"].sum() + len(camera.latest) == 20


@pytest.mark.parametrize("other", [0, 500])
def test_a_camera_above_its_share_gives_first_however_much_of_the_store_is_not_footage(other: int) -> None:
    """Six quiet segments, the oldest, and 35 of a loud camera, all protected: 410 bytes of 1,000."""
    desk = Desk()
    for media, count in (("quiet", 6), ("loud", 35)):
        desk.hold(media)
        desk.store(media, count=count)
        desk.tell(desk.archive.level(after_ms=1000))
    desk.wait(DEPTH_MS)
    told = of(desk.wait(0, used=410 + other), RangeExpired)
    assert [(one.media, one.size_bytes) for one in told] == ([("loud", 60)] if other else [])
