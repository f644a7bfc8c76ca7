"""Contact sheet and plot: pictures, so what is asked is where which colour is."""

import numpy as np

from cli.motion import drawing, plot
from cli.motion.drawing import AMBER, Picture
from cli.motion.plot import Dot
from cli.motion.sheet import COLUMNS, HEIGHT, MOST, WIDTH, Tile, fitted, sheet
from schemas.intervals import Span
from schemas.motion import MotionConfig, Zone
from tests.unit.cli.motion.grids import grid


def flat(level: int, height: int = 180, width: int = 320) -> Picture:
    return np.full((height, width, 3), level, np.uint8)


def test_what_counts_is_red_what_is_weak_amber_and_the_rest_as_it_was() -> None:
    drawn = drawing.overlaid(flat(100), grid(c0=255, c15=3), MotionConfig())
    blue, _, red = drawn[5, 5].tolist()
    assert red > 100 > blue
    blue, green, red = drawn[5, 315].tolist()
    assert red > green > blue
    assert (drawn[90:, :] == 100).all()


def test_masks_are_dark_and_zones_have_a_frame() -> None:
    corner = ((0.0, 0.0), (0.25, 0.0), (0.25, 0.5), (0.0, 0.5))
    other = ((0.5, 0.5), (0.9, 0.5), (0.9, 0.9), (0.5, 0.9))
    zones = (Zone(name="drzewo", polygon=corner, kind="mask"), Zone(name="drzwi", polygon=other))
    drawn = drawing.overlaid(flat(200), b"", MotionConfig(zones=zones))
    assert drawn[60, 40].tolist() == [70, 70, 70]
    blue, green, red = drawn[130, round(0.5 * 319)].tolist()
    assert green == 200 > max(blue, red)
    assert drawn[140, 250].tolist() == [200, 200, 200]


def test_a_picture_of_any_shape_is_shown_whole() -> None:
    tall = fitted(flat(200, height=640, width=360))
    assert tall.shape == (HEIGHT, WIDTH, 3)
    assert tall[:, WIDTH // 2].min() == 200
    assert tall[:, 0].max() == 0


def test_a_sheet_is_as_high_as_its_rows_and_holds_no_more_than_fit() -> None:
    tiles = [Tile(flat(200), str(number)) for number in range(MOST + 5)]
    heights = [len(sheet("title", tiles[:count])) for count in (0, 1, COLUMNS, COLUMNS + 1, MOST, MOST + 5)]
    assert heights == sorted(heights)
    assert heights[1] == heights[2] < heights[3]
    assert heights[4] == heights[5]


def test_names_of_any_script_are_written() -> None:
    with_text, without = flat(0), flat(0)
    drawing.text(with_text, "tył 門", (10, 40))
    assert (with_text != without).any()
    assert drawing.width_of("tył") < drawing.width_of("tył i przód")


def test_a_plot_has_its_bands_and_dots_where_the_times_are() -> None:
    dots = [Dot(at_ms, 0.5, 0.5 if at_ms == 5000 else 0.0, False) for at_ms in range(0, 10_001, 1000)]
    page = plot.plot("t", 10_000, dots, [Span(4000, 6000)], least=0.1)
    middle = (plot.WIDTH - 60 - 20) // 2 + 60
    assert page.shape == (plot.HEIGHT, plot.WIDTH, 3)
    column = page[60:370, middle].tolist()
    assert list(AMBER) in column
    assert page[70, middle - 40].tolist() == page[70, middle + 40].tolist() != page[70, 200].tolist()


def test_a_plot_of_nothing_and_of_a_day_can_be_drawn() -> None:
    empty = plot.plot("t", 0, [], [], least=1.0)
    day = plot.plot("t", 86_400_000, [Dot(86_400_000, 1.0, 1.0, True)], [Span(0, 86_400_000)], least=0.0)
    assert empty.shape == day.shape


def test_times_of_a_file_are_written_as_on_a_clock() -> None:
    assert [plot.clock(at_ms) for at_ms in (0, 61_500, 3_600_000, 90_061_000)] == [
        "0:00",
        "1:01",
        "1:00:00",
        "25:01:01",
    ]
