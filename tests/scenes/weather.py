"""What changes a picture and is no motion: wind, rain, snow, clouds, exposure, infrared, noise, a shaken pole.

All work in place on the luma plane (rows x columns, 8 bits) of a canvas a little larger than the picture.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.scenes.ground import Field, rough
from tests.scenes.plan import Weather

Plane = NDArray[np.uint8]
_LAYERS = 8
_SETTLES_S = 0.4
"""An exposure takes so long to come near to its new gain."""
_TURN_S = 0.6
_CLOUD_SPEED = 0.02
"""Pictures a second."""
_MOST_PX = 4.0
"""How far wind of strength 1 moves a leaf, pixels of 1080 lines."""


class Leaves:
    """Foliage that sways inside its own box."""

    def __init__(self, plane: Plane, mask: Field, random: np.random.Generator, lines: int) -> None:
        """``plane``: the still place, of which the leaves are a part."""
        rows, columns = np.where(mask.max(1) > 0.1)[0], np.where(mask.max(0) > 0.1)[0]
        self._box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] if len(rows) else None
        if self._box is None:
            return
        self._still, self._mask = plane[self._box].copy(), mask[self._box]
        height, width = self._still.shape
        down, right = np.mgrid[0:height, 0:width]
        self._x, self._y = right.astype(np.float32), down.astype(np.float32)
        self._sway = [rough(random, width, height, 120.0) * self._mask * lines / 1080 for _ in range(4)]

    def blow(self, plane: Plane, at_s: float, strength: float) -> None:
        """Leaves where they are at this time; ``strength`` 0: as they were drawn."""
        if self._box is None or strength <= 0:
            return
        reach = strength * _MOST_PX
        parts = [reach * float(np.sin(at_s * speed + turn)) for speed, turn in ((2.1, 0), (5.3, 1), (2.6, 2), (6.1, 3))]
        across = self._x + self._sway[0] * parts[0] + self._sway[1] * parts[1]
        along = self._y + self._sway[2] * parts[2] + self._sway[3] * parts[3]
        plane[self._box] = cv2.remap(self._still, across, along, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


class Drops:
    """Rain as streaks, each frame others."""

    def __init__(self, shape: tuple[int, int], density: float, random: np.random.Generator, lines: int) -> None:
        self._random = random
        self._layers = [_streaks(shape, density, random, lines) for _ in range(_LAYERS if density else 0)]

    def fall(self, plane: Plane) -> None:
        """Draw those of the next frame."""
        if not self._layers:
            return
        layer = self._layers[int(self._random.integers(_LAYERS))]
        cut = int(self._random.integers(1, plane.shape[1]))
        cv2.add(plane[:, cut:], layer[:, :-cut], plane[:, cut:])
        cv2.add(plane[:, :cut], layer[:, -cut:], plane[:, :cut])


def _streaks(shape: tuple[int, int], density: float, random: np.random.Generator, lines: int) -> Plane:
    layer = np.zeros(shape, np.uint8)
    for _ in range(int(400 * density)):
        x, y = int(random.integers(shape[1])), int(random.integers(shape[0]))
        fall = int(random.uniform(15, 70) * lines / 1080)
        thick = max(1, round(float(random.choice([1, 1, 1, 2, 3])) * lines / 1080))
        cv2.line(layer, (x, y), (x + fall // 6, y + fall), int(random.integers(12, 50)), thick, cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(layer, (0, 0), 1.0), np.uint8)


class Flakes:
    """Snow: flakes that drift down, near ones large and fast."""

    def __init__(self, shape: tuple[int, int], density: float, random: np.random.Generator, lines: int) -> None:
        count = int(350 * density)
        self._shape = shape
        self._place = random.uniform(0, 1, (count, 2))
        self._size = random.exponential(1.6, count).clip(0.8, 7) * lines / 1080
        self._speed = 0.08 + self._size / lines * 60
        self._turn = random.uniform(0, 6, count)

    def fall(self, plane: Plane, at_s: float) -> None:
        """Draw them where they are."""
        height, width = self._shape
        xs = (self._place[:, 0] + 0.02 * np.sin(at_s * 1.3 + self._turn) + at_s * 0.03) % 1 * width
        ys = (self._place[:, 1] + at_s * self._speed) % 1 * height
        for x, y, size in zip(xs, ys, self._size, strict=True):
            cv2.circle(plane, (int(x), int(y)), max(1, round(float(size))), 225, -1, cv2.LINE_AA)


class Light:
    """How bright it is: clouds, the camera's exposure, and its infrared lamp at night."""

    def __init__(self, weather: Weather, shape: tuple[int, int], random: np.random.Generator) -> None:
        self._weather, (self._height, self._width) = weather, shape
        clouds = cv2.resize(random.uniform(0, 1, (2, 9)), (128, 36), interpolation=cv2.INTER_CUBIC)
        self._clouds = (128 * (1 - weather.clouds * clouds.clip(0, 1))).astype(np.uint8)
        across, along = np.linspace(-1, 1, self._width), np.linspace(-1, 1, self._height)
        lamp = 0.25 + 0.6 * np.exp(-(across[None, :] ** 2 + (along[:, None] - 0.2) ** 2) * 1.4)
        self._lamp = (128 * lamp).astype(np.uint8)

    def is_night(self, at_s: float) -> bool:
        """Whether the camera sees by infrared."""
        return self._weather.night_from is not None and at_s >= self._weather.night_from

    def shine(self, plane: Plane, at_s: float) -> None:
        """Light the plane as it is at this time."""
        if self.is_night(at_s):
            cv2.multiply(plane, self._lamp, plane, scale=1 / 128)
        elif self._weather.clouds:
            left = at_s * _CLOUD_SPEED * 64 % 64
            part = cv2.warpAffine(self._clouds, np.array([[1, 0, -left], [0, 1, 0]]), (64, 36))
            field = cv2.resize(part, (self._width, self._height), interpolation=cv2.INTER_LINEAR)
            cv2.multiply(plane, field, plane, scale=1 / 128)
        gain = self._gain(at_s)
        if abs(gain - 1) > 0.002:
            table = np.clip(np.arange(256) * gain, 0, 255).astype(np.uint8)
            cv2.LUT(plane, table, plane)

    def _gain(self, at_s: float) -> float:
        gain = 1.0
        for begins_s, aim in self._weather.light:
            if at_s >= begins_s:
                gain = aim + (gain - aim) * float(np.exp(-(at_s - begins_s) / _SETTLES_S))
        night = self._weather.night_from
        if night and at_s >= night:  # the sensor is dazzled until the gain has settled
            gain *= 1 + 1.5 * float(np.exp(-(at_s - night) / _SETTLES_S))
        return gain


