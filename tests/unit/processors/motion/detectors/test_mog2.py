"""The reference detector."""

from collections.abc import Sequence

import msgspec
import pytest

from infra.objects import StoreUnavailable
from processors.motion.detector import Found, Seen, Task
from processors.motion.detectors.mog2 import Mog2
from processors.motion.detectors.registry import KNOWN, UnknownDetector, detector
from processors.motion.frames.limits import Limits
from schemas.facts import MotionConfig
from tests.footage import Footage
from tests.motion_bytes import MemoryBytes
from tests.motion_footage import START_MS, crossed, ingested

CONFIG = MotionConfig(detector="mog2@1")


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> list[Footage]:
    """Six segments of 2 s; a square crosses from 5 s to 8.5 s."""
    return ingested(crossed(tmp_path_factory.mktemp("clip") / "a.mp4", 12, (5, 8.5)), segment_ms=2000)


def tasks(recorded: Sequence[Footage]) -> list[Task]:
    facts = [one.fact for one in recorded]
    return [Task(fact, tuple(facts[:number]), CONFIG) for number, fact in enumerate(facts)]


def found(recorded: Sequence[Footage]) -> list[Found]:
    footage, one = MemoryBytes.of(*recorded), Mog2()
    return [one.scan(task, footage) for task in tasks(recorded)]


def test_what_crosses_the_picture_is_found_when_it_does(recorded: list[Footage]) -> None:
    verdicts = found(recorded)
    assert [one.verdict for one in verdicts] == ["still"] * 2 + ["motion"] * 3 + ["still"]
    spans = [span for one in verdicts for span in one.spans]
    assert abs(spans[0].start_ms - START_MS - 5000) <= 300
    assert abs(spans[-1].end_ms - START_MS - 8500) <= 300
    assert all(one.level == "all" and len(one.looks) == 10 for one in verdicts)
    assert all(one.preview.startswith(b"\xff\xd8") == (one.verdict == "motion") for one in verdicts)
    assert [one.baseline_from_ms for one in verdicts] == [None] + [START_MS] * 5


def test_who_remembers_nothing_says_the_same(recorded: list[Footage]) -> None:
    footage = MemoryBytes.of(*recorded)
    alone = [Mog2().scan(task, footage) for task in tasks(recorded)]
    assert alone == found(recorded)


def test_remembering_saves_reading_the_footage_before_it_again(recorded: list[Footage]) -> None:
    footage, one = MemoryBytes.of(*recorded), Mog2()
    for task in tasks(recorded):
        footage.asked.clear()
        one.scan(task, footage)
        assert {key for key, _ in footage.asked} == {task.segment.object_key}


def test_cameras_beyond_its_memory_are_learned_again(recorded: list[Footage]) -> None:
    footage, small = MemoryBytes.of(*recorded), Mog2(memory_bytes=1)
    others = [one._replace(fact=msgspec.structs.replace(one.fact, media="other")) for one in recorded]
    verdicts = []
    for task, other in zip(tasks(recorded)[:3], tasks(others)[:3], strict=True):
        verdicts.append(small.scan(task, footage))
        assert small.scan(other, footage) == verdicts[-1]
    assert verdicts == found(recorded)[:3]


def test_footage_that_cannot_be_read_is_unreadable_and_passed_over_by_the_next(recorded: list[Footage]) -> None:
    torn = [one._replace(data=one.data[:40]) if number == 1 else one for number, one in enumerate(recorded)]
    verdicts = found(torn)
    assert verdicts[1].verdict == "unreadable"
    assert "ends at byte 40" in verdicts[1].reason
    assert [one.verdict for one in verdicts[2:]] == [one.verdict for one in found(recorded)[2:]]


def test_a_store_that_is_away_is_no_verdict(recorded: list[Footage]) -> None:
    footage = MemoryBytes.of(*recorded)
    footage.down = True
    with pytest.raises(StoreUnavailable):
        Mog2().scan(tasks(recorded)[3], footage)


def test_whoever_looks_on_sees_every_look(recorded: list[Footage]) -> None:
    class Onlooker:
        def __init__(self) -> None:
            self.seen: list[Seen] = []

        def saw(self, seen: Seen) -> None:
            self.seen.append(seen)

        def decided(self, text: str) -> None:
            raise AssertionError("it decides nothing")

    trace, task = Onlooker(), tasks(recorded)[3]
    verdict = Mog2().scan(task, MemoryBytes.of(*recorded), trace)
    assert tuple(one.look for one in trace.seen) == verdict.looks


def test_a_detector_is_had_by_its_name() -> None:
    for name in KNOWN:
        one = detector(name, Limits())
        assert f"{one.name}@{one.version}" == name
    with pytest.raises(UnknownDetector, match=r"'mog2@7'; there are cascade@1, mog2@1"):
        detector("mog2@7")
