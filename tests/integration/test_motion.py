"""What moves in footage, from the file to the mark, black box: recorder, ingest, eyes, log, tables, API, commands."""

import io
import json
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import pytest

from api.times import iso
from infra.settings import Settings
from producers.segments import scenes
from tests.integration import whole
from tests.integration.operating import Operator, blocks, commands, pattern
from tests.integration.recording import wait_for
from tests.integration.test_camera_mail import SERVERS
from tests.integration.whole import Whole

START_MS = 1_795_197_600_000
"""2026-11-20T18:00:00Z, as the guide has it."""
CROSSINGS_S = ((6.0, 15.8), (36.0, 45.8))
"""When somebody walks through the demo's gate."""
MINUTE_S, EVENING_S = 60, 24
"""All of the clip; of it what needs no more."""
NEAR_S = 1.0
LEFT = {"name": "lewa strona", "polygon": [[0, 0], [0.5, 0], [0.5, 1], [0, 1]]}
RIGHT_MASK = {"name": "street", "polygon": [[0.4, 0], [1, 0], [1, 1], [0.4, 1]], "kind": "mask"}


class Archive(Operator):
    """The running system, and footage for it."""

    def __init__(self, system: Whole, minute: Path, evening: Path) -> None:
        super().__init__(system)
        self.minute, self.evening = minute, evening

    def bring(self, media: str, file: Path, **motion: Any) -> None:
        """A camera with this footage."""
        self.system.add(media, motion=motion)
        self.ingest(media, file, START_MS)

    def episodes(self, media: str) -> list[dict[str, Any]]:
        return list(self.get("episodes", media=media, source="motion_detector", sort="opened_at")["episodes"])

    def judged(self, media: str) -> list[dict[str, Any]]:
        """The verdicts on all of its footage, once they are there."""
        return list(wait_for(lambda: self._judged(media), 90))

    def _judged(self, media: str) -> list[dict[str, Any]]:
        told = self.get(f"media/{media}/motion", from_ms=START_MS, to_ms=START_MS + 60_000)
        seconds = MINUTE_S if media == "gate" else EVENING_S
        is_whole = told["verdicts"] and told["verdicts"][-1]["end_ms"] > START_MS + 1000 * (seconds - 1)
        return told["verdicts"] if is_whole and not told["counts"]["unscanned"] else []

    def marks(self, media: str, count: int) -> list[dict[str, Any]]:
        """Its episodes, once so many are closed."""

        def look() -> list[dict[str, Any]]:
            found = self.episodes(media)
            return found if sum(one["closed_at"] is not None for one in found) >= count else []

        return list(wait_for(look, 90))


