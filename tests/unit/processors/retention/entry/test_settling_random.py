"""Whatever comes in whatever order: Settled never speaks of what is not through."""

import random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from processors.retention.entry.settling import Given
from tests.settling_world import World


def run(seed: int, steps: int) -> tuple[World, list[Given]]:
    chance = random.Random(seed)
    world, said = World(chance), []
    for _ in range(steps):
        chance.choice(world.moves)()
        if (given := world.take_given()) is not None:
            said.append(given)
            world.require_through(given)
    return world, said


@given(st.integers(0, 1 << 32))
@example(0)
@settings(max_examples=80, deadline=None)
def test_no_order_of_progress_settles_what_is_not_through(seed: int) -> None:
    run(seed, 3000)


@given(st.integers(0, 1 << 32))
@settings(max_examples=15, deadline=None)
def test_once_all_work_and_all_is_read_everything_is_settled(seed: int) -> None:
    world, _ = run(seed, 200)
    world.calm()
    assert -1 not in world.last.segment_ends
    assert world.last.segment_ends
    world.require_through(world.last)


def test_rounds_come_to_an_end_while_things_happen() -> None:
    said = [given for seed in range(20) for given in run(seed, 600)[1]]
    assert sum(bool(given.segment_ends) for given in said) > 10
    assert any(given.unsettled for given in said)
    assert any(given.why for given in said)
