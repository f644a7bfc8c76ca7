"""Pictures of a scene, one after the other, and how much of each is something that moves."""

from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.scenes.ground import ground
from tests.scenes.plan import Scene
from tests.scenes.things import Sprite, Thing
from tests.scenes.weather import Aim, Drops, Flakes, Leaves, Light, Noise, Plane

_NIGHT_NOISE = 4.0
_SHADE = 0.25
"""How much darker a thing's shadow is than its ground."""
_PLAIN = 63
"""A pixel is covered from here on, of 255: an insect before the lens is half transparent."""


class Frame(NamedTuple):
    """One picture."""

    number: int
    """Counts the frame times of the scene; one that the camera left out is missing."""
    i420: NDArray[np.uint8]
    """Rows of luma, then both chroma planes."""
    shares: tuple[float, ...]
    """Of the picture that each act's thing covers, in the order of the acts."""


def frames(scene: Scene) -> Iterator[Frame]:
    """All pictures of the scene."""
    random = np.random.default_rng(scene.seed + 1)
    stage = _Stage(scene, random)
    for number in range(round(scene.seconds * scene.fps)):
        left_out = number > 0 and random.random() < scene.coding.drops
        if not left_out:
            yield stage.shot(number)


class _Stage:
    """The scene's canvas and all that happens on it."""

    def __init__(self, scene: Scene, random: np.random.Generator) -> None:
        weather, lines = scene.weather, scene.height
        margin = round((0.05 if weather.moved else 0.006 if weather.shake else 0) * lines / 2) * 2
        shape = scene.height + 2 * margin, scene.width + 2 * margin
        self._scene, self._aim = scene, Aim(weather, margin)
        place = ground(scene.place, scene.seed, shape[1], shape[0])
        self._y, self._chroma = _planes(place.image)
        self._leaves = Leaves(self._y, place.leaves, random, lines)
        self._rain, self._snow = Drops(shape, weather.rain, random, lines), Flakes(shape, weather.snow, random, lines)
        self._light = Light(weather, shape, random)
        self._day = Noise(shape, weather.noise, random)
        night = weather.noise * _NIGHT_NOISE if weather.night_from is not None else 0
        self._night = Noise(shape, night, random)
        self._things = [Thing(act, lines) for act in scene.acts]

    def shot(self, number: int) -> Frame:
        """The picture of that frame time."""
        scene, at_s = self._scene, number / self._scene.fps
        y, chroma = self._y.copy(), self._chroma.copy()
        self._leaves.blow(y, at_s, sum(gust for start, end, gust in scene.weather.gusts if start <= at_s < end))
        shares = tuple(self._play(thing, y, chroma, at_s) for thing in self._things)
        self._rain.fall(y)
        self._snow.fall(y, at_s)
        self._light.shine(y, at_s)
        dark = self._light.is_night(at_s)
        (self._night if dark else self._day).spoil(y)
        if dark:
            chroma[:] = 128
        return Frame(number, self._cut(y, chroma, at_s), shares)

    def _play(self, thing: Thing, y: Plane, chroma: NDArray[np.uint8], at_s: float) -> float:
        """Draw the thing, if it is there; the share of the picture that it covers."""
        scene, margin = self._scene, self._aim.margin
        seen = thing.at(at_s)
        if seen is None:
            return 0.0
        x, foot, sprite = seen
        high, wide = sprite.cover.shape
        top = margin + round(foot * scene.height) - high
        left = margin + round(x * scene.width) - wide // 2
        _shadow(y, left, top + high, wide)
        covered = _lay(y, chroma, sprite, left, top)
        return covered / (scene.width * scene.height)

    def _cut(self, y: Plane, chroma: NDArray[np.uint8], at_s: float) -> NDArray[np.uint8]:
        """The picture out of the canvas, with the camera's clock on it."""
        width, height = self._scene.width, self._scene.height
        down, right = self._aim.at(at_s, height)
        cut = np.ascontiguousarray(y[down : down + height, right : right + width])
        _clock(cut, at_s)
        half = chroma[:, down // 2 : (down + height) // 2, right // 2 : (right + width) // 2]
        return np.concatenate([cut.reshape(-1), half.reshape(-1)]).reshape(height * 3 // 2, width)


def _planes(image: NDArray[np.uint8]) -> tuple[Plane, NDArray[np.uint8]]:
    """(luma, both chroma planes at half size) of a BGR image."""
    whole = cv2.cvtColor(image, cv2.COLOR_BGR2YUV)
    half = cv2.resize(whole, (image.shape[1] // 2, image.shape[0] // 2), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(whole[:, :, 0]), np.ascontiguousarray(half[:, :, 1:].transpose(2, 0, 1))


def _shadow(y: Plane, left: int, foot: int, wide: int) -> None:
    """Darken the ground under a thing."""
    high = max(2, wide // 5)
    rows, columns = _inside(y.shape, foot - high, left - wide // 6, high + high // 2, wide * 4 // 3)
    part = y[rows, columns]
    if part.size == 0:
        return
    down, right = np.ogrid[-1 : 1 : part.shape[0] * 1j, -1 : 1 : part.shape[1] * 1j]
    shade = np.clip(1.2 - down**2 - right**2, 0, 1) * _SHADE
    part[:] = (part * (1 - shade)).astype(np.uint8)


def _lay(y: Plane, chroma: NDArray[np.uint8], sprite: Sprite, left: int, top: int) -> int:
    """Draw a sprite, cut at the edges of the canvas; how many pixels it covers."""
    left, top = left // 2 * 2, top // 2 * 2
    high, wide = (side // 2 * 2 for side in sprite.cover.shape)
    rows, columns = _inside(y.shape, top, left, high, wide)
    own = np.s_[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
    cover = sprite.cover[:high, :wide][own]
    if min(cover.shape) < 2:
        return 0
    luma, colour = _planes(np.ascontiguousarray(sprite.image[:high, :wide][own]))
    _blend(y[rows, columns], luma, cover)
    size = cover.shape[1] // 2, cover.shape[0] // 2
    half = np.asarray(cv2.resize(cover, size, interpolation=cv2.INTER_AREA), np.uint8)
    for plane, values in zip(chroma, colour, strict=True):
        _blend(plane[rows.start // 2 : rows.stop // 2, columns.start // 2 : columns.stop // 2], values, half)
    return int(np.count_nonzero(cover > _PLAIN))


def _blend(under: NDArray[np.uint8], over: NDArray[np.uint8], cover: NDArray[np.uint8]) -> None:
    under[:] = (under + (over.astype(np.int32) - under) * cover // 255).astype(np.uint8)


def _inside(shape: tuple[int, ...], top: int, left: int, high: int, wide: int) -> tuple[slice, slice]:
    """Rows and columns of a box, as far as they lie on a canvas."""
    rows = slice(min(max(top, 0), shape[0]), max(min(top + high, shape[0]), 0))
    columns = slice(min(max(left, 0), shape[1]), max(min(left + wide, shape[1]), 0))
    return (rows if rows.stop > rows.start else slice(0, 0)), (columns if columns.stop > columns.start else slice(0, 0))


def _clock(y: Plane, at_s: float) -> None:
    scale = y.shape[0] / 1080
    text = f"2026-03-14 08:{int(at_s) // 60:02d}:{int(at_s) % 60:02d}"
    place = (round(24 * scale), round(48 * scale))
    cv2.putText(y, text, place, cv2.FONT_HERSHEY_SIMPLEX, 1.1 * scale, 235, max(1, round(2 * scale)), cv2.LINE_AA)
