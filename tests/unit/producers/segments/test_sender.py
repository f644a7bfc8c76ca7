"""The sender empties the spool in order; while store or log are away it waits, and nothing is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra import clock
from infra.objects import StoreRefused
from infra.spool import Spool
from producers.segments import rules, sender
from producers.segments.sender import BATCH, Sender
from schemas import codec
from schemas.facts import RecordingGap, SegmentRecorded
from schemas.media import segment_key
from tests.beside import until
from tests.fakes import FakeLog, FakeStore


class World:
    """A spool with a sender on fakes."""

    def __init__(self, folder: Path) -> None:
        self.spool = Spool(folder, 1 << 30, 0)
        self.store, self.log = FakeStore(), FakeLog()
        self._sender: Sender | None = None

    def start(self) -> None:
        self._sender = Sender(self.spool, self.store, self.log)

    def stop(self, timeout_s: float = 60) -> None:
        """As a process ends: none of its threads outlives it."""
        if self._sender:
            self._sender.stop(timeout_s)
            for thread in self._sender._threads:
                thread.join(60)
            self._sender = None

    def segment(self, media: str, start_ms: int) -> None:
        data = f"{media} {start_ms}".encode()
        fact = SegmentRecorded(
            media=media, start_ms=start_ms, end_ms=start_ms + 10, observed_ms=start_ms + 10, size_bytes=len(data),
            sha256="0" * 64, object_key=segment_key(media, start_ms), video_codec="h264", width_px=1, height_px=1,
            frames=1, run_id="r", init_len=1, codecs="avc1", keyframes=(), gop_bytes=(),
        )  # fmt: skip
        part = self.spool.lane(media).part(start_ms)
        part.write(data)
        self.spool.lane(media).commit(codec.encode(fact), start_ms, None, part)

    def gap(self, media: str, start_ms: int) -> None:
        fact = RecordingGap(media=media, start_ms=start_ms, reason="source_lost", observed_ms=start_ms)
        self.spool.lane(media).commit(codec.encode(fact), start_ms)

    def told(self, media: str) -> list[int]:
        """Starts of the facts on the log, in order, without those said again."""
        return list(dict.fromkeys(fact.start_ms for fact in self.log.facts if fact.media == media))

    def waiting(self) -> int:
        return sum(len(lane.entries) for lane in self.spool.lanes())


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(rules, "backoff_s", lambda failures, chance: 0.02)
    monkeypatch.setattr(sender, "_LEAST_RETRY_S", 0.02)
    made = World(tmp_path)
    yield made
    made.store.down = made.log.down = False
    made.stop()


def test_objects_and_facts_arrive_in_order_and_the_spool_is_empty(world: World) -> None:
    for number in range(3 * BATCH):
        world.segment("a", number * 10)
        world.segment("b", number * 10)
    world.gap("a", 999)
    world.start()
    until(lambda: world.waiting() == 0)
    assert world.told("a") == [*range(0, 30 * BATCH, 10), 999]
    assert world.told("b") == [*range(0, 30 * BATCH, 10)]
    assert world.store.get(segment_key("a", 10)) == b"a 10"
    assert len(world.log.records) == 6 * BATCH + 1


@pytest.mark.parametrize("part", ["store", "log"])
def test_while_a_server_is_away_everything_waits_and_then_drains_in_order(world: World, part: str) -> None:
    server = getattr(world, part)
    server.down = True
    world.start()
    for number in range(20):
        world.segment("a", number * 10)
    world.gap("a", 200)
    clock.sleep_s(0.2)
    assert world.waiting() == 21
    assert world.log.records == []
    server.down = False
    until(lambda: world.waiting() == 0)
    assert world.told("a") == [*range(0, 210, 10)]


def test_a_fact_is_on_the_log_only_after_its_object_is_stored(world: World) -> None:
    seen: list[bool] = []
    real = world.log.append

    def append(fact: SegmentRecorded) -> object:
        seen.append(fact.object_key in world.store.objects)
        return real(fact)

    world.log.append = append  # type: ignore[assignment,method-assign]
    for number in range(5):
        world.segment("a", number)
    world.start()
    until(lambda: world.waiting() == 0)
    assert seen == [True] * 5


def test_one_media_that_the_store_refuses_does_not_hold_up_the_others(world: World) -> None:
    real = world.store.put

    def put(key: str, *more: object) -> None:
        if "/bad/" in key:
            raise StoreRefused("no right")
        real(key, *more)  # type: ignore[arg-type]

    world.store.put = put  # type: ignore[assignment,method-assign]
    world.segment("bad", 1)
    for number in range(30):
        world.segment("good", number)
    world.start()
    until(lambda: world.told("good") == [*range(30)])
    assert world.told("bad") == []
    world.store.put = real  # type: ignore[method-assign]
    until(lambda: world.told("bad") == [1])


def test_a_stop_sends_what_can_be_sent(world: World) -> None:
    world.start()
    for number in range(20):
        world.segment("a", number)
    world.stop()
    assert world.told("a") == [*range(20)]


def test_a_stop_while_the_store_is_away_keeps_everything_for_the_next_start(world: World, tmp_path: Path) -> None:
    world.store.down = True
    world.start()
    world.segment("a", 1)
    world.stop(0.2)
    found = Spool(tmp_path, 1 << 30, 0).lane("a")
    assert [entry.at for entry in found.entries] == [1]
    world.store.down = False
    world.start()
    until(lambda: world.told("a") == [1])
