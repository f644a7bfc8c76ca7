"""The cascade: the same verdict for the same footage (rule 3.5), and the cheapest sufficient look (rule 3.2)."""

import random
from collections.abc import Sequence
from itertools import pairwise

import msgspec
import pytest

from infra.objects import StoreUnavailable
from processors.motion.detector import Found, Task, Witness
from processors.motion.detectors.cascade import Cascade
from processors.motion.entry.chain import whole_chain
from processors.motion.rules.spans import judged
from schemas.facts import MotionConfig
from schemas.intervals import Span, union
from schemas.motion import Zone
from tests.footage import Footage
from tests.motion_bytes import MemoryBytes
from tests.motion_footage import START_MS, crossed, ingested

CONFIG = MotionConfig()
MOVES_S = (95.3, 104.3)
"""Over the line of an epoch, which lies 100 s after START_MS."""


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> list[Footage]:
    """Two minutes in segments of 6 s with a key frame a second; a square crosses from 95.3 s to 104.3 s."""
    return ingested(crossed(tmp_path_factory.mktemp("clip") / "a.mp4", 120, MOVES_S, fps=5), segment_ms=6000)


def tasks(recorded: Sequence[Footage], config: MotionConfig = CONFIG) -> list[Task]:
    facts = [one.fact for one in recorded]
    return [Task(fact, whole_chain(fact, facts, Cascade.epoch_ms, Cascade.warm_ms), config) for fact in facts]


def found(recorded: Sequence[Footage], config: MotionConfig = CONFIG) -> list[Found]:
    detector, footage = Cascade(), MemoryBytes.of(*recorded)
    return [detector.scan(task, footage) for task in tasks(recorded, config)]


@pytest.fixture(scope="module")
def verdicts(recorded: list[Footage]) -> list[Found]:
    return found(recorded)


def moved(verdicts: Sequence[Found]) -> list[tuple[float, float]]:
    """Seconds from the start."""
    spans = union(Span(one.start_ms, one.end_ms) for verdict in verdicts for one in verdict.spans)
    return [((one.start_ms - START_MS) / 1000, (one.end_ms - START_MS) / 1000) for one in spans]


def test_what_crosses_the_picture_is_found_to_half_a_second(verdicts):
    ((begins_s, ends_s),) = moved(verdicts)
    assert begins_s == pytest.approx(MOVES_S[0], abs=0.5)
    assert ends_s == pytest.approx(MOVES_S[1], abs=0.5)


def test_a_detector_that_remembers_nothing_gives_the_same_verdicts(recorded, verdicts):
    footage = MemoryBytes.of(*recorded)
    for number in (0, 1, 9, 15, 16, 17, 19):
        assert Cascade().scan(tasks(recorded)[number], footage) == verdicts[number]


def test_the_order_of_arrival_changes_nothing(recorded, verdicts):
    detector, footage, order = Cascade(), MemoryBytes.of(*recorded), list(range(len(recorded)))
    random.Random(5).shuffle(order)
    wanted = tasks(recorded)
    assert {one: detector.scan(wanted[one], footage) for one in order} == dict(enumerate(verdicts))


def test_a_memory_too_small_for_one_camera_changes_nothing(recorded, verdicts):
    detector, footage = Cascade(memory_bytes=1), MemoryBytes.of(*recorded)
    assert [detector.scan(task, footage) for task in tasks(recorded)[:4]] == verdicts[:4]


def test_cameras_in_turns_are_not_confused(recorded, verdicts):
    detector, footage = Cascade(), MemoryBytes.of(*recorded)
    for task, verdict in zip(tasks(recorded)[:4], verdicts, strict=False):
        other = task._replace(
            segment=msgspec.structs.replace(task.segment, media="other"),
            before=tuple(msgspec.structs.replace(one, media="other") for one in task.before),
        )
        assert detector.scan(task, footage) == detector.scan(other, footage) == verdict


def test_in_steady_work_no_key_frame_is_read_twice_not_even_at_the_line_of_an_epoch(recorded):
    detector, footage = Cascade(), MemoryBytes.of(*recorded)
    coarse = MotionConfig(profile="coarse")
    for task in tasks(recorded, coarse):
        footage.asked.clear()
        detector.scan(task, footage)
        assert {key for key, _ in footage.asked} == {task.segment.object_key}


def test_first_footage_is_looked_at_in_full_and_later_still_footage_by_its_key_frames(verdicts):
    assert verdicts[0].level == "all"
    assert {verdict.level for verdict in verdicts[1:14]} == {"keyframes"}
    assert all(len(verdict.looks) == 6 for verdict in verdicts[1:14])
    assert verdicts[0].baseline_from_ms is None
    assert verdicts[1].baseline_from_ms == START_MS


