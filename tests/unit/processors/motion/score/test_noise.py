"""What a block does most of the time is its noise."""

import numpy as np
import pytest

from processors.motion.score import noise

SHAPE = (36, 64)


def blocks(value: float) -> np.ndarray:
    return np.full(SHAPE, value, np.float32)


def after(values: list[float]) -> noise.Noise:
    found = noise.unknown()
    for value in values:
        found = noise.learned(found, blocks(value), 1 / 16)
    return found


def plain(off: float, known: noise.Noise, light_step: float = 0.0) -> float:
    return float(noise.plainness(blocks(off), known, light_step)[0, 0])


def test_what_a_block_does_again_and_again_becomes_its_noise():
    assert plain(20, after([20.0, 2.0] * 100)) < 5


@pytest.mark.parametrize("often", [10, 20])
def test_what_crosses_a_block_now_and_then_does_not(often):
    values = [*([2.0, 2.2] * often)[: often - 1], 60.0]
    assert plain(60, after(values * 20)) > 14


def test_a_block_that_never_moved_can_learn_to():
    assert plain(12, after([0.0] * 100 + [12.0, 0.0] * 100)) < 5


def test_a_change_of_light_makes_unsure():
    known = after([2.0] * 100)
    assert plain(12, known, light_step=60) < plain(12, known) / 4


def test_first_pictures_of_which_most_are_still_show_the_noise():
    samples = np.concatenate([np.full((8, *SHAPE), 1.0), np.full((2, *SHAPE), 80.0)]).astype(np.float32)
    assert plain(80, noise.of(samples)) > 14
