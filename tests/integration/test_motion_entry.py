"""The scanner on a real broker and store: the same verdicts whoever looks, in whatever order, whatever ends."""

import os
import secrets
import signal
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from msgspec import structs

from infra.clock import now_ms
from infra.settings import Settings
from processors.motion.detectors.registry import detector
from schemas.facts import MotionTicked, SegmentScanned
from tests.footage import Footage
from tests.integration import recording
from tests.integration.fake_eye import HOWS, Telling
from tests.integration.scanning import START_MS, Relay, Yard, clip, expected, recorded, scanning, shuffled, worker

wait_for: Callable[..., Any] = partial(recording.wait_for, seconds=120)
CAMERAS = ("gate", "yard", "door")
SECONDS = 50
FAKE = (sys.executable, "-m", "tests.integration.fake_eye")
Verdicts = dict[tuple[str, int], Any]


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> list[Footage]:
    """The same from three cameras; it lies across a line at which baselines are learned anew."""
    path = clip(tmp_path_factory.mktemp("clip") / "yard.mp4", SECONDS)
    return [one for media in CAMERAS for one in recorded(path, media)]


@pytest.fixture(scope="module")
def gate(footage: list[Footage]) -> list[Footage]:
    return [one for one in footage if one.fact.media == "gate"]


@pytest.fixture(scope="module")
def wanted(gate: list[Footage]) -> Verdicts:
    """What must be told of each segment of each camera."""
    of_gate = expected(gate, lambda: detector("cascade@1"))
    assert {one[0] for one in of_gate.values()} == {"motion", "still"}
    return {(media, start_ms): told for media in CAMERAS for (_, start_ms), told in of_gate.items()}


@pytest.fixture
def own(stack: Settings) -> Settings:
    """The shared servers with topics of this test's own, and time that is told often."""
    more = {"topic_prefix": f"s{secrets.token_hex(3)}.", "tick_ms": 300, "motion_workers": 1, "motion_wait_ms": 3000}
    return stack.model_copy(update=more)


@pytest.fixture
def yard(own: Settings) -> Iterator[Yard]:
    made = Yard(own)
    yield made
    made.close()


def test_verdicts_follow_from_the_footage_alone_however_it_arrives(
    own: Settings, yard: Yard, footage: list[Footage], wanted: Verdicts
) -> None:
    """Shuffled, with broken records between, by two eyes; and once more by two members of another group."""
    yard.keep(footage)
    mixed = shuffled(footage, 3)
    with scanning(own.model_copy(update={"motion_workers": 2})):
        yard.tell(mixed[:50])
        yard.tell_raw("gate", b"no fact")
        yard.gap("gate", START_MS - 5000, START_MS)
        yard.tell(mixed[50:])
        wait_for(lambda: len(yard.verdicts()) == len(footage))
        assert yard.verdicts() == wanted
        wait_for(lambda: yard.told("dead-letters"))
    letters = [(letter.consumer, letter.error) for letter in yard.told("dead-letters")]
    assert letters == [("processor-motion-entry", "bad_json")]
    told = len(yard.every_verdict())
    with scanning(own, group="replay"), scanning(own, group="replay"):
        wait_for(lambda: len(yard.every_verdict()) >= told + len(footage))
    assert yard.verdicts() == wanted


def test_workers_and_eyes_that_are_killed_and_members_that_come_and_go_change_nothing(
    own: Settings, yard: Yard, footage: list[Footage], wanted: Verdicts
) -> None:
    yard.keep(footage)
    third = len(footage) // 3
    with worker(own) as killed:
        yard.tell(footage[:third])
        wait_for(lambda: len(yard.verdicts()) > 5)
        killed.kill()
        with scanning(own) as joining:
            yard.tell(footage[third : 2 * third])
            wait_for(lambda: len(yard.verdicts()) > third)
            os.kill(joining.pid(), signal.SIGKILL)
            with worker(own) as leaving:
                yard.tell(footage[2 * third :])
                wait_for(lambda: len(yard.verdicts()) > 2 * third)
                leaving.kill()
            wait_for(lambda: len(yard.verdicts()) == len(footage))
    assert yard.verdicts() == wanted


def test_a_segment_that_ends_its_eye_costs_two_tries_and_its_neighbours_are_judged(
    own: Settings, yard: Yard, gate: list[Footage]
) -> None:
    """By a crash, an endless loop, all the memory, or doing nothing at all: of its own, or in another one's chain."""
    yard.keep(gate)
    yard.tell(gate)
    poison = dict(zip((START_MS + 8000, START_MS + 16_000, START_MS + 24_000, START_MS + 32_000), HOWS, strict=True))
    words = (*FAKE, *(f"{start_ms}:{how}" for start_ms, how in poison.items()))
    little = {"motion_cpu_s": 1, "stall_s": 6, "motion_memory_bytes": 64 << 20, "motion_pixels": 4096}
    with scanning(own.model_copy(update=little), words) as running:
        wait_for(lambda: len(yard.verdicts()) == len(gate))
        assert [running.count("eyes_ended_total", how=one) for one in HOWS.values()] == [2, 2, 2, 2]
    whole = [one for one in gate if one.fact.start_ms not in poison]
    rest = expected(whole, lambda: Telling({}))
    assert {key: told for key, told in yard.verdicts().items() if key[1] not in poison} == rest
    poisoned = [verdict for verdict in yard.every_verdict() if verdict.start_ms in poison]
    assert {(verdict.verdict, verdict.level) for verdict in poisoned} == {("unreadable", "none")}
    assert [verdict.reason for verdict in poisoned] == [
        "its reader did not survive it, 2 times (SIGSEGV)", "it took more than 1 s of processor time, 2 times",
        "it took more memory than there is for one, 2 times", "its reader did not survive it, 2 times (stood still)",
    ]  # fmt: skip


