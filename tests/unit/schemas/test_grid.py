"""Which cells of the grid a region of the picture covers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.grid import COLUMNS, ROWS, cells

WHOLE = [(0, 0), (1, 0), (1, 1), (0, 1)]


def box(left: float, top: float, right: float, bottom: float) -> list[tuple[float, float]]:
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


@pytest.mark.parametrize(
    ("region", "numbers"),
    [
        (WHOLE, list(range(144))),
        (box(0, 0, 1 / 16, 1 / 9), [0]),
        (box(1 / 16, 1 / 9, 3 / 16, 2 / 9), [17, 18]),
        (box(0.06, 0, 0.07, 0.01), [0, 1]),
        (box(0.999, 0.999, 1, 1), [143]),
        (box(0.5, 0.5, 0.5001, 0.5001), [72]),
        ([(0, 0), (2 / 16, 0), (0, 2 / 9)], [0, 1, 16]),
        ([(0, 0), (0.5, 0.5), (1, 1)], []),
    ],
    ids=["all", "one cell", "on the lines", "across a line", "a corner", "smaller than a cell", "a triangle", "a line"],
)
def test_a_region_covers_the_cells_it_has_some_of(region: list[tuple[float, float]], numbers: list[int]) -> None:
    assert cells(region) == numbers


def test_the_inside_of_a_horseshoe_is_not_covered() -> None:
    outline = [(0, 0), (3, 0), (3, 3), (2, 3), (2, 1), (1, 1), (1, 3), (0, 3)]
    horseshoe = [(x / COLUMNS, y / ROWS) for x, y in outline]
    assert cells(horseshoe) == [0, 1, 2, 16, 18, 32, 34]


shares = st.integers(0, 64).map(lambda number: number / 64)


@given(shares, shares, shares, shares)
def test_a_rectangle_covers_exactly_the_cells_it_overlaps(left: float, top: float, right: float, bottom: float) -> None:
    found = [
        row * COLUMNS + column
        for row in range(ROWS)
        for column in range(COLUMNS)
        if min(right * 16, column + 1) - max(left * 16, column) > 1e-9
        and min(bottom * 9, row + 1) - max(top * 9, row) > 1e-9
    ]
    region = box(left, top, right, bottom) if left < right and top < bottom else []
    assert cells(region) == (found if region else [])
    assert cells(region[::-1]) == cells(region)


@given(st.lists(st.tuples(shares, shares), min_size=3, max_size=8), st.integers(0, 7))
def test_it_does_not_matter_where_a_polygon_begins(polygon: list[tuple[float, float]], turn: int) -> None:
    assert cells(polygon) == cells(polygon[turn % len(polygon) :] + polygon[: turn % len(polygon)])
