from cli.motion.grid import counting, framed
from schemas.motion import MotionConfig, Zone
from tests.unit.cli.motion.grids import grid

LEFT = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))


def test_a_cell_that_moved_enough_counts_and_a_weak_one_does_not() -> None:
    counts = counting(grid(c0=255, c17=1), MotionConfig())
    assert counts[0, 0]
    assert not counts[1, 1]


def test_a_mask_and_what_lies_outside_the_zones_do_not_count() -> None:
    seen = grid(c0=255, c15=255)
    masked = counting(seen, MotionConfig(zones=(Zone(name="tree", polygon=LEFT, kind="mask"),)))
    watched = counting(seen, MotionConfig(zones=(Zone(name="door", polygon=LEFT),)))
    assert (masked[0, 0], masked[0, 15]) == (False, True)
    assert (watched[0, 0], watched[0, 15]) == (True, False)


def test_the_grid_as_text_has_a_line_for_each_row_and_shades_for_strength() -> None:
    lines = framed(grid(c0=255, c1=60, c143=1), MotionConfig())
    assert len(lines) == 11
    assert lines[1].startswith("|@@--  ")
    assert lines[9].endswith("  ''|")
    assert {len(line) for line in lines} == {34}
