"""What a scene is: a place, its weather, what moves there and how the camera encodes it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

Place = Literal["yard", "road", "lobby"]
Kind = Literal["person", "car", "cat", "insect"]


@dataclass(frozen=True, kw_only=True)
class Act:
    """One thing that crosses the picture, or jumps into it and out again as from behind a corner."""

    kind: Kind
    begins_s: float
    seconds: float
    height: float
    """Of the thing, as a share of the picture's height."""
    path: tuple[float, float, float, float]
    """x, y of its feet where it begins, then where it ends, as shares of the picture."""
    grows: float = 1.0
    """Its size at the end, as a multiple of that at the beginning."""
    stays_s: float = 0.0
    """It stands still so long at the end, then is gone."""
    look: int = 0
    """Seeds its shape and colours."""

    @property
    def counts(self) -> bool:
        """Whether anybody wants to know: an insect near the lens is of no interest, but no mistake either."""
        return self.kind != "insect"


@dataclass(frozen=True, kw_only=True)
class Weather:
    """All that changes the picture and is no motion. Times in s of the scene."""

    gusts: tuple[tuple[float, float, float], ...] = ()
    """(from, to, strength 0..1) of wind in the leaves."""
    light: tuple[tuple[float, float], ...] = ()
    """(at, gain): from then on the camera exposes so."""
    clouds: float = 0.0
    """How much darker the shadows of passing clouds are, 0..1."""
    rain: float = 0.0
    snow: float = 0.0
    noise: float = 2.0
    """Standard deviation of the sensor's noise by day, grey levels; at night four times that."""
    night_from: float | None = None
    """The camera switches to infrared then; 0: night from the beginning."""
    shake: float = 0.0
    """Of the pole in the wind, pixels of 1080 lines."""
    moved: tuple[float, ...] = ()
    """Somebody turns the camera at these times."""


@dataclass(frozen=True, kw_only=True)
class Coding:
    """How the camera encodes."""

    codec: Literal["libx264", "libx265", "mjpeg"] = "libx264"
    gop_s: float = 2.0
    b_frames: int = 0
    rate: Literal["cbr", "vbr"] = "vbr"
    kbit: int = 3000
    """Per second at 1080p; with ``vbr`` the most."""
    drops: float = 0.0
    """Share of the frames that the camera leaves out, so that the frame rate varies."""


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One clip to be made; the same scene gives the same pictures."""

    name: str
    place: Place
    seed: int
    seconds: float
    acts: tuple[Act, ...] = ()
    weather: Weather = Weather()
    coding: Coding = Coding()
    width: int = 1920
    height: int = 1080
    fps: int = 25

    def small(self) -> "Scene":
        """The same for tests: 360 lines, 10 frames a second, a twelfth of the bits."""
        coding = replace(self.coding, kbit=self.coding.kbit // 3)
        return replace(self, width=640, height=360, fps=10, coding=coding)


PLACES: dict[Place, tuple[tuple[Kind, ...], tuple[float, float]]] = {
    "yard": (("person", "person", "cat"), (0.13, 0.38)),
    "road": (("car", "car", "person"), (0.12, 0.30)),
    "lobby": (("person",), (0.25, 0.60)),
}
"""What moves in a place, and how high it is."""
_SLOWEST, _FASTEST = 0.35, 1.1
"""Of a thing, in its own heights a second."""
_HIGHEST = {"person": 1.0, "car": 0.6, "cat": 0.45, "insect": 0.3}
"""Of a kind, as a share of what a person there measures."""


def acts(
    place: Place, seed: int, seconds: float, lengths: Sequence[float], quiet_s: float = 12.0, apart_s: float = 5.0
) -> tuple[Act, ...]:
    """One act per length, at random times of a scene that begins with ``quiet_s`` of stillness, ``apart_s`` apart."""
    random = np.random.default_rng(seed)
    spare = seconds - quiet_s - sum(lengths) - apart_s * len(lengths)
    if spare < 0:
        raise ValueError(f"{len(lengths)} acts need {-spare:.0f} s more than the scene has")
    breaks = np.diff(np.sort(random.uniform(0, spare, len(lengths))), prepend=0.0)
    made, at_s = [], quiet_s
    for length, rest in zip(lengths, breaks, strict=True):
        at_s += float(rest)
        made.append(_act(place, random, at_s, length))
        at_s += length + apart_s
    return tuple(made)


def _act(place: Place, random: np.random.Generator, at_s: float, length: float) -> Act:
    """Something of the place that moves at a walking pace, mostly sideways, from inside or from over the edge."""
    kinds, (low, high) = PLACES[place]
    kind = kinds[int(random.integers(len(kinds)))]
    tall = float(random.uniform(low, high))
    height = tall * _HIGHEST[kind]
    way = min(float(random.uniform(_SLOWEST, _FASTEST)) * tall * length, 0.7)
    heading = 1 if random.random() < 0.5 else -1
    x0 = float(random.uniform(0.1, 0.9 - way)) if heading > 0 else float(random.uniform(0.1 + way, 0.9))
    if length >= 4 and random.random() < 0.4:
        x0 = -0.05 if heading > 0 else 1.05
    y0 = float(np.clip(0.35 + tall + random.uniform(-0.05, 0.15), 0.45, 0.97))
    drift = float(random.uniform(-0.25, 0.25)) * way
    y1 = float(np.clip(y0 + drift, 0.42, 0.99))
    path = (x0, y0, x0 + heading * way, y1)
    return Act(
        kind=kind, begins_s=round(at_s, 2), seconds=length, height=height, path=path,
        grows=1 + 1.2 * (y1 - y0), look=int(random.integers(1 << 30)),
    )  # fmt: skip
