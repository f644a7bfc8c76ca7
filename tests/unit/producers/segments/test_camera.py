"""A camera records until stopped: whatever its source or the disk does, it tries again, and says what is missing."""

import errno
import threading
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from infra import clock
from infra.spool import Spool
from producers.segments import archive as archive_module
from producers.segments import rules
from producers.segments.archive import LaneArchive
from producers.segments.camera import Camera
from producers.segments.metrics import Metrics
from producers.segments.samples import Sample
from producers.segments.source import Item, SourceFailed
from schemas.facts import RecordingGap, SegmentRecorded
from tests.beside import until
from tests.unit.producers.segments import footage
from tests.unit.producers.segments.footage import facts_of

WAIT_S = 60
Script = Callable[[], Iterator[Item]]


class ScriptedSource:
    """A source that plays a script."""

    def __init__(self, script: Script) -> None:
        self.items = script
        self.closed = False

    def close(self) -> None:
        self.closed = True


class Scripts:
    """Connects to one script after the other; the last one again and again."""

    def __init__(self, *scripts: Script) -> None:
        self._scripts = list(scripts)
        self.sources: list[ScriptedSource] = []

    def __call__(self) -> ScriptedSource:
        script = self._scripts[min(len(self.sources), len(self._scripts) - 1)]
        self.sources.append(ScriptedSource(script))
        return self.sources[-1]


def clip() -> Iterator[Item]:
    """Five seconds, then the end."""
    yield from footage.items()


def refused() -> Iterator[Item]:
    raise SourceFailed("the camera refuses the login or password", "source_unreadable")


def bug() -> Iterator[Item]:
    yield from footage.items()
    raise ZeroDivisionError


def impossible_times() -> Iterator[Item]:
    """After good pictures, key frames that follow each other in decoding and are shown a lifetime apart."""
    yield from footage.items()
    last = footage.pictures(footage.items())[-1]
    for number, shown in enumerate((0, 1 << 60, 5), 1):
        yield Sample(True, shown, (last.dts or 0) + number * last.duration, 0, True, b"x")


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "backoff_s", lambda failures, chance: 0.02)


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool", 1 << 30, 0)


def camera_on(spool: Spool, connect: Callable[[], ScriptedSource], media: str = "cam") -> Camera:
    metrics = Metrics(CollectorRegistry())
    return Camera(media, connect, LaneArchive(media, spool), 2000, metrics)


def facts(spool: Spool, media: str = "cam") -> list[SegmentRecorded | RecordingGap]:
    return facts_of(spool.lane(media))


def segments(spool: Spool, media: str = "cam") -> list[SegmentRecorded]:
    return [fact for fact in facts(spool, media) if isinstance(fact, SegmentRecorded)]


def gaps(spool: Spool, media: str = "cam") -> list[RecordingGap]:
    return [fact for fact in facts(spool, media) if isinstance(fact, RecordingGap)]


def test_a_source_that_ends_opens_a_gap_that_the_next_connection_closes(spool: Spool) -> None:
    connect = Scripts(clip)
    camera = camera_on(spool, connect)
    camera.start()
    until(lambda: len(segments(spool)) >= 6 and sum(gap.end_ms is not None for gap in gaps(spool)) >= 1)
    camera.stop("recorder_stopped")
    assert camera.join(WAIT_S)
    opened = {gap.start_ms: gap for gap in gaps(spool) if gap.end_ms is None}
    assert {gap.start_ms for gap in gaps(spool) if gap.end_ms is not None} <= opened.keys()
    assert all(source.closed for source in connect.sources)
    first = gaps(spool)[0]
    assert (first.reason, first.detail, first.start_ms) == (
        "source_lost",
        "the source ended",
        segments(spool)[2].end_ms,
    )


def test_segments_and_closed_gaps_tile_the_recording(spool: Spool) -> None:
    camera = camera_on(spool, Scripts(clip, refused, clip))
    camera.start()
    until(lambda: len(segments(spool)) >= 9)
    camera.stop("recorder_stopped")
    assert camera.join(WAIT_S)
    spans = sorted((fact.start_ms, fact.end_ms) for fact in facts(spool) if fact.end_ms is not None)
    assert all(left[1] == right[0] for left, right in pairwise(spans))


