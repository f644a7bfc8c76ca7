"""Retention over random histories, beside a model that was written another way (tests/retention_model.py)."""

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.retention.agent import Outputs
from schemas.facts import RangeExpired, RangeRestored
from tests.retention_bounded import Bounded
from tests.retention_facts import History
from tests.retention_folded import Bounds, folded
from tests.retention_model import Model
from tests.retention_never import Never

STEPS = 90


def test_random_histories_are_decided_as_the_rules_say(pytestconfig: pytest.Config) -> None:
    """No protected second out of order, none under a lock, none too young, none whose marks are late; every decision
    has one follow-up, and every removal an order. ``--expiries 10000`` for the whole proof."""
    said: Counter[str] = Counter()
    for seed in range(pytestconfig.getoption("expiries")):
        said += run(seed)
    assert {"depth", "keep", "room", "quota", "hard_cap", "DeletionOrdered", "protection", "policy"} <= set(said)


@settings(max_examples=15, deadline=None)
@given(st.integers(10**6, 10**9))
def test_any_history_is_decided_as_the_rules_say(seed: int) -> None:
    run(seed)


def run(seed: int) -> Counter[str]:
    """What was said how often in one history."""
    chance = random.Random(seed)
    bounds = Bounds.by(chance)
    with pytest.MonkeyPatch.context() as patch:
        bounds.put(patch)
        history = History(chance, is_tight=bounds.are_tight)
        model = Bounded(history.rules, bounds=bounds) if bounds.are_tight else Model(history.rules)
        fold, never = folded(history.rules), Never(history.rules)
        said: Counter[str] = Counter()
        for offset, fact in enumerate(history.steps(STEPS)):
            told: Outputs = fold.tell(fact)
            history.told(told)
            never.see(fact, told)
            model.take(fact, offset, told)
            said += Counter(map(word, told))
    never.end()
    return said


def word(fact: object) -> str:
    if isinstance(fact, RangeExpired):
        return fact.reason
    return fact.restored_by if isinstance(fact, RangeRestored) else type(fact).__name__
