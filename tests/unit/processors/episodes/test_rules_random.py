"""The lifecycle over random histories, beside a model that was written another way (tests/episode_model.py)."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from processors.episodes import rules
from processors.episodes.rules import EpisodeState
from schemas import codec
from schemas.facts import ClockTicked, EpisodeAccepted, EpisodeRefused
from tests.episode_facts import TIMEOUT_MS, Event, histories
from tests.episode_model import Model, plain

States = dict[bytes, EpisodeState]
Told = list[EpisodeAccepted | EpisodeRefused]


def fold(states: States, events: list[Event]) -> Told:
    """What the events tell, one after another; ``states`` moves on."""
    facts: Told = []
    for event in events:
        facts += _fold_one(states, event)
    return facts


def _fold_one(states: States, event: Event) -> Told:
    facts: Told = []
    if isinstance(event, ClockTicked):
        for name, state in states.items():
            states[name], closed = rules.close_silent(state, event.observed_ms, TIMEOUT_MS)
            facts += closed
        return facts
    name = rules.key(event.media, int(event.record.episode_id))
    states[name], facts = rules.step(states.get(name), event)
    return facts


def once(facts: Told) -> dict[str, bytes]:
    """Identity → the fact as written; the same identity with another content fails."""
    kept: dict[str, bytes] = {}
    for fact in facts:
        written = codec.encode(fact)
        assert kept.setdefault(codec.fact_id(fact), written) == written
    return kept


@settings(max_examples=150)
@given(histories())
def test_the_fold_tells_what_the_rules_say(events: list[Event]) -> None:
    model = Model(TIMEOUT_MS)
    for event in events:
        model.take(event)
    assert [plain(fact) for fact in fold({}, events)] == model.told


@settings(max_examples=150)
@given(histories(), st.data())
def test_any_earlier_stretch_told_again_changes_nothing(events: list[Event], data: st.DataObject) -> None:
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(events))] * 2)))
    states: States = {}
    fold(states, events)
    before = dict(states)
    assert fold(states, events[start:end]) == []
    assert states == before


@settings(max_examples=150)
@given(histories(), st.data())
def test_a_second_reader_that_forwards_the_same_saves_does_no_harm(events: list[Event], data: st.DataObject) -> None:
    """What a reader that lost its seat still sends: earlier saves again, anywhere in between, in their order."""
    disturbed: list[Event] = []
    behind = 0
    for at, event in enumerate(events):
        disturbed.append(event)
        for _ in range(data.draw(st.integers(0, 2))):
            if behind <= at:
                disturbed.append(events[behind])
                behind += 1
    assert fold({}, disturbed) == fold({}, events)


@settings(max_examples=150)
@given(histories(), st.data())
def test_crashes_at_any_step_repeat_facts_but_tell_no_other(events: list[Event], data: st.DataObject) -> None:
    """Facts go out before states are kept, states before the offset: a crash leaves every key at a step of its own."""
    undisturbed: States = {}
    wanted = fold(undisturbed, events)
    kept: States = {}
    facts: Told = []
    committed = 0
    for _ in range(data.draw(st.integers(0, 6), label="batches")):
        start = data.draw(st.integers(0, committed), label="read from")
        end = data.draw(st.integers(committed, len(events)), label="to")
        if data.draw(st.booleans(), label="crash"):
            facts += _crash(kept, events[start:end], data)
        else:
            facts += fold(kept, events[start:end])
            committed = end
    facts += fold(kept, events[committed:])
    assert once(facts) == once(wanted)
    assert kept == undisturbed


def _crash(kept: States, events: list[Event], data: Any) -> Told:
    """All facts are out; of every state only the value of some step along the way is kept."""
    running = dict(kept)
    along: dict[bytes, list[EpisodeState]] = {}
    facts: Told = []
    for event in events:
        before = dict(running)
        facts += _fold_one(running, event)
        for name, state in running.items():
            if before.get(name) is not state:
                along.setdefault(name, []).append(state)
    for name, steps in along.items():
        at = data.draw(st.integers(-1, len(steps) - 1))
        if at >= 0:
            kept[name] = steps[at]
    return facts
