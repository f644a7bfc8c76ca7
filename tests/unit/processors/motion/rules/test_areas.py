"""How large what moved is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from processors.motion.rules.areas import CELLS, areas, grid_of, least_area
from processors.motion.rules.zones import Watched, watched
from schemas.facts import MotionConfig

GRIDS = arrays(np.uint8, (3, 9, 16), elements=st.sampled_from([0, 0, 0, 5, 40, 255]))


def watching(sensitivity: int = 50, min_area: float = 0.001) -> Watched:
    return watched(MotionConfig(sensitivity=sensitivity, min_area=min_area))[0]


def grid(*cells: tuple[int, int], energy: int = 255) -> np.ndarray:
    found = np.zeros((1, 9, 16), np.uint8)
    for row, column in cells:
        found[0, row, column] = energy
    return found


def largest_by_hand(energies: np.ndarray) -> float:
    """The largest connected sum, cell by cell."""
    left = {(row, column) for row, column in np.argwhere(energies > 0).tolist()}
    best = 0.0
    while left:
        reached, todo = 0.0, [left.pop()]
        while todo:
            row, column = todo.pop()
            reached += float(energies[row, column])
            beside = {(row + down, column + right) for down in (-1, 0, 1) for right in (-1, 0, 1)} & left
            left -= beside
            todo += beside
        best = max(best, reached)
    return best / (CELLS * 255)


def test_cells_that_touch_are_one_area_also_by_a_corner():
    assert areas(grid((0, 0), (1, 1)), watching()) == pytest.approx([2 / CELLS])


def test_areas_apart_do_not_add_up():
    assert areas(grid((0, 0), (0, 5), (5, 5)), watching()) == pytest.approx([1 / CELLS])


def test_an_area_smaller_than_the_least_does_not_count():
    assert areas(grid((0, 0)), watching(min_area=0.02)) == [0]


def test_the_least_area_is_four_times_as_large_at_0_and_a_quarter_at_100():
    assert least_area(watching(0)) == pytest.approx(0.004)
    assert least_area(watching(50)) == pytest.approx(0.001)
    assert least_area(watching(100)) == pytest.approx(0.00025)


def test_a_grid_of_nothing_is_zero():
    assert not grid_of(b"").any()
    assert areas(np.zeros((0, 9, 16), np.uint8), watching()).shape == (0,)


@given(GRIDS)
def test_many_grids_at_once_are_as_one_cell_by_cell(grids):
    zone = watching(min_area=0.0)
    counted = np.where(grids >= 8, grids, 0)
    assert areas(grids, zone) == pytest.approx([largest_by_hand(one) for one in counted])


@given(GRIDS, st.integers(0, 100), st.integers(0, 100))
def test_more_sensitive_never_sees_less(grids, one, other):
    less, more = sorted((one, other))
    assert (areas(grids, watching(more)) >= areas(grids, watching(less))).all()


@given(GRIDS, st.floats(0, 0.2), st.floats(0, 0.2))
def test_a_larger_least_size_never_sees_more(grids, one, other):
    small, large = sorted((one, other))
    assert (areas(grids, watching(min_area=large)) <= areas(grids, watching(min_area=small))).all()
