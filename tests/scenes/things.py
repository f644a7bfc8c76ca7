"""What moves: people who walk, cars, cats and insects, with texture, soft edges and a shadow."""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.scenes.ground import Image, rough
from tests.scenes.plan import Act, Kind

ASPECT: dict[Kind, float] = {"person": 0.55, "car": 2.2, "cat": 1.7, "insect": 1.2}
"""Width over height of the picture that a thing is drawn into."""
_STRIDE_S = 0.7
_POSES = 6


class Sprite(NamedTuple):
    """A thing in one pose."""

    image: Image
    """BGR."""
    cover: NDArray[np.uint8]
    """0..255 per pixel: how much of the background it hides."""


class Thing:
    """One act's thing in all its poses."""

    def __init__(self, act: Act, lines: int) -> None:
        """``lines``: height of the picture in pixels."""
        self._act, self._lines = act, lines
        tall = max(8, round(act.height * lines * max(1.0, act.grows)))
        self._poses = [_drawn(act.kind, act.look, tall, pose / _POSES) for pose in range(_POSES)]

    def at(self, moment_s: float) -> tuple[float, float, Sprite] | None:
        """(x of its middle and y of its feet as shares, how it looks) at a time of the scene; None: it is not there."""
        act, since = self._act, moment_s - self._act.begins_s
        if not 0 <= since < act.seconds + act.stays_s:
            return None
        done = min(since / act.seconds, 1.0)
        x0, y0, x1, y1 = act.path
        stride = min(since, act.seconds) / _STRIDE_S
        pose = self._poses[int(stride * _POSES) % _POSES]
        tall = max(4, round(act.height * self._lines * (1 + (act.grows - 1) * done)))
        scale = tall / pose.image.shape[0]
        size = (max(2, round(pose.image.shape[1] * scale)), tall)
        x, y = x0 + (x1 - x0) * done, y0 + (y1 - y0) * done
        if act.kind == "insect":
            x, y = x + 0.05 * np.sin(since * 7), y + 0.08 * np.sin(since * 11)
        image = cv2.resize(pose.image, size, interpolation=cv2.INTER_AREA)
        return x, y, Sprite(np.asarray(image, np.uint8), np.asarray(cv2.resize(pose.cover, size), np.uint8))


def _drawn(kind: Kind, look: int, tall: int, phase: float) -> Sprite:
    """The kind in one pose, ``tall`` pixels high."""
    random = np.random.default_rng(look)
    high = max(tall, 48)
    wide = round(high * ASPECT[kind])
    image, cover = np.zeros((high, wide, 3), np.uint8), np.zeros((high, wide), np.uint8)
    colours = [tuple(int(value) for value in row) for row in _clothes(random)]
    for points, part in _SHAPES[kind](phase):
        corners = [np.array([(x * wide, y * high) for x, y in points], np.int32)]
        cv2.fillPoly(image, corners, colours[part])
        cv2.fillPoly(cover, corners, 255)
    texture = rough(random, wide, high, 4.0)[:, :, None] * 28
    image = np.clip(image + texture, 0, 255).astype(np.uint8)
    image = np.asarray(cv2.GaussianBlur(image, (0, 0), 0.8), np.uint8)
    soft = np.asarray(cv2.GaussianBlur(cover, (0, 0), 1.6 if kind == "insect" else 1.0), np.uint8)
    return Sprite(image, soft // 2 if kind == "insect" else soft)


def _clothes(random: np.random.Generator) -> list[NDArray[np.float64]]:
    """Four colours: most bodies rather dark or rather light, one in four as grey as any ground."""
    middle = float(random.choice([50, 50, 200, 120]))
    body, limbs = random.uniform(middle - 45, middle + 45, 3), random.uniform(20, 90, 3)
    return [body, limbs, np.array([120, 150, 195]) * random.uniform(0.4, 1.0), random.uniform(15, 60, 3)]


Shape = list[tuple[list[tuple[float, float]], int]]


def _person(phase: float) -> Shape:
    """Legs and arms swing."""
    swing = float(np.sin(phase * 2 * np.pi)) * 0.22
    leg = [(0.42, 0.55), (0.58, 0.55)]
    return [
        ([*leg, (0.58 + swing, 1.0), (0.46 + swing, 1.0)], 1),
        ([*leg, (0.54 - swing, 1.0), (0.42 - swing, 1.0)], 1),
        ([(0.3, 0.2), (0.7, 0.2), (0.64, 0.58), (0.36, 0.58)], 0),
        ([(0.3, 0.22), (0.38, 0.22), (0.36 - swing, 0.55), (0.26 - swing, 0.53)], 0),
        ([(0.62, 0.22), (0.7, 0.22), (0.74 + swing, 0.53), (0.64 + swing, 0.55)], 0),
        (_round(0.5, 0.1, 0.15, 0.085), 2),
    ]


def _car(_: float) -> Shape:
    return [
        ([(0.02, 0.5), (0.98, 0.48), (0.99, 0.85), (0.01, 0.85)], 0),
        ([(0.2, 0.5), (0.32, 0.1), (0.72, 0.08), (0.84, 0.5)], 0),
        ([(0.26, 0.47), (0.35, 0.17), (0.69, 0.15), (0.77, 0.47)], 3),
        (_round(0.2, 0.85, 0.08, 0.15), 3),
        (_round(0.8, 0.85, 0.08, 0.15), 3),
    ]


def _cat(phase: float) -> Shape:
    swing = float(np.sin(phase * 2 * np.pi)) * 0.06
    legs: Shape = [
        ([(x, 0.6), (x + 0.07, 0.6), (x + 0.06 + step, 1.0), (x + step, 1.0)], 0)
        for x, step in ((0.24, swing), (0.32, -swing), (0.66, swing), (0.74, -swing))
    ]
    return [
        *legs,
        (_round(0.5, 0.5, 0.32, 0.2), 0),
        (_round(0.84, 0.3, 0.1, 0.17), 0),
        (_round(0.1, 0.3, 0.05, 0.3), 0),
    ]


def _insect(phase: float) -> Shape:
    wing = 0.25 + 0.2 * float(np.sin(phase * 2 * np.pi))
    return [(_round(0.5, 0.6, 0.18, 0.35), 2), (_round(0.3, 0.4, wing, 0.2), 2), (_round(0.7, 0.4, wing, 0.2), 2)]


def _round(x: float, y: float, wide: float, high: float) -> list[tuple[float, float]]:
    angles = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    return [(x + wide * float(np.cos(angle)), y + high * float(np.sin(angle))) for angle in angles]


_SHAPES = {"person": _person, "car": _car, "cat": _cat, "insect": _insect}
