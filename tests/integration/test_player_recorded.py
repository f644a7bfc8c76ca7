"""What ingest really writes, judged by hls.js: two runs with B-frames."""

from pathlib import Path
from typing import Any

import pytest

from infra.objects import S3Store
from infra.settings import Settings
from producers.segments.ingest import DirectArchive, store_file
from schemas.facts import SegmentRecorded
from tests.fakes import FakeLog
from tests.integration.clips import make
from tests.integration.served import served
from tests.integration.test_player import PATIENCE_MS, START, backwards, browser, opened
from tests.memory_archive import MemoryArchive

pytestmark = pytest.mark.alone

__all__ = ["browser"]
SLOW = "mediaError bufferStalledError false"
"""It waited for footage or for the machine. A hole would be jumped over or nudged at, which are other errors."""


@pytest.mark.parametrize("later_ms", [4_000, 3_300], ids=["one after the other", "overlapping"])
def test_ingested_runs_play_to_their_end_without_a_hole(
    later_ms: int, stack: Settings, browser: Any, tmp_path: Path
) -> None:
    store, log, archive = S3Store(stack), FakeLog(), MemoryArchive()
    store.ensure_bucket()
    direct = DirectArchive("cam", store, log, lambda fact: None)
    for number, size in enumerate(((320, 180), (640, 360))):
        clip = make(tmp_path / f"{number}.mp4", seconds=4, bframes=2, size=size)
        store_file(clip, START + number * later_ms, direct, 2_000)
    direct.settle()
    archive.facts += [fact for fact in log.facts if isinstance(fact, SegmentRecorded)]
    with served(stack, store, archive) as api:
        page = opened(browser, api, f"media/cam/archive.m3u8?from_ms={START}&to_ms={START + 60_000}", rate=4)
        try:
            page.wait_for_function("state().ended || stuck()", timeout=PATIENCE_MS)
            state = page.evaluate("state()")
        finally:
            page.close()
    assert state["ended"], state
    assert [error for error in state["errors"] if not error.startswith(SLOW)] == []
    assert len(state["buffered"]) == 1, state["buffered"]
    assert not backwards([date for _, date in state["seen"]])
