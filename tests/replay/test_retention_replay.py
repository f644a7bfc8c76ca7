"""The fold of retention through the steps of a batch (outputs, states in the order of their keys, then the offset)."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import codec
from tests.folded import Folded, told_whole
from tests.retention_facts import History
from tests.retention_folded import Bounds, folded
from tests.retention_words import Rules


def history(seed: int, steps: int = 80) -> tuple[Rules, list[Any]]:
    """Facts as they came, each following from what was told of those before."""
    made = History(random.Random(seed))
    fold = folded(made.rules)
    for fact in made.steps(steps):
        made.told(fold.tell(fact))
    return made.rules, made.facts


def told_with_crashes(fold: Folded, facts: list[Any], chance: random.Random) -> list[bytes]:
    """What is told, each once, by batches of which some crash: all is told, the changelog ends anywhere, no offset."""
    committed, told = 0, list[bytes]()
    while committed < len(facts):
        end = min(len(facts), committed + chance.randrange(1, 40))
        behind = fold.copy()
        for offset in range(committed, end):
            behind.told_at(offset, facts[offset])
        told += map(codec.encode, behind.saves[len(fold.saves) :])
        if chance.random() < 0.5:
            written = sorted(name for name in behind.names() if behind.get(name) != fold.get(name))
            fold.keep(behind, written[: chance.randrange(len(written) + 1)])
        else:
            fold, committed = behind, end
    return list(dict.fromkeys(told))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**9))
def test_crashes_wherever_the_changelog_ends_repeat_decisions_and_make_no_other(seed: int) -> None:
    chance = random.Random(seed)
    with pytest.MonkeyPatch.context() as patch:
        Bounds(chance.choice((1, 3, 32)), chance.choice((4, 12, 128))).put(patch)
        rules, facts = history(seed)
        whole = told_whole(folded(rules), facts)
        assert sorted(told_with_crashes(folded(rules), facts, chance)) == sorted(dict.fromkeys(whole))


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 79))
def test_a_topic_told_twice_makes_nothing_the_second_time(seed: int, again_from: int) -> None:
    rules, facts = history(seed)
    fold = folded(rules)
    before = list(fold.tell(*facts))
    for offset in range(again_from, len(facts)):
        fold.told_at(offset, facts[offset])
    assert fold.saves == before


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 10**9))
def test_the_same_facts_make_the_same_decisions(seed: int) -> None:
    rules, facts = history(seed)
    assert told_whole(folded(rules), facts) == told_whole(folded(rules), facts)
