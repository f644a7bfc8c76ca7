"""What light explains, and what it does not."""

import cv2
import numpy as np
import pytest

from processors.motion.score import light


def scene(seed: int = 1) -> np.ndarray:
    """A wall with large, faint stains."""
    coarse = np.random.default_rng(seed).integers(100, 130, (9, 16)).astype(np.uint8)
    return np.asarray(cv2.resize(coarse, (320, 180), interpolation=cv2.INTER_CUBIC), np.uint8)


def brighter(picture: np.ndarray, gain: object) -> np.ndarray:
    return np.clip(picture * np.asarray(gain), 0, 255).astype(np.uint8)


def with_square(picture: np.ndarray) -> np.ndarray:
    found = picture.copy()
    found[80:110, 100:130] = 250
    return found


def off(now: np.ndarray, then: np.ndarray) -> np.ndarray:
    return light.unexplained(light.view(now), light.view(then))


def test_the_same_picture_is_explained():
    assert not off(scene(), scene()).any()


@pytest.mark.parametrize("gain", [0.6, 0.85, 1.2, 1.5])
def test_another_exposure_is_explained(gain):
    assert off(brighter(scene(), gain), scene()).max() < 5


def test_a_cloud_over_a_part_of_the_picture_is_explained_and_an_object_in_it_is_not():
    shade = np.linspace(0.6, 1.1, 320)[None, :]
    found = off(brighter(with_square(scene()), shade), scene())
    assert found[17:21, 21:25].min() > 20
    found[13:25, 17:29] = 0
    assert found.max() < 6


def test_what_is_drawn_on_the_picture_keeps_its_brightness_and_is_explained():
    drawn, later = scene(), brighter(scene(), 1.5)
    drawn[4:10, 4:60] = later[4:10, 4:60] = 235
    assert off(later, drawn)[1, 1:12].max() < 1


def test_a_picture_one_point_to_the_side_is_explained():
    assert off(np.roll(scene(), 1, axis=1), scene())[:, 1:].max() == 0
    assert off(np.roll(with_square(scene()), 5, axis=1), with_square(scene())).max() > 20


def test_how_far_the_light_changed_is_told_whatever_moved():
    assert light.step(light.view(scene()), light.view(scene())) == 0
    assert light.step(light.view(with_square(scene())), light.view(scene())) == 0
    assert light.step(light.view(brighter(scene(), 1.5)), light.view(scene())) > 30


def test_a_background_follows_the_light():
    was, now = scene(), brighter(scene(), 1.4)
    relit = light.relit(was.astype(np.float32), light.view(was), light.view(now))
    assert np.abs(relit - now).mean() < 2