class Noise:
    """A sensor's noise: never the same, a little smoothed as cameras do."""

    _SPARE = 32

    def __init__(self, shape: tuple[int, int], level: float, random: np.random.Generator) -> None:
        self._random, self._banks = random, []
        for _ in range(3 if level else 0):
            size = (shape[0] + self._SPARE, shape[1] + self._SPARE)
            grain = cv2.GaussianBlur(random.standard_normal(size, np.float32), (0, 0), 0.6)
            grain = grain * np.float32(level / grain.std())
            self._banks.append((np.clip(grain, 0, 255).astype(np.uint8), np.clip(-grain, 0, 255).astype(np.uint8)))

    def spoil(self, plane: Plane) -> None:
        """Add that of the next frame."""
        for sign, work in ((0, cv2.add), (1, cv2.subtract)):
            if self._banks:
                down, right = self._random.integers(0, self._SPARE, 2)
                bank = self._banks[int(self._random.integers(len(self._banks)))][sign]
                work(plane, bank[down : down + plane.shape[0], right : right + plane.shape[1]], plane)


class Aim(NamedTuple):
    """Where the picture is cut from the canvas."""

    weather: Weather
    margin: int
    """Pixels of the canvas around the picture; even."""

    def at(self, at_s: float, lines: int) -> tuple[int, int]:
        """(rows, columns) from the canvas's corner; even, so that colours keep their places."""
        turned = sum(min(max((at_s - moved) / _TURN_S, 0), 1) * (-1) ** turn
                     for turn, moved in enumerate(self.weather.moved))  # fmt: skip
        reach = self.weather.shake * lines / 1080
        down = self.margin * (1 - 0.6 * turned) + reach * np.sin(at_s * 11.0)
        right = self.margin * (1 - turned) + reach * np.sin(at_s * 7.3 + 1)
        most = 2 * self.margin
        return int(np.clip(round(down / 2) * 2, 0, most)), int(np.clip(round(right / 2) * 2, 0, most))
