"""Places as a camera sees them when nothing moves: textured, with edges, and with leaves where wind can play."""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.scenes.plan import Place

Image = NDArray[np.uint8]
Field = NDArray[np.float32]


class Ground(NamedTuple):
    """A still place."""

    image: Image
    """BGR."""
    leaves: Field
    """0..1 per pixel: how much of it is foliage."""


def ground(place: Place, seed: int, width: int, height: int) -> Ground:
    """The place of that seed."""
    random = np.random.default_rng(seed)
    image = _DRAWN[place](random, width, height)
    leaves = _bushes(random, width, height, 0 if place == "lobby" else 3)
    leafy = _tinted(rough(random, width, height, 3.0), (38, 74, 52), 75)
    image += (leafy - image) * leaves[:, :, None]
    grain = rough(random, width, height, 1.6)[:, :, None] * 9
    return Ground(np.clip(image + grain, 0, 255).astype(np.uint8), leaves)


def rough(random: np.random.Generator, width: int, height: int, finest_px: float) -> Field:
    """Value noise of several octaves, about -1..1; ``finest_px``: size of its smallest grains at 1080 lines."""
    made = np.zeros((height, width), np.float32)
    grain, weight, total = finest_px * height / 1080, 1.0, 0.0
    while grain < height / 2:
        shape = (max(2, int(height / max(grain, 1))), max(2, int(width / max(grain, 1))))
        octave = random.uniform(-1, 1, shape).astype(np.float32)
        made += weight * cv2.resize(octave, (width, height), interpolation=cv2.INTER_CUBIC)
        total += weight
        grain, weight = grain * 3, weight * 0.9
    scaled: Field = (made * np.float32(1.6 / total)).astype(np.float32)
    return scaled


def _tinted(texture: Field, colour: tuple[int, int, int], contrast: float) -> Field:
    tinted: Field = np.asarray(colour, np.float32) + texture[:, :, None] * np.float32(contrast) * np.float32(0.6)
    return tinted


def _bushes(random: np.random.Generator, width: int, height: int, count: int) -> Field:
    """Soft blobs at the sides and above."""
    mask = np.zeros((height, width), np.float32)
    for _ in range(count):
        side = random.random()
        x = int(width * (side * 0.3 if side < 0.6 else 0.75 + side * 0.22))
        y = int(height * random.uniform(0.15, 0.55))
        axes = (int(width * random.uniform(0.06, 0.16)), int(height * random.uniform(0.12, 0.28)))
        cv2.ellipse(mask, (x, y), axes, 0, 0, 360, 1.0, -1)
    ragged = mask + rough(random, width, height, 8.0) * 0.35
    soft: Field = np.clip((cv2.GaussianBlur(ragged, (0, 0), height / 300) - 0.45) * 4, 0, 1).astype(np.float32)
    return soft


def _outdoors(random: np.random.Generator, width: int, height: int, earth: tuple[int, int, int]) -> Field:
    """Sky with clouds above, textured earth below, a house or two on the horizon."""
    horizon = int(height * random.uniform(0.25, 0.38))
    image = _tinted(rough(random, width, height, 4.0), earth, 45)
    sky = _tinted(np.clip(rough(random, width, height, 60.0), 0, 1), (215, 190, 165), 80)
    image[:horizon] = sky[:horizon]
    for _ in range(int(random.integers(1, 4))):
        left, wide = int(width * random.uniform(0.05, 0.8)), int(width * random.uniform(0.1, 0.25))
        top, foot = int(horizon * random.uniform(0.25, 0.7)), int(horizon * random.uniform(1.05, 1.35))
        shade = [float(random.uniform(80, 200) + value) for value in random.uniform(-20, 20, 3)]
        cv2.rectangle(image, (left, top), (left + wide, foot), shade, -1)
        for at in range(left + wide // 8, left + wide - wide // 8, max(wide // 4, 8)):
            window = (at, top + (foot - top) // 4), (at + wide // 9, top + (foot - top) // 2)
            cv2.rectangle(image, *window, (60.0, 50.0, 45.0), -1)
    return image


def _yard(random: np.random.Generator, width: int, height: int) -> Field:
    image = _outdoors(random, width, height, (95, 128, 118))
    paved = _tinted(rough(random, width, height, 2.5), (128, 130, 134), 30)
    near, far = random.uniform(0.2, 0.5), random.uniform(0.4, 0.6)
    corners = [(near, 1.0), (near + 0.5, 1.0), (far + 0.08, 0.36), (far, 0.36)]
    return _laid(image, paved, corners)


def _road(random: np.random.Generator, width: int, height: int) -> Field:
    image = _outdoors(random, width, height, (88, 120, 105))
    asphalt = _tinted(rough(random, width, height, 2.0), (92, 92, 94), 26)
    top = random.uniform(0.42, 0.5)
    image = _laid(image, asphalt, [(0, top), (1, top - 0.04), (1, 0.9), (0, 0.96)])
    for at in range(0, width, width // 12):
        y = int(height * (top + 0.25))
        cv2.line(image, (at, y), (at + width // 30, y), (200.0, 205.0, 205.0), max(1, height // 200))
    return image


def _lobby(random: np.random.Generator, width: int, height: int) -> Field:
    image = _tinted(rough(random, width, height, 20.0), (168, 176, 182), 16)
    floor = _tinted(rough(random, width, height, 3.0), (142, 150, 158), 18)
    horizon = random.uniform(0.3, 0.4)
    image = _laid(
        image, floor, [(0, horizon + 0.1), (0.2, horizon), (0.8, horizon), (1, horizon + 0.1), (1, 1), (0, 1)]
    )
    for share in np.linspace(-0.6, 1.6, 12):
        foot, head = (int(width * share), height), (int(width * (0.5 + (share - 0.5) * 0.35)), int(height * horizon))
        cv2.line(image, foot, head, (118.0, 124.0, 130.0), max(1, height // 540))
    for left in random.uniform(0.1, 0.8, 2):
        corners = (int(width * left), int(height * 0.08)), (int(width * (left + 0.1)), int(height * (horizon + 0.05)))
        cv2.rectangle(image, *corners, [float(value) for value in random.uniform(60, 140, 3)], -1)
    return image


def _laid(image: Field, cover: Field, corners: list[tuple[float, float]]) -> Field:
    """The image with ``cover`` inside a polygon of shares."""
    height, width = image.shape[:2]
    mask = np.zeros((height, width), np.float32)
    cv2.fillPoly(mask, [np.array([(int(x * width), int(y * height)) for x, y in corners], np.int32)], 1.0)
    laid: Field = image + (cover - image) * mask[:, :, None]
    return laid


_DRAWN = {"yard": _yard, "road": _road, "lobby": _lobby}
