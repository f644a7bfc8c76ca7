"""Named scenes: to tune on, to be judged on, and small ones for tests."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tests.scenes.plan import Act, Coding, Place, Scene, Weather, acts

LONG = (2.0, 3.0, 4.5, 6.0, 8.0, 2.5)
"""Lengths of movements that last for longer than a GOP of 2 s, s."""
SHORT = (0.5, 0.8, 1.2, 1.6, 0.5, 0.8, 1.2, 1.6, 0.5, 0.8)
HD = 1280, 720
ALWAYS = 10_000.0


def scene(name: str, place: Place, seed: int, lengths: Sequence[float], *, seconds: float = 90, **other: Any) -> Scene:
    """A scene with one act per length; ``other``: fields of Scene."""
    played = acts(place, seed, seconds, lengths)
    return Scene(name=name, place=place, seed=seed, seconds=seconds, acts=played, **other)


def tune() -> list[Scene]:
    """Those that a detector may be tuned on."""
    day, night = Weather(gusts=((30, 70, 0.4),), light=((40, 1.25), (62, 0.9))), Weather(noise=2.0, night_from=45)
    return [
        scene("yard-day", "yard", 101, LONG, weather=day),
        scene("yard-night", "yard", 102, LONG, weather=night, coding=Coding(rate="cbr")),
        scene("road-rain", "road", 103, LONG, weather=Weather(rain=1.0, noise=3.0), coding=Coding(rate="cbr")),
        scene("lobby", "lobby", 104, LONG, weather=Weather(light=((30, 0.75), (60, 1.1)))),
        scene("yard-short", "yard", 105, SHORT, seconds=100, weather=Weather(gusts=((0, ALWAYS, 0.3),))),
        scene("road-bframes", "road", 106, LONG, coding=Coding(b_frames=3), width=HD[0], height=HD[1]),
        scene("yard-gop10", "yard", 107, LONG, weather=Weather(gusts=((20, 60, 0.4),)), coding=Coding(gop_s=10)),
        scene("yard-gusts", "yard", 108, LONG, weather=Weather(gusts=((15, 80, 0.9),), clouds=0.25)),
        scene("yard-snow", "yard", 109, LONG, weather=Weather(snow=1.0), coding=Coding(rate="cbr")),
        scene("road-h265", "road", 110, LONG, coding=Coding(codec="libx265"), width=HD[0], height=HD[1]),
        scene("lobby-mjpeg", "lobby", 111, LONG[:4], seconds=60, coding=Coding(codec="mjpeg", kbit=12_000),
              width=HD[0], height=HD[1], fps=10),
        scene("road-vfr", "road", 112, LONG, coding=Coding(drops=0.4), width=HD[0], height=HD[1],
              weather=Weather(clouds=0.3)),
        scene("yard-moved", "yard", 113, LONG[:4], weather=Weather(moved=(50,), shake=1.5), coding=Coding(rate="cbr")),
        with_insects(scene("yard-insects", "yard", 114, LONG[:4], weather=Weather(night_from=0))),
        scene("road-still", "road", 115, (4.0, 3.0, 6.0), seconds=300, weather=Weather(light=((150, 1.2),))),
    ]  # fmt: skip


def hold() -> list[Scene]:
    """Other seeds and mixtures, to be judged on: never tuned on."""
    return [
        scene("lobby-day", "lobby", 901, LONG, weather=Weather(light=((25, 1.3), (26, 0.85), (70, 1.15)), noise=3.0)),
        scene("road-night", "road", 902, LONG, weather=Weather(noise=2.5, night_from=40), coding=Coding(rate="cbr")),
        scene("yard-rain", "yard", 903, LONG, coding=Coding(rate="cbr", kbit=2000),
              weather=Weather(rain=1.4, gusts=((0, ALWAYS, 0.35),), noise=2.5)),
        scene("road-clouds", "road", 904, LONG, weather=Weather(clouds=0.4, gusts=((40, 65, 0.6),))),
        scene("road-short", "road", 905, SHORT, seconds=100, weather=Weather(gusts=((0, ALWAYS, 0.25),))),
        scene("lobby-short", "lobby", 906, SHORT, seconds=100, coding=Coding(rate="cbr")),
        scene("yard-h265", "yard", 907, LONG, coding=Coding(codec="libx265"), width=HD[0], height=HD[1]),
        scene("lobby-bframes", "lobby", 908, LONG, coding=Coding(b_frames=2, gop_s=4), width=HD[0], height=HD[1]),
        scene("road-smart", "road", 909, LONG, coding=Coding(gop_s=10, kbit=1000), weather=Weather(noise=1.5)),
        with_insects(scene("yard-dark", "yard", 910, LONG[:4], weather=Weather(night_from=0, noise=2.5))),
        scene("road-moved", "road", 911, LONG[:4], weather=Weather(moved=(42,), shake=2.0)),
        scene("yard-still", "yard", 912, (5.0, 3.0, 6.0), seconds=300, weather=Weather(gusts=((100, 140, 0.4),))),
    ]  # fmt: skip


def mixed() -> list[Scene]:
    """Day, night, rain, a lobby and clouds, all 1080p H.264 with a key frame every 2 s; something every half minute."""
    cbr = Coding(rate="cbr")
    part: dict[str, Any] = {"lengths": (2.5, 7.0, 4.0), "seconds": 70.0}
    return [
        scene("mixed-day", "yard", 701, weather=Weather(light=((30, 1.25),), gusts=((20, 60, 0.5),)), **part),
        scene("mixed-night", "road", 702, weather=Weather(noise=2.0, night_from=28), coding=cbr, **part),
        scene("mixed-rain", "yard", 703, weather=Weather(rain=1.0, noise=2.5), coding=cbr, **part),
        scene("mixed-lobby", "lobby", 704, weather=Weather(light=((22, 0.8), (55, 1.2))), **part),
        scene("mixed-clouds", "road", 705, weather=Weather(clouds=0.3, gusts=((0, ALWAYS, 0.3),)), **part),
    ]


def short() -> list[Scene]:
    """Movements of 0.5 to 1.6 s."""
    return [scene("short-yard", "yard", 711, SHORT, seconds=80, weather=Weather(gusts=((0, ALWAYS, 0.25),)))]


def codecs() -> list[Scene]:
    """A minute each of H.265, B-frames and a key frame only every 10 s."""
    size: dict[str, Any] = {"lengths": LONG[:4], "seconds": 60.0, "width": HD[0], "height": HD[1]}
    return [
        scene("codec-h265", "yard", 721, coding=Coding(codec="libx265"), **size),
        scene("codec-bframes", "road", 722, coding=Coding(b_frames=3), **size),
        scene("codec-gop10", "yard", 723, coding=Coding(gop_s=10), **size),
    ]


def archive() -> list[Scene]:
    """Four minutes in which hardly anything happens, as in most of any archive: a noisy sensor at 4 Mbit/s."""
    weather, coding = Weather(gusts=((100, 140, 0.3),), noise=3.0), Coding(rate="cbr", kbit=4000)
    return [scene("archive", "yard", 731, (4.0, 5.0), seconds=240, weather=weather, coding=coding)]


def small() -> list[Scene]:
    """Three quarters of a minute each, small enough for tests."""
    part: dict[str, Any] = {"lengths": (2.0, 4.5, 3.0), "seconds": 45.0}
    cbr = Coding(rate="cbr")
    scenes = [
        scene("small-day", "yard", 741, weather=Weather(light=((20, 1.25),), gusts=((15, 40, 0.5),)), **part),
        scene("small-night", "yard", 742, weather=Weather(noise=2.0, night_from=22), coding=cbr, **part),
        scene("small-rain", "road", 743, weather=Weather(rain=1.0, noise=2.5, clouds=0.2), coding=cbr, **part),
        scene("small-gop10", "lobby", 744, coding=Coding(codec="libx265", gop_s=10), **part),
        scene("small-nothing", "yard", 745, (), seconds=45, weather=Weather(light=((9, 0.7), (21, 1.3)), rain=0.6)),
        scene("small-short", "yard", 746, SHORT[:6], seconds=60, weather=Weather(gusts=((0, ALWAYS, 0.25),))),
    ]
    return [one.small() for one in scenes]


def with_insects(night: Scene) -> Scene:
    """The same with insects that dance before the lens between its events."""
    flights = tuple(
        Act(kind="insect", begins_s=begins_s, seconds=2.0, height=0.16, path=(0.3, 0.5, 0.7, 0.4), look=int(begins_s))
        for begins_s in (4.0, night.acts[0].begins_s + night.acts[0].seconds + 3)
    )
    return replace(night, acts=night.acts + flights)


SETS: Mapping[str, list[Scene]] = {
    "tune": tune(),
    "hold": hold(),
    "mixed": mixed(),
    "short": short(),
    "codecs": codecs(),
    "archive": archive(),
    "small": small(),
}
