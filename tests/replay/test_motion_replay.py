"""The same facts make the same verdicts: told once or twice, in any batches, with a crash at any step."""

import secrets
from typing import Any

import pytest

from infra.log import Record
from infra.settings import Settings
from projections import registry
from schemas import codec
from schemas.facts import SegmentScanned
from tests.footage_facts import START_MS, on_topic
from tests.replay.laws import ReplayLaws
from tests.replaying import House
from tests.scan_facts import asked, dropped, history, looked, promoted, started

TOPIC = "motion"
VERDICT = "media, start_ms, run, detector, verdict, motion_ms, score, src_partition, src_offset"


@pytest.fixture(scope="module")
def own(stack: Settings) -> Settings:
    return stack.model_copy(update={"database": f"motion{secrets.token_hex(3)}"})


@pytest.fixture(scope="module")
def house(own: Settings) -> House:
    return House(own, registry.MOTION)


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return on_topic(history(300), TOPIC)


def expected(records: list[Record]) -> list[Any]:
    """By hand: of each verdict what was said last."""
    verdicts = {}
    for one in records:
        fact = codec.decode(TOPIC, one.value)
        if isinstance(fact, SegmentScanned):
            score = max([look.score for look in fact.looks] + [span.score for span in fact.spans], default=0)
            moved_ms = sum(span.end_ms - span.start_ms for span in fact.spans)
            key = (fact.media, fact.start_ms, fact.run, fact.detector)
            verdicts[key] = (*key, fact.verdict, moved_ms, score, one.partition, one.offset)
    return sorted(verdicts.values())


def test_what_was_said_last_of_a_segment_is_shown_and_names_its_fact(
    own: Settings, house: House, records: list[Record]
) -> None:
    generation, runs = house.generation(), House(own, registry.REPROCESS)
    house.fold(generation, records)
    runs.publish(runs.generation())
    house.publish(generation)
    assert sorted(house.rows(f"SELECT {VERDICT} FROM {house.public}.segment_scans")) == expected(records)


class TestVerdicts(ReplayLaws):
    """Of verdicts."""

    takes = (1000, 37)
    inserts = 4


def test_what_is_decided_of_a_run_is_the_same_however_often_it_is_told(own: Settings) -> None:
    runs = House(own, registry.REPROCESS)
    facts = [asked("night"), started("night"), looked("night"), asked("day"), promoted("night"), dropped("day")]
    again = [started("night", topic="motion"), asked("night", detector="mog2@1"), promoted("night", START_MS + 50)]
    told = on_topic([*facts, *again], "reprocess", partitions=1)
    once, twice = runs.generation(), runs.generation()
    runs.fold(once, told[: len(facts)])
    runs.fold(twice, [*told, *(one._replace(offset=one.offset + 60) for one in told)], take=4)
    assert runs.digests(once) == runs.digests(twice)
    runs.publish(twice)
    shown = runs.rows(f"SELECT run, state, detector, topic, promoted_ms FROM {runs.public}.reprocess_runs ORDER BY run")
    assert shown == [
        ("day", "dropped", "cascade@1", "", None), ("night", "promoting", "cascade@1", "segments", START_MS + 1),
    ]  # fmt: skip
