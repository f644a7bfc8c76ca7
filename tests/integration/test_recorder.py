"""The recorder against the real broker and object server, recording a file that plays as a camera."""

from collections.abc import Iterator
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest

from infra.objects import S3Store
from infra.settings import Settings
from tests.integration import clips
from tests.integration.recording import Listener, configure, recorder, wait_for


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clips.make(tmp_path_factory.mktemp("clips") / "clip.mp4", seconds=7, bframes=2)


@pytest.fixture
def media(request: pytest.FixtureRequest) -> str:
    return request.node.name.replace("_", "-")[:60]


@pytest.fixture
def heard(stack: Settings, media: str, clip: Path) -> Iterator[Listener]:
    configure(stack, media, str(clip))
    listener = Listener(stack, media)
    yield listener
    listener.close()
    configure(stack, media, None)


def test_every_fact_has_its_object_and_neighbours_meet(
    stack: Settings, heard: Listener, media: str, tmp_path: Path
) -> None:
    with recorder(stack, tmp_path):
        segments = wait_for(lambda: found if len(found := heard.segments()) >= 3 else None)
    store = S3Store(stack)
    for segment in segments:
        data = store.get(segment.object_key)
        assert (len(data), sha256(data).hexdigest()) == (segment.size_bytes, segment.sha256)
    assert all(left.end_ms == right.start_ms for left, right in pairwise(segments))


def test_a_killed_recorder_loses_only_the_open_segment_and_says_so(
    stack: Settings, heard: Listener, media: str, tmp_path: Path
) -> None:
    with recorder(stack, tmp_path) as process:
        wait_for(lambda: len(heard.segments()) >= 2)
        process.kill()
        process.wait(120)
    before = len(heard.segments())
    with recorder(stack, tmp_path):
        wait_for(lambda: len(heard.segments()) >= before + 2 and any(gap.end_ms for gap in heard.gaps()))
    segments = heard.segments()
    told = {(segment.start_ms, segment.sha256) for segment in segments}  # one may be told again, just as it was
    assert len({start_ms for start_ms, _ in told}) == len(told)
    closed = next(gap for gap in heard.gaps() if gap.end_ms)
    assert closed.reason == "recorder_crashed"
    edges = {segment.end_ms for segment in segments}, {segment.start_ms for segment in segments}
    assert closed.start_ms in edges[0]
    assert closed.end_ms in edges[1]


def test_a_stopped_recorder_opens_a_gap_that_the_next_start_closes(
    stack: Settings, heard: Listener, media: str, tmp_path: Path
) -> None:
    with recorder(stack, tmp_path):
        wait_for(lambda: heard.segments())
    stopped = wait_for(lambda: [gap for gap in heard.gaps() if gap.end_ms is None and gap.reason == "recorder_stopped"])
    with recorder(stack, tmp_path):
        closed = wait_for(lambda: [gap for gap in heard.gaps() if gap.end_ms])
    assert (
        closed[0].start_ms
        == stopped[0].start_ms
        == max(segment.end_ms for segment in heard.segments() if segment.end_ms <= stopped[0].start_ms)
    )


def test_a_recorder_started_without_a_broker_records_what_it_knows(
    stack: Settings, heard: Listener, media: str, tmp_path: Path
) -> None:
    with recorder(stack, tmp_path):
        wait_for(lambda: heard.segments())
    with recorder(stack, tmp_path, SIGHTLOG_KAFKA="127.0.0.1:9"):
        notes = wait_for(lambda: found if len(found := _unsent(tmp_path / "spool" / media)) >= 2 else None)
    with recorder(stack, tmp_path):
        wait_for(lambda: notes <= {segment.start_ms for segment in heard.segments()})


def _unsent(lane: Path) -> set[int]:
    """Starts of the segments that wait in a lane."""
    return {int(note.stem.split("-")[1]) for note in lane.glob("*.json") if note.with_suffix(".mp4").exists()}
