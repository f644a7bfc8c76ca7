"""A file's way through a trial, with a detector whose looks are written down."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from cli.motion import told, trial
from cli.motion.trial import Trial
from processors.motion.detector import Bytes, Found, Task, Trace
from processors.motion.rules.spans import judged
from producers.segments.source import SourceFailed
from schemas.facts import Look, MotionConfig, SegmentRecorded
from schemas.intervals import Span
from tests.footage import Shape, record
from tests.unit.cli.motion.grids import grid

STRONG, WEAK = grid(c0=255, c1=255), grid(c0=12, c1=12)


class Written:
    """A detector that reads the footage, and sees what is written down: grids at ms of the file."""

    name, version, epoch_ms, warm_ms = "written", "1", 3_600_000, 60_000

    def __init__(self, grids: Mapping[int, bytes]) -> None:
        self.grids = grids
        self.chains: list[int] = []

    def scan(self, task: Task, footage: Bytes, trace: Trace | None = None) -> Found:
        self.chains.append(len(task.before))
        segment = task.segment
        footage.ranges(segment.object_key, [(0, 100)])
        looks = tuple(
            Look(at_ms=at_ms, score=0.5 if self.grids.get(at_ms) else 0, grid=self.grids.get(at_ms, b""))
            for at_ms in range(segment.start_ms, segment.end_ms, 500)
        )
        spans = judged(Span(segment.start_ms, segment.end_ms), looks, task.config)
        return Found("motion" if spans else "still", "keyframes", spans=spans, looks=looks)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """12 s, key frames each second."""
    (whole,) = record(Shape(seconds=12, segment_ms=60_000, width=160, height=90))
    file = tmp_path_factory.mktemp("clip") / "whole.mp4"
    file.write_bytes(whole.data)
    return file


def tried(clip: Path, folder: Path, detector: Written, config: MotionConfig, off_ms: int = 0) -> Trial:
    def is_sought(segment: SegmentRecorded) -> bool:
        return segment.start_ms >= off_ms

    seen: list[int] = []
    segments = trial.cut(clip, folder, 0, 3000, seen.append)
    done = trial.tried(segments, folder, config, detector, is_sought, seen.append)
    assert seen == 2 * [3000, 6000, 9000, 12_000]
    return done


def test_motion_over_a_border_is_one_episode_with_a_picture_and_the_files_times(clip: Path, tmp_path: Path) -> None:
    detector = Written(dict.fromkeys((2500, 3000, 3500), STRONG))
    done = tried(clip, tmp_path, detector, MotionConfig())
    (one,) = told.stretches(done.episodes, 0)
    assert (one.start_ms, one.end_ms, one.peak_ms) == (2250, 3750, 2500)
    assert done.pictures[2500].startswith(b"\xff\xd8")
    assert detector.chains == [0, 1, 2, 3]
    assert (done.bytes_read, done.footage_ms) == (400, 12_000)


def test_the_join_gap_and_the_least_length_are_those_of_the_settings(clip: Path, tmp_path: Path) -> None:
    seen = dict.fromkeys((1000, 5000, 5500, 6000), STRONG)
    apart = tried(clip, tmp_path / "1", Written(seen), MotionConfig(join_ms=1000))
    joined = tried(clip, tmp_path / "2", Written(seen), MotionConfig(join_ms=5000))
    long = tried(clip, tmp_path / "3", Written(seen), MotionConfig(join_ms=1000, min_ms=1200))
    found = [[(one.start_ms, one.end_ms) for one in told.stretches(each.episodes, 0)] for each in (apart, joined, long)]
    assert found == [[(750, 1250), (4750, 6250)], [(750, 6250)], [(4750, 6250)]]


def test_where_motion_is_not_sought_nobody_looks(clip: Path, tmp_path: Path) -> None:
    done = tried(clip, tmp_path, Written(dict.fromkeys(range(0, 12_000, 500), STRONG)), MotionConfig(), off_ms=6000)
    assert [(one.verdict, one.level) for one in done.verdicts] == 2 * [("still", "none")] + 2 * [
        ("motion", "keyframes")
    ]
    (one,) = told.stretches(done.episodes, 0)
    assert one.start_ms == 6000


def test_other_sensitivities_are_judged_from_the_same_looks(clip: Path, tmp_path: Path) -> None:
    config = MotionConfig(sensitivity=40, min_area=0.0005)
    done = tried(clip, tmp_path, Written({1000: WEAK, 9500: STRONG}), config)
    found = {one.sensitivity: (one.episodes, one.motion_ms) for one in told.others(done, config)}
    assert list(found) == [10, 30, 40, 50, 70, 90]
    assert (found[10], found[90]) == ((1, 500), (2, 1000))


def test_programs_are_told_all_of_it(clip: Path, tmp_path: Path) -> None:
    done = tried(clip, tmp_path, Written({4000: STRONG}), MotionConfig())
    said = told.as_json(done, told.stretches(done.episodes, 0), MotionConfig())
    assert [(one["start_ms"], one["peak_ms"]) for one in said["episodes"]] == [(3750, 4000)]
    assert [one["verdict"] for one in said["segments"]] == ["still", "motion", "still", "still"]
    assert [look["at_ms"] for look in said["segments"][0]["looks"]] == list(range(0, 3000, 500))


def test_what_is_no_footage_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "text.mp4"
    text.write_text("hello")
    with pytest.raises(SourceFailed):
        trial.cut(text, tmp_path, 0, 3000, lambda _: None)
