"""The fleet follows the registry: it starts, restarts and stops cameras, and no camera harms another."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from infra.settings import Settings
from infra.spool import Spool
from producers.segments import rules
from producers.segments.fleet import Fleet
from producers.segments.metrics import Metrics
from producers.segments.source import Item, SourceFailed
from schemas.facts import MediaConfigured, MediaRemoved, RecordingGap, SegmentRecorded
from tests.beside import until
from tests.unit.producers.segments import footage
from tests.unit.producers.segments.footage import facts_of

SECRET = "hunter2"
WAIT_S = 60


class World:
    """A fleet on a spool, and which addresses were connected and played, in order. ``bad``: those that raise."""

    def __init__(self, folder: Path, **more: str) -> None:
        self.settings = Settings(data=folder, segment_ms=2000, **more)
        self.spool = Spool(folder / "spool", 1 << 30, 0)
        self.connected: list[tuple[str, bool]] = []
        self.bad: dict[str, Exception] = {}
        self.gone = threading.Event()
        self.played: list[str] = []
        self.registry = CollectorRegistry()
        self.fleet = Fleet(self.settings, self.spool, Metrics(self.registry), self._connect)

    def configure(self, media: str, source: str | None = None, **more: object) -> None:
        self.fleet.apply(MediaConfigured(media=media, source=source or f"rtsp://{media}/", observed_ms=1, **more))

    def remove(self, media: str) -> None:
        self.fleet.apply(MediaRemoved(media=media, observed_ms=2))

    def facts(self, media: str) -> list[SegmentRecorded | RecordingGap]:
        return facts_of(self.spool.lane(media))

    def frames(self, media: str) -> int:
        return sum(fact.frames for fact in self.facts(media) if isinstance(fact, SegmentRecorded))

    def gaps(self, media: str) -> list[RecordingGap]:
        return [fact for fact in self.facts(media) if isinstance(fact, RecordingGap)]

    def _connect(self, address: str, *, audio: bool, settings: Settings) -> "World._Source":
        self.connected.append((address, audio))
        if address in self.bad:
            raise self.bad[address]
        return World._Source(self, address)

    class _Source:
        def __init__(self, world: "World", address: str) -> None:
            self._world, self._address = world, address

        def items(self) -> Iterator[Item]:
            yield from footage.items()
            self._world.played.append(self._address)
            self._world.gone.wait(WAIT_S)

        def close(self) -> None:
            """Nothing is open."""


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(rules, "backoff_s", lambda failures, chance: 0.02)
    made = World(tmp_path)
    yield made
    made.gone.set()
    made.fleet.stop(WAIT_S)


def test_every_configured_camera_is_recorded(world: World) -> None:
    for media in ("a", "b"):
        world.configure(media)
    until(lambda: all(world.frames(media) >= 50 for media in ("a", "b")))
    assert sorted(world.connected) == [("rtsp://a/", True), ("rtsp://b/", True)]


def test_a_camera_that_raises_the_unexpected_is_tried_again_while_the_others_record(world: World) -> None:
    world.bad["rtsp://broken/"] = ZeroDivisionError(f"rtsp://user:{SECRET}@camera/")
    world.configure("broken")
    world.configure("good")
    until(lambda: world.frames("good") >= 50 and world.connected.count(("rtsp://broken/", True)) >= 3)
    del world.bad["rtsp://broken/"]
    until(lambda: world.frames("broken") >= 50)
    assert not any(SECRET in gap.detail for gap in world.gaps("broken"))


def test_only_a_change_of_source_or_sound_interrupts(world: World) -> None:
    world.configure("a")
    until(lambda: world.frames("a") >= 50)
    world.configure("a", title="Door", depth_ms=5)
    assert len(world.connected) == 1
    world.configure("a", audio="drop")
    until(lambda: world.connected[1:] == [("rtsp://a/", False)])
    assert "recorder_stopped" in [gap.reason for gap in world.gaps("a")]


@pytest.mark.parametrize("how", ["removed", "disabled", "without a source"])
def test_a_camera_that_is_no_longer_wanted_stops_and_says_so(world: World, how: str) -> None:
    world.configure("a")
    until(lambda: world.played)
    if how == "removed":
        world.remove("a")
    elif how == "disabled":
        world.configure("a", enabled=False)
    else:
        world.fleet.apply(MediaConfigured(media="a", source=None, observed_ms=3))
    assert world.frames("a") == 125
    assert [(gap.end_ms, gap.reason) for gap in world.gaps("a")] == [(None, "media_disabled")]
    world.configure("a")
    until(lambda: len(world.connected) == 2)


def test_removing_what_was_never_recorded_does_nothing(world: World) -> None:
    world.remove("a")
    assert world.facts("a") == []


def test_stopping_finishes_every_open_segment(world: World) -> None:
    for media in ("a", "b"):
        world.configure(media)
    until(lambda: len(world.played) == 2)
    world.fleet.stop(WAIT_S)
    for media in ("a", "b"):
        assert world.frames(media) == 125
        assert [(gap.end_ms, gap.reason) for gap in world.gaps(media)] == [(None, "recorder_stopped")]


def test_a_camera_of_another_shard_is_left_alone(tmp_path: Path) -> None:
    worlds = [World(tmp_path / str(index), recorder_shard=f"{index}/2") for index in (0, 1)]
    for world in worlds:
        world.configure("cam")
    until(lambda: any(world.connected for world in worlds))
    for world in worlds:
        world.gone.set()
        world.fleet.stop(WAIT_S)
    assert sorted(bool(world.connected) for world in worlds) == [False, True]


def test_the_gauges_count_cameras_and_what_waits(world: World) -> None:
    world.bad["rtsp://b/"] = SourceFailed("no such host")
    world.configure("a")
    world.configure("b")
    until(lambda: world.frames("a") >= 50 and world.gaps("b"))
    before = world.spool.size_bytes
    world.fleet.measure()
    assert before <= (world.registry.get_sample_value("sightlog_recorder_spool_bytes") or 0) <= world.spool.size_bytes
    assert world.registry.get_sample_value("sightlog_recorder_cameras") == 2
    assert world.registry.get_sample_value("sightlog_recorder_up", {"media": "a"}) == 1
    assert world.registry.get_sample_value("sightlog_recorder_up", {"media": "b"}) == 0
    world.remove("b")
    assert world.registry.get_sample_value("sightlog_recorder_up", {"media": "b"}) is None