@pytest.fixture(scope="module")
def archive(stack: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """All services on the session's servers; three cameras with the same minute, and one that is being recorded."""
    folder = tmp_path_factory.mktemp("motion")
    minute, evening = folder / "minute.mp4", folder / "evening.mp4"
    scenes.encode(scenes.ALL["demo-gate"], minute)
    cut(minute, evening)
    mark = f"v{secrets.token_hex(3)}"
    given = stack.model_copy(update={"topic_prefix": f"{mark}.", "database": mark}).given()
    servers = {f"SIGHTLOG_{name.upper()}": str(given[name]) for name in SERVERS}
    quick = {"SIGHTLOG_FLUSH_MS": "100", "SIGHTLOG_TICK_MS": "500", "SIGHTLOG_SEGMENT_MS": "4000"}
    with whole.up(folder / "data", **servers, **quick) as system:
        system.add("live", source=str(minute))
        made = Archive(system, minute, evening)
        made.bring("gate", minute)
        made.bring("yard", evening, zones=[LEFT, RIGHT_MASK], sensitivity=60)
        made.bring("off", evening, enabled=False)
        yield made


def cut(minute: Path, evening: Path) -> None:
    """The beginning of the minute as a file of its own."""
    with av.open(str(minute)) as source, av.open(str(evening), "w") as out:
        stream = out.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.pts is not None and packet.pts * packet.time_base < EVENING_S:
                packet.stream = stream
                out.mux(packet)


def spans_s(marks: list[dict[str, Any]]) -> list[tuple[float, float]]:
    starts = [(mark.get("started_at") or mark["opened_at"], mark["closed_at"]) for mark in marks]
    return [((start - START_MS) / 1000, (end - START_MS) / 1000) for start, end in starts]


def test_what_moves_becomes_a_verdict_an_episode_a_picture_rows_and_a_clip(archive: Archive) -> None:
    media = "gate"
    verdicts = archive.judged(media)
    assert {one["verdict"] for one in verdicts} == {"motion", "still"}
    assert {one["detector"] for one in verdicts} == {"cascade@1"}
    marks = archive.marks(media, 2)
    for found, true in zip(spans_s(marks), CROSSINGS_S, strict=True):
        assert found == pytest.approx(true, abs=NEAR_S)
    first = marks[0]
    assert first["originator"]["source"] == "motion_detector"
    assert archive.bytes_of(f"episodes/{first['episode_id']}/preview.jpg").startswith(b"\xff\xd8")
    counted = "countIf(verdict = 'motion') AS moved, count() AS n"
    (row,) = archive.sql(f"SELECT {counted} FROM segment_scans WHERE media = '{media}'")
    assert int(row["moved"]) == sum(one["verdict"] == "motion" for one in verdicts) > 5
    assert int(row["n"]) == len(verdicts)
    clip = archive.bytes_of(f"episodes/{first['episode_id']}/clip.mp4?pre_ms=2000&post_ms=2000")
    with av.open(io.BytesIO(clip)) as film:
        shown = [float(frame.time) for frame in film.decode(video=0) if frame.time is not None]
    assert shown[-1] - shown[0] > CROSSINGS_S[0][1] - CROSSINGS_S[0][0] + 2


def test_zones_name_the_episodes_masks_hide_and_a_region_of_the_past_is_searched(archive: Archive) -> None:
    media = "yard"
    archive.judged(media)
    (mark,) = archive.marks(media, 1)
    assert mark["labels"] == ["lewa strona"]
    ((start, end),) = spans_s([mark])
    assert end - start < CROSSINGS_S[0][1] - CROSSINGS_S[0][0] - 2
    asked = {"from_ms": START_MS, "to_ms": START_MS + 60_000, "region": "0.7,0,1,0,1,1,0.7,1"}
    elsewhere = archive.get(f"media/{media}/motion", **asked)["verdicts"]
    assert elsewhere
    assert all(one["seen"] for one in elsewhere)


def test_where_motion_is_off_nobody_looks_and_nothing_is_marked(archive: Archive) -> None:
    media = "off"
    verdicts = archive.judged(media)
    assert {(one["verdict"], one["level"], one["reason"]) for one in verdicts} == {
        ("still", "none", "motion detection is off")
    }
    assert archive.episodes(media) == []


def test_a_moment_is_explained_and_looking_again_agrees(archive: Archive, tmp_path: Path) -> None:
    media = "gate"
    archive.judged(media)
    moment = iso(START_MS + 10_000)
    stored = archive.run("motion", "explain", media, moment)
    assert "motion, decided by" in stored
    assert "what moved at 2026-11-20T18:00:10" in stored
    told = json.loads(archive.run("motion", "explain", media, moment, "--json"))
    assert told[-1]["from_ms"] <= START_MS + 10_000 < told[-1]["end_ms"]
    again = archive.run("motion", "explain", media, moment, "--again", "--out", str(tmp_path))
    assert "the same as stored" in again
    assert next(tmp_path.glob("*.jpg")).read_bytes().startswith(b"\xff\xd8")
    other = archive.run("motion", "explain", media, moment, "--set", "zones=sky:0,0 1,0 1,.1", "--out", str(tmp_path))
    assert "looked again: still" in other


def test_every_command_of_the_guide_does_what_the_guide_says(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "evening.mp4").symlink_to(archive.evening)
    archive.system.add("garage")  # as the guide has it
    shown = [said(archive, code) for kind, code in blocks("motion") if kind == "bash"]
    found, tried, changed, zoned, why = shown
    assert "motion, decided by" in found
    example = next(code for kind, code in blocks("motion") if kind == "text")
    for line in filter(str.strip, example.splitlines()):
        assert re.search(pattern(line), tried), line
    assert (tmp_path / "evening.motion.jpg").stat().st_size > 5_000
    assert (tmp_path / "evening.motion.png").read_bytes().startswith(b"\x89PNG")
    assert changed.count("thorough") >= 4
    assert "door" in zoned
    assert "the same as stored" in why


def test_the_statement_of_the_guide_counts_what_moved(archive: Archive) -> None:
    (statement,) = [code for kind, code in blocks("motion") if kind == "sql"]
    rows = archive.sql(statement)
    assert {"media", "hour", "moved", "unreadable", "segments"} == set(rows[0])


def test_what_the_recorder_records_is_marked_while_it_records(archive: Archive) -> None:
    (mark, *_) = wait_for(lambda: archive.episodes("live"), 90)

    def recorded() -> list[dict[str, Any]]:
        return list(archive.get("media/live/ranges", from_ms=0, to_ms=4_102_444_800_000)["recorded"])

    wait_for(lambda: (found := recorded()) and found[-1]["end_ms"] > mark["opened_at"])
    assert recorded()[0]["start_ms"] < mark["opened_at"]
    assert mark["payload"]["detector"] == "cascade@1"


def test_the_past_is_looked_at_again_as_the_guide_says(archive: Archive) -> None:
    archive.judged("gate")
    archive.marks("gate", 2)
    told = ""
    for kind, code in blocks("reprocess"):
        if kind == "bash":
            told = said(archive, code)
        elif kind == "text":
            for line in filter(str.strip, code.splitlines()):
                assert re.search(pattern(line), told), line
        else:
            assert {row["run"] for row in archive.sql(code)} == {"", "softer", "closely"}
    assert "softer is dropped" in told
    assert "closely: promoted, 100 %" in told


def said(archive: Archive, code: str) -> str:
    """What all commands of a block print."""
    shown = ""
    for words in commands(code):
        if words[:2] == ["motion", "explain"]:  # a person is not as quick
            archive.judged(words[2])
        shown += archive.run(*words)
    return shown
