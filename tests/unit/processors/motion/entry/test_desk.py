"""What is told of a segment, whatever becomes of who looks at it."""

from collections.abc import Sequence
from itertools import count
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from infra.log import Record
from infra.settings import Settings
from processors.motion.entry import desk as desks
from processors.motion.entry.backlog import Job
from processors.motion.entry.chain import Known
from processors.motion.entry.desk import LATE_TRIES, RETRY_S, YOUNG_MS, Desk
from processors.motion.entry.eyes import Answered, Ended, Returned
from processors.motion.entry.messages import Absent, Away, Judged, Window
from processors.motion.entry.metrics import Metrics
from processors.motion.entry.wishes import Wish
from schemas.facts import SegmentRecorded, SegmentScanned
from schemas.motion import MotionConfig
from tests.unit.processors.motion.entry.test_chain import segments

NOW_MS = 1_790_000_100_000


class FakeEye:
    """Has room for two; what it was given is in ``given``."""

    def __init__(self) -> None:
        self.given: list[tuple[Job, tuple[int, ...], bool]] = []
        self.has_room = True

    def give(self, job: Job, before: Sequence[Known], is_alone: bool = False) -> None:
        self.given.append((job, tuple(one.start_ms for one in before), is_alone))
        self.has_room = not is_alone

    def last(self) -> Job:
        return self.given[-1][0]


class World:
    """A desk with one eye and one partition, where time stands still unless it is told to pass."""

    run = ""
    join_ms = 3000

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.at_s = 100.0
        patch.setattr(desks, "monotonic_s", lambda: self.at_s)
        patch.setattr(desks, "now_ms", lambda: NOW_MS + round(self.at_s * 1000))
        self.eye: Any = FakeEye()
        self.told: list[tuple[SegmentScanned, int]] = []
        self.config = MotionConfig()
        self.why_not = ""
        eyes: Any = [self.eye]
        self.desk = Desk(
            Settings(), self, eyes, {"cascade@1": Window(60_000, 10_000)},
            lambda verdict, _, offset: self.told.append((verdict, offset)), Metrics(registry=CollectorRegistry()),
            count(),
        )  # fmt: skip

    def catch_up(self) -> None:
        raise AssertionError("nobody asks")

    def of(self, segment: SegmentRecorded, record: Record) -> Wish:
        return Wish(self.config, self.why_not)

    def take(self, *facts: SegmentRecorded, came_ms: int = NOW_MS + 100_000, partition: int = 0) -> None:
        for offset, fact in enumerate(facts):
            self.desk.take(Record("segments", partition, offset, b"", b"{}", came_ms), fact, is_new=True)
        self.desk.dispatch()

    def judge(self) -> None:
        """The last one given is still."""
        job = self.eye.last()
        self.eye.has_room = True
        self.desk.hear(self.eye, Answered(job, Judged(job.number, "still", "keyframes")))
        self.desk.dispatch()

    def end(self, how: str, at: SegmentRecorded) -> None:
        self.desk.hear(self.eye, Ended(self.eye.last(), at.start_ms, how))

    def verdicts(self) -> list[tuple[str, str]]:
        return [(verdict.verdict, verdict.reason) for verdict, _ in self.told]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    return World(monkeypatch)


def test_segments_of_a_camera_are_looked_at_one_by_one_with_those_before_them(world: World) -> None:
    facts = segments(3)
    world.take(*reversed(facts))
    for _ in facts:
        world.judge()
    starts = [one.start_ms for one in facts]
    assert [(job.segment.start_ms, before) for job, before, _ in world.eye.given] == [
        (starts[0], ()), (starts[1], (starts[0],)), (starts[2], (starts[0], starts[1])),
    ]  # fmt: skip
    assert [offset for _, offset in world.told] == [2, 1, 0]
    assert len(world.desk) == 0


def test_what_nobody_wants_to_know_is_told_at_once(world: World) -> None:
    world.why_not = "motion detection is off"
    world.take(*segments(1))
    assert world.verdicts() == [("still", "motion detection is off")]
    assert world.told[0][0].level == "none"
    assert world.eye.given == []