def test_while_the_store_is_away_footage_waits_and_nothing_is_unreadable(
    own: Settings, yard: Yard, gate: list[Footage], wanted: Verdicts
) -> None:
    yard.keep(gate)
    with Relay(own.s3) as relay, scanning(own.model_copy(update={"s3": relay.url})) as running:
        yard.tell(gate[:8])
        wait_for(lambda: len(yard.verdicts()) == 8)
        relay.close()
        yard.tell(gate[8:])
        wait_for(lambda: running.count("waiting") == 1)
        assert len(yard.verdicts()) == 8
        relay.open()
        wait_for(lambda: len(yard.verdicts()) == len(gate))
        wait_for(lambda: running.count("waiting") == 0)
    assert yard.verdicts() == {key: told for key, told in wanted.items() if key[0] == "gate"}


def test_footage_that_comes_late_is_waited_for_and_what_is_gone_is_unreadable(
    own: Settings, yard: Yard, gate: list[Footage]
) -> None:
    few = [Footage(structs.replace(one.fact, object_key=f"late/{one.fact.object_key}"), one.data) for one in gate[:8]]
    gone, late = few[2], few[5]
    yard.keep([one for one in few if one not in (gone, late)])
    with scanning(own.model_copy(update={"motion_wait_ms": 8000}), FAKE):
        yard.tell(few)
        wait_for(lambda: len(yard.verdicts()) == 5)
        yard.keep([late])
        wait_for(lambda: len(yard.verdicts()) == len(few))
    unreadable = [verdict for verdict in yard.every_verdict() if verdict.verdict == "unreadable"]
    assert [(one.start_ms, one.reason) for one in unreadable] == [(gone.fact.start_ms, "the footage is gone")]


def test_who_comes_too_late_is_in_no_chain_live_or_replayed(own: Settings, yard: Yard, gate: list[Footage]) -> None:
    """A segment without its predecessor waits for it so long, and is then judged by what there is."""
    yard.keep(gate)
    late = gate[6]
    with scanning(own, FAKE):
        yard.tell([one for one in gate[:10] if one is not late])
        wait_for(lambda: len(yard.verdicts()) == 9)
        yard.tell([late, *gate[10:]])
        wait_for(lambda: len(yard.verdicts()) == len(gate))
        live = yard.verdicts()
    with scanning(own, FAKE, group="replay"):
        wait_for(lambda: len(yard.every_verdict()) >= 2 * len(gate))
    assert yard.verdicts() == live
    from_ms = {verdict.start_ms: verdict.baseline_from_ms for verdict in yard.every_verdict()}
    seventh_ms = gate[7].fact.start_ms
    found = [from_ms[gate[number].fact.start_ms] for number in (6, 7, 8, 12)]
    assert found == [START_MS, None, seventh_ms, seventh_ms]


def test_no_time_is_told_before_the_verdicts_of_that_time(own: Settings, yard: Yard, gate: list[Footage]) -> None:
    yard.keep(gate)
    with scanning(own, FAKE) as running:
        came_ms = {one.fact.start_ms: came(yard, one) for one in gate}
        wait_for(lambda: len(yard.verdicts()) == len(gate))
        told = running.count("ticks_total")
        wait_for(lambda: running.count("ticks_total") > told + 2)
    latest_ms = 0
    for fact in yard.motion():
        if isinstance(fact, MotionTicked):
            latest_ms = max(latest_ms, fact.observed_ms)
        else:
            assert came_ms[fact.start_ms] >= latest_ms
    assert latest_ms > max(came_ms.values())


def came(yard: Yard, one: Footage) -> int:
    """When the log surely had it: every time that is told from then on comes after its verdict."""
    yard.tell([one])
    return now_ms()


def test_where_motion_is_not_sought_a_verdict_says_so_and_no_footage_is_read(
    own: Settings, yard: Yard, footage: list[Footage]
) -> None:
    """Nothing is in the store: what was asked of it is gone."""
    yard.camera("gate", enabled=False)
    yard.camera("yard", detector="tarot@1")
    few = [one for one in footage if one.fact.media != "door"]
    with scanning(own, FAKE):
        yard.tell(few)
        wait_for(lambda: len(yard.verdicts()) == len(few))
    told: dict[str, SegmentScanned] = {verdict.media: verdict for verdict in yard.every_verdict()}
    assert {(one.verdict, one.level, one.reason) for one in told.values()} == {
        ("still", "none", "motion detection is off"),
        ("unreadable", "none", "no detector is called tarot@1; there are cascade@1"),
    }
