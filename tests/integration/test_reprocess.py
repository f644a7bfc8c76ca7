"""Runs that look again, on real servers: shared, killed, behind live footage, dropped, judged anew, promoted."""

import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from infra.clock import now_ms
from infra.kafka import KafkaLog, group_members, read_topic
from infra.settings import Settings
from processors.motion.entry.run import GROUP
from processors.motion.runs.start import group
from schemas import codec
from schemas.facts import EpisodeAccepted, EpisodeRefused, SegmentScanned
from schemas.motion import ReprocessDropped, ReprocessPromoted, ReprocessRequested, RunFact
from tests.footage import Footage
from tests.integration.mailing import service
from tests.integration.recording import wait_for
from tests.integration.scanning import START_MS, Yard, clip, content, recorded

SECONDS, MOVED = 50, 2
EVERYWHERE = {"name": "all", "polygon": [[0, 0], [1, 0], [1, 1], [0, 1]]}
IN_HAND = 3
"""What its one eye may have in hand of a run when live footage comes, and one verdict on its way to the log."""


CAMERAS = ("gate", "yard", "door")


class Past(Yard):
    """A yard whose past is looked at again."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._facts = KafkaLog(settings, "past")

    def say(self, fact: RunFact) -> None:
        self._facts.append(fact).result(60)

    def ask(self, run: str, **fields: Any) -> None:
        asked: dict[str, Any] = {"from_ms": START_MS, "to_ms": START_MS + SECONDS * 1000}
        self.say(ReprocessRequested(run=run, observed_ms=now_ms(), **(asked | fields)))

    def of(self, run: str) -> dict[tuple[str, int], SegmentScanned]:
        """What was told of each segment; whatever was told twice was told alike."""
        found: dict[tuple[str, int], SegmentScanned] = {}
        for one in self.every_verdict():
            if one.run == run:
                was = found.setdefault((one.media, one.start_ms), one)
                assert content(was) == content(one)
        return found

    def judged(self, media: str) -> int:
        """How many of its segments have their live verdict."""
        return sum(name == media for name, _ in self.of(""))

    def order(self) -> list[tuple[str, str]]:
        """Camera and run of every verdict, as the log took them."""
        records = sorted(read_topic(self.settings, "motion"), key=lambda one: (one.timestamp_ms, one.offset))
        facts = [codec.decode(one.topic, one.value) for one in records]
        return [(one.media, one.run) for one in facts if isinstance(one, SegmentScanned)]

    def has_done(self, run: str, step: str) -> bool:
        return any(fact.run == run and getattr(fact, "step", "") == step for fact in self.told("reprocess"))

    def closed(self, media: str) -> dict[int, EpisodeAccepted]:
        """The versions that stand of its episodes that are over."""
        accepted = [fact for fact in self.told("episode-changes") if isinstance(fact, EpisodeAccepted)]
        last = {fact.episode_id: fact for fact in sorted(accepted, key=lambda fact: fact.rev)}
        return {number: one for number, one in last.items() if one.media == media and one.record.closed_at}

    def refusals(self) -> list[EpisodeRefused]:
        return [fact for fact in self.told("episode-changes") if isinstance(fact, EpisodeRefused)]

    def close(self) -> None:
        self._facts.close()
        super().close()


@pytest.fixture(scope="module")
def own(stack: Settings) -> Settings:
    """The shared servers with topics of these tests' own, and time that is told often."""
    more = {"topic_prefix": f"r{secrets.token_hex(3)}.", "tick_ms": 300, "motion_workers": 1, "motion_wait_ms": 3000}
    return stack.model_copy(update=more)


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Footage]]:
    """By camera; they all saw the same."""
    path = clip(tmp_path_factory.mktemp("clip") / "yard.mp4", SECONDS)
    return {media: recorded(path, media) for media in CAMERAS}