def test_a_segment_told_twice_is_judged_once(world: World) -> None:
    (fact,) = segments(1)
    assert world.desk.take(Record("segments", 0, 1, b"", b"{}", NOW_MS), fact, is_new=True)
    assert not world.desk.take(Record("segments", 0, 2, b"", b"{}", NOW_MS), fact, is_new=True)
    assert len(world.desk) == 1


def test_a_segment_that_ends_its_eye_twice_is_unreadable_and_in_no_chain(world: World) -> None:
    facts = segments(3)
    world.take(*facts)
    world.judge()
    world.end("SIGSEGV", facts[1])
    assert world.eye.given[-1][2], "the second try is alone"
    world.end("SIGSEGV", facts[1])
    world.eye.has_room = True
    world.desk.dispatch()
    assert world.verdicts()[1] == ("unreadable", "its reader did not survive it, 2 times (SIGSEGV)")
    assert world.eye.given[-1][:2] == (world.eye.last(), ())
    assert world.eye.last().segment.start_ms == facts[2].start_ms


def test_a_segment_whose_predecessor_ends_its_eye_is_judged_without_it(world: World) -> None:
    facts = segments(4)
    world.take(*facts)
    for _ in range(3):
        world.judge()
    for _ in range(2):
        world.end("SIGXCPU", facts[1])
    assert world.eye.given[-1][1:] == ((facts[2].start_ms,), True)
    world.judge()
    assert {verdict for verdict, _ in world.verdicts()} == {"still"}


def test_eyes_that_somebody_kills_are_forgiven_more_often(world: World) -> None:
    (fact,) = segments(1)
    world.take(fact)
    for _ in range(4):
        world.end("SIGKILL", fact)
    assert world.told == []
    world.end("SIGKILL", fact)
    assert world.verdicts()[0][0] == "unreadable"


def test_what_an_eye_had_not_begun_when_it_ended_comes_again(world: World) -> None:
    world.take(*segments(1))
    world.desk.hear(world.eye, Returned(world.eye.last()))
    world.desk.dispatch()
    assert len(world.eye.given) == 2
    assert not world.eye.given[1][2]


def test_while_the_store_is_away_nothing_is_begun(world: World) -> None:
    world.take(*segments(1))
    job = world.eye.last()
    world.desk.hear(world.eye, Answered(job, Away(job.number, "refused")))
    world.desk.dispatch()
    assert (len(world.eye.given), world.desk.away) == (1, "refused")
    world.at_s += RETRY_S
    world.desk.dispatch()
    assert len(world.eye.given) == 2
    world.judge()
    assert (world.verdicts(), world.desk.away) == ([("still", "")], "")


@pytest.mark.parametrize(("age_ms", "tries"), [(0, LATE_TRIES + 1), (YOUNG_MS + 1, 1)])
def test_footage_that_is_not_there_is_sought_again_while_it_is_young(world: World, age_ms: int, tries: int) -> None:
    world.take(*segments(1), came_ms=NOW_MS + 100_000 - age_ms)
    for _ in range(LATE_TRIES + 1):
        if not world.told:
            job = world.eye.last()
            world.desk.hear(world.eye, Answered(job, Absent(job.number)))
            world.at_s += 10
            world.desk.dispatch()
    assert world.verdicts() == [("unreadable", "the footage is gone")]
    assert len(world.eye.given) == tries


def test_nothing_is_told_of_a_partition_that_is_another_s_now(world: World) -> None:
    world.take(*segments(2))
    world.desk.drop({0})
    world.judge()
    assert (world.told, len(world.desk)) == ([], 0)
    world.take(*segments(1))
    world.judge()
    assert len(world.told) == 1


def test_a_missing_predecessor_is_waited_for_until_time_has_passed(world: World) -> None:
    facts = segments(3)
    came_ms = NOW_MS
    world.take(facts[0], facts[2], came_ms=came_ms)
    world.judge()
    assert len(world.eye.given) == 1
    due_ms = world.desk.due_ms(0)
    assert due_ms == came_ms + Settings().motion_wait_ms
    world.desk.pass_time(0, due_ms + 1)
    world.desk.dispatch()
    assert world.eye.last().segment.start_ms == facts[2].start_ms
    assert world.eye.given[-1][1] == ()