def test_where_motion_begins_and_ends_all_pictures_are_looked_at(verdicts):
    dense = [look.at_ms - START_MS for one in verdicts[1:] for look in one.looks if look.level == "borders"]
    assert {at_ms // 1000 for at_ms in dense} == {95, 104}


def test_coarse_looks_at_key_frames_alone_and_thorough_at_everything(recorded):
    coarse, thorough = (
        found(recorded[:3], MotionConfig(profile="coarse")),
        found(recorded[:3], MotionConfig(profile="thorough")),
    )
    assert {verdict.level for verdict in coarse} == {"keyframes"}
    assert {verdict.level for verdict in thorough} == {"all"}
    assert all(len(verdict.looks) >= 29 for verdict in thorough)


def test_the_first_key_frame_tells_what_became_of_the_end_of_the_segment_before_it(tmp_path):
    recorded = ingested(crossed(tmp_path / "a.mp4", 24, (11.4, 17.5), fps=5), segment_ms=6000)
    verdicts = found(recorded)
    assert not verdicts[1].looks[5].grid, "nothing moved yet at its last key frame"
    assert verdicts[2].spans[0].start_ms == pytest.approx(START_MS + 11_400, abs=500)
    assert verdicts[2].spans[0].start_ms < recorded[2].fact.start_ms
    assert verdicts[2].spans[-1].end_ms == recorded[2].fact.end_ms, "goes on, as far as it can know"
    assert verdicts[3].looks[0].at_ms < recorded[3].fact.start_ms
    assert verdicts[3].spans[-1].end_ms == pytest.approx(START_MS + 17_500, abs=500)


def test_the_stored_looks_alone_give_the_same_spans(recorded, verdicts):
    for segment, verdict in zip(recorded, verdicts, strict=True):
        span = Span(min(segment.fact.start_ms, verdict.looks[0].at_ms), segment.fact.end_ms)
        assert judged(span, verdict.looks, CONFIG) == verdict.spans


def test_looks_know_no_zone_sensitivity_or_size(recorded, verdicts):
    half = ((0.0, 0.0), (1.0, 0.0), (1.0, 0.2), (0.0, 0.2))
    wishes = MotionConfig(profile="coarse", sensitivity=3, min_area=0.3, zones=(Zone(name="sky", polygon=half),))
    other = found(recorded[14:17], wishes)
    plain = found(recorded[14:17], MotionConfig(profile="coarse"))
    assert [verdict.looks for verdict in other] == [verdict.looks for verdict in plain]
    assert not moved(other)
    assert moved(plain)


def test_one_preview_for_one_movement_unless_it_becomes_stronger(verdicts):
    shown = [number for number, verdict in enumerate(verdicts) if verdict.preview]
    assert shown
    assert shown[0] in (15, 16)
    for verdict in verdicts:
        assert bool(verdict.preview) == (verdict.preview_ms is not None)
        assert not verdict.preview or verdict.preview[:2] == b"\xff\xd8"


def test_footage_that_cannot_be_read_is_unreadable_and_what_follows_is_judged_alike_cold_and_warm(recorded):
    footage = MemoryBytes.of(*recorded[:4])
    key = recorded[1].fact.object_key
    footage.objects[key] = bytes(len(footage.objects[key]))
    detector, wanted = Cascade(), tasks(recorded)[:4]
    warm = [detector.scan(task, footage) for task in wanted]
    assert [verdict.verdict for verdict in warm] == ["still", "unreadable", "still", "still"]
    assert warm[1].reason
    assert Cascade().scan(wanted[3], footage) == warm[3]


def test_a_first_segment_that_cannot_be_read_leaves_the_next_to_begin_cold_and_warm_alike(recorded):
    footage = MemoryBytes.of(*recorded[:4])
    del footage.objects[recorded[0].fact.object_key]
    detector, wanted = Cascade(), tasks(recorded)[:4]
    warm = [detector.scan(task, footage) for task in wanted[1:]]
    assert warm[0].level == "all"
    assert [Cascade().scan(task, footage) for task in wanted[1:]] == warm


def test_a_store_that_is_away_is_no_verdict(recorded):
    footage = MemoryBytes.of(*recorded)
    footage.down = True
    with pytest.raises(StoreUnavailable):
        Cascade().scan(tasks(recorded)[0], footage)


def test_a_trace_sees_every_look_and_changes_nothing(recorded, verdicts):
    trace = Witness()
    footage = MemoryBytes.of(*recorded)
    assert Cascade().scan(tasks(recorded)[15], footage, trace) == verdicts[15]
    told = sorted(one.look.at_ms for one in trace.looks)
    assert set(told) >= {one.at_ms for one in verdicts[15].looks}
    assert all(before < after for before, after in pairwise(told))
    assert trace.steps
