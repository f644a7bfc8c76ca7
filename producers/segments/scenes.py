"""Scenes of the demo cameras: drawn picture by picture, with real motion, clocks and sensor noise."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

import av
import cv2
import numpy as np
from numpy.typing import NDArray

Picture: TypeAlias = NDArray[np.uint8]
"""Height × width × 3, 8 bits, blue-green-red."""
Draw: TypeAlias = Callable[[Picture, float], None]

WIDTH_PX, HEIGHT_PX, FPS = 640, 360, 10
SECONDS = 60
_GOP_S = 2
_NOISE_TILES = 8
_INK = (235, 235, 235)


@dataclass(frozen=True)
class Scene:
    """One camera: how its still background and what moves in it are drawn."""

    title: str
    background: Callable[[], Picture]
    draw: Draw
    """Draws what moves at a second of the loop into the picture."""
    noise: float = 2.0
    """Standard deviation of the sensor noise, grey levels."""


def encode(scene: Scene, path: Path) -> None:
    """One loop of the scene as H.264 in ``path``, as an IP camera would make it: GOP 2 s, no B-frames."""
    background = scene.background()
    noise = _noise(scene.noise)
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
        stream.codec_context.gop_size = _GOP_S * FPS
        stream.codec_context.max_b_frames = 0
        stream.options = {"preset": "veryfast", "crf": "27", "x264-params": "scenecut=0"}
        for number in range(SECONDS * FPS):
            picture = background.copy()
            scene.draw(picture, number / FPS)
            picture = np.asarray(cv2.add(picture, noise[number % _NOISE_TILES], dtype=cv2.CV_8U), np.uint8)
            _clock(picture, scene.title, number / FPS)
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _noise(level: float) -> list[NDArray[np.int16]]:
    random = np.random.default_rng(7)
    shape = (HEIGHT_PX, WIDTH_PX, 3)
    return [random.normal(0, level, shape).astype(np.int16) for _ in range(_NOISE_TILES)]


def _clock(picture: Picture, title: str, at_s: float) -> None:
    cv2.putText(picture, title, (12, 26), cv2.FONT_HERSHEY_SIMPLEX, 0.6, _INK, 1, cv2.LINE_AA)
    text = f"loop {int(at_s) // 60:02d}:{at_s % 60:04.1f}"
    cv2.putText(picture, text, (WIDTH_PX - 150, HEIGHT_PX - 14), cv2.FONT_HERSHEY_SIMPLEX, 0.55, _INK, 1, cv2.LINE_AA)


def _ground(sky: tuple[int, int, int], earth: tuple[int, int, int], horizon: int) -> Picture:
    picture = np.empty((HEIGHT_PX, WIDTH_PX, 3), np.uint8)
    shade = np.linspace(1.0, 0.75, horizon)[:, None, None]
    picture[:horizon] = (np.array(sky) * shade).astype(np.uint8)
    picture[horizon:] = earth
    texture = np.random.default_rng(3).integers(-9, 9, (HEIGHT_PX // 4, WIDTH_PX // 4, 1), np.int16)
    grain = cv2.resize(texture, (WIDTH_PX, HEIGHT_PX), interpolation=cv2.INTER_LINEAR)[:, :, None]
    clipped: Picture = np.clip(picture.astype(np.int16) + grain, 0, 255).astype(np.uint8)
    return clipped


def _gate() -> Picture:
    picture = _ground((200, 180, 150), (90, 95, 100), 150)
    cv2.rectangle(picture, (60, 90), (200, 230), (70, 80, 120), -1)
    cv2.rectangle(picture, (110, 150), (150, 230), (40, 45, 60), -1)
    for left in range(230, 630, 24):
        cv2.line(picture, (left, 130), (left, 215), (60, 60, 60), 3)
    return picture


def _gate_moves(picture: Picture, at_s: float) -> None:
    """A person crosses twice a minute."""
    phase = at_s % 30
    if 6 <= phase < 16:
        left = int(-30 + (phase - 6) * 70)
        _person(picture, left, 205 + int(4 * np.sin(at_s * 9)), (50, 60, 170))


def _road() -> Picture:
    picture = _ground((215, 195, 170), (70, 115, 75), 120)
    cv2.rectangle(picture, (0, 190), (WIDTH_PX, 300), (75, 75, 78), -1)
    for left in range(0, WIDTH_PX, 70):
        cv2.rectangle(picture, (left, 243), (left + 36, 247), (200, 200, 200), -1)
    return picture


def _road_moves(picture: Picture, at_s: float) -> None:
    """Cars in both lanes, one every few seconds."""
    for start_s, top, speed, colour in (
        (2, 198, 150, (40, 40, 190)),
        (19, 198, 190, (190, 190, 190)),
        (41, 198, 170, (150, 90, 40)),
    ):
        _car(picture, int((at_s - start_s) * speed) - 90, top, colour)
    for start_s, speed, colour in ((9, 160, (60, 130, 60)), (33, 210, (30, 160, 200)), (50, 140, (90, 40, 110))):
        _car(picture, WIDTH_PX + 20 - int((at_s - start_s) * speed), 252, colour)


def _store() -> Picture:
    picture = np.full((HEIGHT_PX, WIDTH_PX, 3), (120, 130, 138), np.uint8)
    for top in (60, 150, 240):
        cv2.rectangle(picture, (60, top), (580, top + 12), (60, 80, 105), -1)
        for left in range(70, 560, 46):
            height = 20 + left * 7 % 38
            cv2.rectangle(picture, (left, top - height), (left + 34, top), (left % 160 + 50, 110, 150 - left % 90), -1)
    return picture


def _store_moves(picture: Picture, at_s: float) -> None:
    """Almost always still: one short visit, from second 44."""
    if 44 <= at_s < 51:
        _person(picture, int(600 - (at_s - 44) * 95), 235, (40, 120, 40))


def _yard() -> Picture:
    picture = _ground((32, 24, 18), (26, 30, 28), 160)
    lamp = np.zeros_like(picture)
    cv2.ellipse(lamp, (470, 230), (150, 70), 0, 0, 360, (70, 90, 100), -1)
    lit = cv2.add(picture, cv2.GaussianBlur(lamp, (0, 0), 30))
    return np.asarray(lit, np.uint8)


def _yard_moves(picture: Picture, at_s: float) -> None:
    """Night: a cat under the lamp, then a torch."""
    if 12 <= at_s < 19:
        left = int(330 + (at_s - 12) * 40)
        cv2.ellipse(picture, (left, 250), (17, 8), 0, 0, 360, (12, 12, 14), -1)
        cv2.circle(picture, (left + 17, 243), 6, (12, 12, 14), -1)
    if 36 <= at_s < 47:
        centre = (int(60 + (at_s - 36) * 45), int(220 + 25 * np.sin(at_s * 2)))
        beam = np.zeros_like(picture)
        cv2.circle(beam, centre, 34, (90, 110, 120), -1)
        cv2.add(picture, cv2.GaussianBlur(beam, (0, 0), 9), picture)


def _person(picture: Picture, left: int, top: int, colour: tuple[int, int, int]) -> None:
    cv2.rectangle(picture, (left, top), (left + 26, top + 62), colour, -1)
    cv2.circle(picture, (left + 13, top - 12), 12, (120, 150, 195), -1)


def _car(picture: Picture, left: int, top: int, colour: tuple[int, int, int]) -> None:
    cv2.rectangle(picture, (left, top + 12), (left + 84, top + 36), colour, -1)
    cv2.rectangle(picture, (left + 16, top), (left + 62, top + 14), colour, -1)
    for wheel in (left + 18, left + 66):
        cv2.circle(picture, (wheel, top + 37), 8, (20, 20, 20), -1)


ALL: Mapping[str, Scene] = {
    "demo-gate": Scene("Gate", _gate, _gate_moves),
    "demo-road": Scene("Road", _road, _road_moves),
    "demo-store": Scene("Store room", _store, _store_moves, noise=1.2),
    "demo-yard": Scene("Yard at night", _yard, _yard_moves, noise=3.5),
}
