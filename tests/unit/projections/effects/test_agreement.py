"""The effect beside the folds of retention and protection: what one of them counts as kept, no other lets go."""

from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from infra.settings import load
from processors.protection.agent import processor
from processors.protection.entry.rules import translated
from projections.effects import rules
from projections.effects.rules import STORED_AGAIN, Left, Outcome
from schemas.facts import DeletionOrdered, RangeReleased
from tests.folded import Folded
from tests.hold_facts import BASE_MS, MEDIA, episode
from tests.order_facts import order, run_of
from tests.retention_facts import START_MS, Archive
from tests.retention_folded import folded
from tests.retention_words import Rules

TICK_MS, DEPTH_MS, GRACE_MS = 10_000, 30_000, 60_000
EARLY_MS = rules.early_ms(GRACE_MS, has_hard_cap=False)


class Named(NamedTuple):
    """An order, and whether retention knew of the second footage when it was given."""

    at_ms: int
    means_second: bool


def orders(put_ms: int, told_ms: int, ticks: int = 40) -> list[Named]:
    """Of one stretch that is recorded and, at ``put_ms``, stored again; retention hears with the tick after
    ``told_ms``. Times count from the first footage."""
    archive, is_told, found = Archive(), False, list[Named]()
    fold = folded(Rules(GRACE_MS, settle_ms=0, batch_ms=0, high=0.9, low=0.85))
    fold.tell(archive.policy("cam1", DEPTH_MS), archive.level(), archive.stored("cam1", START_MS))
    for at_ms in range(TICK_MS, ticks * TICK_MS, TICK_MS):
        told = fold.tell(archive.level(after_ms=TICK_MS))
        found += [Named(at_ms, is_told) for one in told if isinstance(one, DeletionOrdered)]
        if not is_told and told_ms <= at_ms:
            is_told = True
            fold.tell(archive.stored("cam1", START_MS))
        fold.tell(*archive.settling())
    return found


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 200_000), st.integers(0, EARLY_MS - TICK_MS - 1), st.integers(0, 100_000))
@example(put_ms=130_000, lag_ms=0, behind_ms=90_000)
@example(put_ms=95_000, lag_ms=20_000, behind_ms=0)
def test_the_effect_deletes_what_retention_means_and_nothing_that_it_counts_as_new(
    put_ms: int, lag_ms: int, behind_ms: int
) -> None:
    found = orders(put_ms, put_ms + lag_ms)
    assert found[-1].means_second  # what came again is counted anew and goes in its turn
    for one in found:
        carried_out_ms = one.at_ms + behind_ms
        is_second = put_ms <= carried_out_ms
        stays = rules.is_stored_again(put_ms if is_second else 0, one.at_ms - EARLY_MS, carried_out_ms)
        assert stays == (is_second and not one.means_second)


@pytest.mark.parametrize("why", [STORED_AGAIN, "AccessDenied"])
def test_an_order_of_which_something_stays_takes_no_protection_from_what_stays(why: str) -> None:
    starts = run_of(10, BASE_MS)
    fold = Folded(processor(load()).fold)
    fold.tell(episode(1, BASE_MS + 5000, BASE_MS + 55_000))
    gone = rules.deleted(Outcome(order(starts, MEDIA[0]), {starts[5]: Left(10, why)}), BASE_MS)
    told = fold.tell(*(fact for one in gone if (fact := translated(one))))
    assert not any(isinstance(one, RangeReleased) for one in told)
    rest = rules.deleted(Outcome(order(starts, MEDIA[0]), {}), BASE_MS)
    told = fold.tell(*(fact for one in rest if (fact := translated(one))))
    assert any(isinstance(one, RangeReleased) for one in told)