def test_stopping_states_the_gap_that_begins_once_and_leaves_a_hanging_source(spool: Spool) -> None:
    hangs, go = threading.Event(), threading.Event()

    def hang() -> Iterator[Item]:
        yield from footage.items()
        hangs.set()
        go.wait(WAIT_S)
        yield from footage.items()

    camera = camera_on(spool, Scripts(hang))
    camera.start()
    assert hangs.wait(WAIT_S)
    camera.stop("media_disabled", "told so")
    camera.stop("recorder_stopped")
    assert not camera.join(0.05)
    stated = [(gap.start_ms, gap.end_ms, gap.reason, gap.detail) for gap in gaps(spool)]
    assert stated == [(segments(spool)[-1].end_ms, None, "media_disabled", "told so")]
    assert sum(segment.frames for segment in segments(spool)) == 125
    go.set()
    assert camera.join(WAIT_S)
    assert sum(segment.frames for segment in segments(spool)) == 125


def test_a_refusal_is_told_with_its_reason_and_tried_again(spool: Spool) -> None:
    connect = Scripts(refused)
    camera = camera_on(spool, connect)
    camera.start()
    until(lambda: len(connect.sources) >= 4)
    camera.stop("recorder_stopped")
    assert camera.join(WAIT_S)
    assert [(gap.reason, gap.end_ms) for gap in gaps(spool)] == [("source_unreadable", None)]


def test_a_bug_costs_nothing_that_was_recorded_and_the_camera_is_tried_again(spool: Spool) -> None:
    camera = camera_on(spool, Scripts(bug, clip))
    camera.start()
    until(lambda: sum(segment.frames for segment in segments(spool)) >= 2 * 125)
    camera.stop("recorder_stopped")
    assert camera.join(WAIT_S)
    assert gaps(spool)[0].reason == "source_unreadable"


def test_pictures_with_impossible_times_move_no_footage_into_the_future(spool: Spool) -> None:
    camera = camera_on(spool, Scripts(impossible_times, clip))
    camera.start()
    until(lambda: sum(segment.frames for segment in segments(spool)) >= 2 * 125)
    camera.stop("recorder_stopped")
    assert camera.join(WAIT_S)
    assert max(segment.end_ms for segment in segments(spool)) < clock.now_ms() + 60_000


def test_a_connection_that_raises_the_unexpected_is_tried_again(spool: Spool) -> None:
    working = Scripts(clip)
    tries: list[int] = []

    def connect() -> ScriptedSource:
        tries.append(1)
        if len(tries) < 3:
            raise KeyError("rtsp://user:secret@camera/")
        return working()

    camera = camera_on(spool, connect)
    camera.start()
    until(lambda: segments(spool))
    camera.stop("recorder_stopped")
    assert camera.join(WAIT_S)
    assert not any("secret" in gap.detail for gap in gaps(spool))


def test_a_bug_while_a_segment_is_completed_is_survived(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = threading.Event()
    real = LaneArchive.commit

    def commit(self: LaneArchive, *more: object) -> None:
        if not failed.is_set():
            failed.set()
            raise ZeroDivisionError
        real(self, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(LaneArchive, "commit", commit)
    camera = camera_on(spool, Scripts(clip))
    camera.start()
    until(lambda: len(segments(spool)) >= 3)
    camera.stop("recorder_stopped")
    assert camera.join(WAIT_S)


def test_a_full_disk_is_a_gap_and_recording_goes_on_when_there_is_room(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = threading.Event()
    full.set()
    real = archive_module.Part.write

    def write(self: archive_module.Part, data: bytes) -> None:
        if full.is_set():
            raise OSError(errno.ENOSPC, "No space left on device")
        real(self, data)

    monkeypatch.setattr(archive_module.Part, "write", write)
    camera = camera_on(spool, Scripts(clip))
    camera.start()
    until(lambda: gaps(spool))
    assert gaps(spool)[0].reason == "disk_full"
    assert "No space left" in gaps(spool)[0].detail
    full.clear()
    until(lambda: segments(spool))
    camera.stop("recorder_stopped")
    assert camera.join(WAIT_S)
    closed = [gap for gap in gaps(spool) if gap.end_ms is not None]
    assert (closed[0].start_ms, closed[0].reason) == (gaps(spool)[0].start_ms, "disk_full")


def test_a_gap_that_the_disk_refused_is_said_once_there_is_room(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = LaneArchive("cam", spool)
    lane = spool.lane("cam")

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(lane, "commit", refuse)
        archive.lose("source_lost", "gone")
    assert gaps(spool) == []
    archive.lose("disk_full")
    assert [(gap.reason, gap.detail) for gap in gaps(spool)] == [("source_lost", "gone")]