@pytest.fixture(scope="module")
def past(
    own: Settings, footage: Mapping[str, list[Footage]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Past]:
    """One worker that looks, and the lifecycle; footage that nobody was told of yet."""
    made, folder = Past(own), tmp_path_factory.mktemp("workers")
    made.keep([one for each in footage.values() for one in each])
    try:
        with service(own, folder, "motion"), service(own, folder, "episodes"):
            yield made
    finally:
        made.close()


def test_a_run_tells_one_verdict_per_segment_beside_the_live_ones_and_once_promoted_they_count(
    past: Past, footage: Mapping[str, list[Footage]]
) -> None:
    gate = footage["gate"]
    past.tell(gate)
    before = wait_for(lambda: len(found := past.closed("gate")) == MOVED and found, 60)
    past.ask("again", media=("gate",), settings={"zones": [EVERYWHERE]})
    past.ask("anew", media=("gate",), settings={"zones": [EVERYWHERE]}, evidence="looks")
    wait_for(lambda: past.has_done("anew", "looked"), 60)
    past.say(ReprocessPromoted(run="again", observed_ms=now_ms()))
    wait_for(lambda: past.has_done("again", "promoted"), 60)
    wait_for(lambda: len(past.closed("gate")) == 2 * MOVED)
    live, again, anew = (past.of(run) for run in ("", "again", "anew"))
    assert again.keys() == anew.keys() == {("gate", one.fact.start_ms) for one in gate}
    assert {place: one.spans for place, one in again.items()} == {place: one.spans for place, one in anew.items()}
    assert {zone for one in again.values() for span in one.spans for zone in span.zones} == {"all"}
    assert [one.looks for one in again.values()] == [live[place].looks for place in again]

    now = past.closed("gate")
    assert [now[number].record.labels for number in before] == [("superseded",)] * len(before)
    assert {one.record.labels for number, one in now.items() if number not in before} == {("all",)}
    assert past.refusals() == []


def test_live_footage_goes_before_a_run_and_a_run_that_is_dropped_stops(
    past: Past, footage: Mapping[str, list[Footage]]
) -> None:
    door, gate, yard = footage["door"], footage["gate"], footage["yard"]
    past.tell([*door, *gate])
    wait_for(lambda: past.judged("door") == len(door) and past.judged("gate") == len(gate), 60)
    past.ask("slow", media=("door", "gate"), detector="mog2@1")
    wait_for(lambda: past.of("slow"), 60)
    past.tell(yard)
    wait_for(lambda: past.judged("yard") >= len(yard) // 2, 60)
    past.say(ReprocessDropped(run="slow", observed_ms=now_ms()))  # while live footage still holds the run back
    wait_for(lambda: past.judged("yard") == len(yard), 60)
    past.ask("next", media=("door", "yard"), evidence="looks")
    wait_for(lambda: past.has_done("next", "looked"), 60)
    order = past.order()
    live = [number for number, (media, run) in enumerate(order) if (media, run) == ("yard", "")]
    assert sum(run == "slow" for _, run in order[live[0] : live[-1]]) <= IN_HAND
    assert len(past.of("slow")) < len(door) + len(gate)
    assert not past.has_done("slow", "looked")
    assert len(past.of("next")) == len(door) + len(yard)


def test_two_workers_share_a_run_and_who_is_left_goes_on_when_the_other_is_killed(
    own: Settings, past: Past, footage: Mapping[str, list[Footage]], tmp_path: Path
) -> None:
    past.tell([one for each in footage.values() for one in each])
    places = {(media, one.fact.start_ms) for media, each in footage.items() for one in each}
    wait_for(lambda: past.of("").keys() == places, 90)
    with service(own, tmp_path, "motion") as victim:
        wait_for(lambda: group_members(own, GROUP) == 2, 60)
        past.ask("shared", detector="mog2@1")
        wait_for(lambda: group_members(own, group("shared")) == 2)
        wait_for(lambda: len(past.of("shared")) > 5, 60)
        victim.kill()
        wait_for(lambda: past.has_done("shared", "looked"), 90)
    assert past.of("shared").keys() == places
