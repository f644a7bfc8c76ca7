"""What moved in a picture, and what the baseline makes of it."""

import numpy as np
import pytest

from processors.motion.score import baseline, blocks, light, seed
from processors.motion.score.baseline import Baseline
from processors.motion.score.moved import Moved, moved

GRAIN = np.random.default_rng(7)
WALL = np.kron(np.random.default_rng(3).integers(70, 150, (18, 32)), np.ones((10, 10))).astype(np.int16)


def picture(*squares: tuple[int, int], size: int = 20, wall: np.ndarray = WALL, noise: float = 2.0) -> np.ndarray:
    """The wall with bright squares whose corners are given (row, column), and a sensor's noise."""
    found = wall.copy()
    for row, column in squares:
        found[row : row + size, column : column + size] = 230
    return np.clip(found + GRAIN.normal(0, noise, found.shape), 0, 255).astype(np.uint8)


def seen(known: Baseline, luma: np.ndarray) -> Moved:
    return moved(known, light.view(luma))


def shown(known: Baseline, *pictures: np.ndarray) -> Baseline:
    for luma in pictures:
        known = baseline.learned(known, seen(known, luma))
    return known


@pytest.fixture(scope="module")
def still() -> Baseline:
    return shown(baseline.begun(picture()), *(picture() for _ in range(20)))


def test_noise_alone_is_no_motion(still):
    assert not seen(still, picture()).strengths.any()


def test_an_object_moved_where_it_is(still):
    strengths = seen(still, picture((60, 100))).strengths
    assert strengths[12:16, 20:24].min() == 1
    strengths[11:17, 19:25] = 0
    assert not strengths.any()


def test_who_stands_still_does_not_move(still):
    known = shown(still, picture((60, 100)))
    assert not seen(known, picture((60, 100))).strengths.any()


def test_where_somebody_stood_nothing_moves(still):
    known = shown(still, picture((60, 100)))
    assert not seen(known, picture()).strengths.any()


def test_what_came_to_stay_belongs_to_the_background_and_moves_when_it_goes(still):
    known = shown(still, *(picture((60, 100)) for _ in range(8)))
    assert not seen(known, picture((60, 100))).differs_from_background[12:16, 20:24].any()
    assert seen(known, picture()).strengths[12:16, 20:24].min() > 0


def test_a_block_alone_is_a_flake(still):
    assert not seen(still, picture((60, 100), size=5)).strengths.any()
    assert seen(still, picture((60, 100), size=10)).strengths.any()


def test_what_always_stirs_does_not_move(still):
    known = shown(still, *(picture(*([(60, 100)] if number % 3 else [])) for number in range(60)))
    assert not seen(known, picture((60, 100))).strengths.any()
    assert seen(known, picture((60, 200))).strengths.any()


def test_a_step_of_light_is_no_motion_and_hides_none(still):
    dusk = (WALL * 0.6).astype(np.int16)
    assert not seen(still, picture(wall=dusk)).strengths.any()
    assert seen(still, picture((60, 100), wall=dusk)).strengths[13:15, 21:23].min() > 0


def test_in_another_light_it_soon_sees_as_well_as_before(still):
    lamp = (WALL * np.linspace(0.3, 0.8, 320)[None, :]).astype(np.int16)
    known = shown(still, picture(wall=lamp), picture(wall=lamp))
    found = seen(known, picture((60, 100), wall=lamp))
    assert found.light_step < 1
    assert found.strengths[12:16, 20:24].min() == 1


def test_something_large_in_another_light_is_not_believed_to_be_background(still):
    dusk = (WALL * 0.6).astype(np.int16)
    known = shown(still, picture((20, 60), size=100, wall=dusk))
    assert not seen(known, picture(wall=dusk)).strengths.any()


def test_another_scene_is_no_motion_and_is_begun_anew(still):
    other = WALL[::-1, ::-1].copy()
    found = seen(still, picture(wall=other))
    assert found.is_other_scene
    assert not found.strengths.any()
    known = baseline.learned(still, found)
    assert known.pictures == 1
    assert not seen(known, picture(wall=other)).strengths.any()
    assert seen(known, picture((60, 100), wall=other)).strengths.any()


def test_a_camera_that_is_pushed_is_no_motion(still):
    assert seen(still, picture(wall=np.roll(WALL, (4, 9), axis=(0, 1)))).is_other_scene


def test_a_large_object_is_not_another_scene(still):
    found = seen(still, picture((20, 60), size=100))
    assert not found.is_other_scene
    assert found.strengths.sum() > 100


def test_an_object_before_a_blank_wall_is_not_another_scene():
    blank = np.full_like(WALL, 90)
    known = shown(baseline.begun(picture(wall=blank)), *(picture(wall=blank) for _ in range(20)))
    found = seen(known, picture((60, 100), (20, 200), size=50, wall=blank))
    assert not found.is_other_scene
    assert found.strengths.sum() > 50


def test_first_footage_teaches_its_own_background_though_something_crosses_it():
    pictures = [picture((60, 10 * number)) for number in range(30)]
    known = seed.begun(pictures)
    assert not seen(known, picture()).strengths.any()
    assert seen(known, picture((120, 200))).strengths.any()


def test_one_picture_alone_is_a_beginning():
    assert not seen(seed.begun([picture()]), picture()).strengths.any()


def test_a_baseline_never_changes(still):
    before = still.background.copy(), still.still.copy()
    shown(still, picture((60, 100)), picture())
    assert (still.background == before[0]).all()
    assert (still.still == before[1]).all()


def test_a_baseline_takes_less_than_half_a_megabyte(still):
    assert 200_000 < still.size_bytes < 500_000


def test_energies_are_shares_of_cells():
    strengths = np.zeros((36, 64), np.float32)
    strengths[0:2, 0:4] = 1
    strengths[4, 4] = 0.5
    found = blocks.cells(strengths)
    assert (found[0, 0], found[1, 1], found.sum()) == (128, 8, 136)
