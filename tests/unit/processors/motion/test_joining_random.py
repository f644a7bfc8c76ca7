"""Episodes of motion over random footage, beside a model that was written another way (tests/motion_model.py)."""

import random
from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from processors.episodes import rules as lifecycle
from schemas import ids
from schemas.episode import EpisodeRecord
from schemas.facts import EpisodeAccepted, EpisodeRefused, EpisodeSaved, SegmentScanned
from schemas.intervals import Span, subtract, union
from tests import motion_model
from tests.motion_facts import (
    END,
    NOW_MS,
    Event,
    Moved,
    Partition,
    Recorded,
    footage,
    last,
    mark,
    movements,
    tick,
    told_as_they_came,
    verdicts,
)
from tests.motion_model import Expected

Footage = tuple[list[Moved], list[Recorded]]


def saved(events: Sequence[Event]) -> list[EpisodeRecord]:
    partition = Partition()
    partition.tell(*events, END)
    return partition.saves


def as_expected(saves: Sequence[EpisodeRecord]) -> list[Expected]:
    return [Expected(*mark(one), one.labels or (), one.score or 0) for one in last(saves)]


def settled(saves: Sequence[EpisodeRecord]) -> list[EpisodeRecord]:
    """The episodes but for when they were told."""
    return [structs.replace(one, updated_at=one.opened_at) for one in last(saves)]


def in_time(events: list[Event]) -> list[Event]:
    """The facts as they stand on a partition when each is told at its time."""
    return sorted(events, key=lambda one: one.observed_ms)


@settings(max_examples=100, deadline=None)
@given(footage(), st.sampled_from((0, 500, 3000, 60_000)), st.sampled_from((0, 0, 2000)))
def test_footage_in_order_is_the_episodes_that_the_rules_say(seen: Footage, join_ms: int, min_ms: int) -> None:
    asked = {"join_ms": join_ms, "min_ms": min_ms}
    scans = [structs.replace(one, parameters=asked) for one in told_as_they_came(verdicts(*seen))]
    assert as_expected(saved(scans)) == motion_model.episodes(scans, join_ms, min_ms)


@settings(max_examples=150, deadline=None)
@given(footage(), st.randoms(use_true_random=False), st.sampled_from((500, 3000, 20_000)))
def test_rule_3_4_the_order_of_arrival_does_not_change_the_result(
    seen: Footage, chance: random.Random, join_ms: int
) -> None:
    scans = [structs.replace(one, parameters={"join_ms": join_ms}) for one in verdicts(*seen)]
    shuffled = chance.sample(scans, len(scans))
    in_order, mixed = told_as_they_came(scans), told_as_they_came(shuffled)
    ticks = [tick(1000 + chance.randrange(20)) for _ in range(3)]
    with_time = in_time([*mixed, *ticks])
    assert settled(saved(with_time)) == settled(saved(in_order))


@settings(max_examples=100, deadline=None)
@given(movements(60), st.data())
def test_cut_into_segments_anywhere_the_same_footage_is_the_same_episodes(
    moved: list[Moved], data: st.DataObject
) -> None:
    def cut() -> list[SegmentScanned]:
        places = sorted(data.draw(st.sets(st.integers(1, 79), max_size=15), label="cuts"))
        borders = [0, *places, 80]
        recorded = [Recorded(a, b) for a, b in pairwise(borders)]
        return told_as_they_came(verdicts(moved, recorded))

    once, again = as_expected(saved(cut())), as_expected(saved(cut()))
    assert once == again


@settings(max_examples=100, deadline=None)
@given(footage(), st.data())
def test_a_verdict_told_twice_changes_nothing(seen: Footage, data: st.DataObject) -> None:
    scans = verdicts(*seen)
    twice: list[SegmentScanned] = []
    for number, one in enumerate(scans):
        twice.append(one)
        twice += scans[number + 1 - data.draw(st.integers(0, min(number + 1, 5))) : number + 1]
    assert settled(saved(told_as_they_came(twice))) == settled(saved(told_as_they_came(scans)))


def late(scans: Sequence[SegmentScanned], chance: random.Random) -> list[Event]:
    """The same verdicts as they might come in the worst case: any of them late, again, with time between them."""
    told = told_as_they_came(chance.choices(scans, k=len(scans)) + chance.sample(scans, len(scans)), every_s=20)
    ticks = [tick(1000 + chance.randrange(2 * len(told)) * 10) for _ in range(len(told))]
    return in_time([*told, *ticks])


@settings(max_examples=100, deadline=None)
@given(footage(), st.randoms(use_true_random=False))
def test_what_comes_late_is_never_lost_and_nothing_else_is_marked(seen: Footage, chance: random.Random) -> None:
    scans = verdicts(*seen)
    marks = [mark(one) for one in last(saved(late(scans, chance)))]
    moved = [Span(one.start_ms, one.end_ms) for one in motion_model.episodes(scans, join_ms=0)]
    said = [Span(span.start_ms, span.end_ms) for one in scans for span in one.spans]
    assert subtract(moved, marks) == []
    assert subtract(marks, union(said, 3000)) == []


@settings(max_examples=80, deadline=None)
@given(footage(), st.randoms(use_true_random=False))
def test_our_saves_told_once_in_order_are_never_refused(seen: Footage, chance: random.Random) -> None:
    """Through the lifecycle itself, which keeps the last of them; and every episode ends."""
    states: dict[int, lifecycle.EpisodeState] = {}
    facts: list[EpisodeAccepted | EpisodeRefused] = []
    saves = saved(late(verdicts(*seen), chance))
    for offset, save in enumerate(saves):
        fact = EpisodeSaved(
            media=save.media, observed_ms=NOW_MS + offset, save_id=ids.derived("s", offset),
            record=structs.replace(save, preview=None), src_partition=0, src_offset=offset,
        )  # fmt: skip
        number = ids.parse(save.episode_id)
        states[number], answered = lifecycle.step(states.get(number), fact)
        facts += answered
    assert [fact for fact in facts if not isinstance(fact, EpisodeAccepted)] == []
    assert len(facts) == len(saves)
    assert all(state.closed_at is not None for state in states.values())


@settings(max_examples=100, deadline=None)
@given(footage(), st.randoms(use_true_random=False))
def test_no_mark_shrinks_and_nothing_is_updated_in_the_future(seen: Footage, chance: random.Random) -> None:
    partition, stood, now_ms = Partition(), list[Span](), 0
    for event in late(verdicts(*seen), chance):
        now_ms = max(now_ms, event.observed_ms)
        assert all(save.updated_at <= now_ms + len(partition.saves) for save in partition.tell(event))
        marks = [mark(one) for one in last(partition.saves)]
        assert subtract(stood, marks) == []
        stood = marks


@settings(max_examples=100, deadline=None)
@given(footage())
def test_live_footage_is_told_as_it_comes(seen: Footage) -> None:
    """In order and without time: all that moved until a join gap before the last look is told, but for a step."""
    moved, recorded = seen
    whole = [Recorded(one.start_s, one.end_s) for one in recorded]
    partition = Partition()
    partition.tell(tick(0), *told_as_they_came(verdicts(moved, whole)), tick(1000 + len(whole) + 30))
    marks = [mark(one) for one in last(partition.saves)]
    left = subtract([Span(one.start_ms, one.end_ms) for one in motion_model.episodes(verdicts(moved, whole), 0)], marks)
    assert all(one.length_ms < 5000 for one in left)
