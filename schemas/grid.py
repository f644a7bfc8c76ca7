"""The grid of a look: which of its cells a region of the picture covers. Pure."""

from collections.abc import Iterator, Sequence

COLUMNS, ROWS = 16, 9
_LEAST = 1e-6
"""Share of a cell; less is rounding: a region drawn along a line of the grid covers nothing beyond it."""

Corner = tuple[float, float]
"""x from the left edge, y from the top edge, in cells."""


def cells(polygon: Sequence[Sequence[float]]) -> list[int]:
    """Numbers of the cells that a polygon of shares (x, y) covers some of, ascending, row by row from 0."""
    corners = [(x * COLUMNS, y * ROWS) for x, y in polygon]
    return [number for number in range(COLUMNS * ROWS) if _covered(corners, number) > _LEAST]


def _covered(corners: list[Corner], number: int) -> float:
    """Which share of a cell the polygon covers."""
    row, column = divmod(number, COLUMNS)
    inside = corners
    for axis, low in ((0, column), (1, row)):
        inside = list(_beyond(list(_beyond(inside, axis, low, 1)), axis, low + 1, -1))
    return _area(inside)


def _beyond(corners: list[Corner], axis: int, line: float, sign: int) -> Iterator[Corner]:
    """The part of a polygon on one side of a line across an axis (Sutherland and Hodgman)."""
    for before, here in zip([*corners[-1:], *corners[:-1]], corners, strict=True):
        depth, deep = sign * (before[axis] - line), sign * (here[axis] - line)
        if (depth < 0) != (deep < 0):
            part = depth / (depth - deep)
            yield (before[0] + part * (here[0] - before[0]), before[1] + part * (here[1] - before[1]))
        if deep >= 0:
            yield here


def _area(corners: list[Corner]) -> float:
    sides = zip(corners, [*corners[1:], *corners[:1]], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in sides)) / 2
