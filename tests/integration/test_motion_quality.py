"""Whether motion is still found as well as it was: the real detector over small scenes whose truth is known.

The bounds leave room for other builds of codecs and OpenCV, not for a worse detector; ``python -m bench.motion`` has
the figures on full-size footage.
"""

from pathlib import Path

from bench.looking.clips import clip, footage
from bench.looking.engines import looked
from bench.looking.scoring import Score, score, total
from schemas.facts import MotionConfig
from tests.scenes.catalogue import SETS
from tests.scenes.coding import make

SCENES = {scene.name: scene for scene in SETS["small"]}


def judged(name: str, folder: Path, **wishes: str) -> Score:
    made = clip(make(SCENES[name], folder))
    found = looked(footage(made, folder / "segments"), MotionConfig(**wishes))
    return score(made.truth, found.spans)


def test_movements_are_found_by_day_by_night_and_in_rain_and_little_else_is_told(tmp_path: Path) -> None:
    one = total(judged(name, tmp_path) for name in ("small-day", "small-night", "small-rain"))
    assert one.f1 >= 0.9
    assert one.false_s_per_hour <= 40
    assert one.border_s(0.8) <= 0.5


def test_movements_between_key_frames_ten_seconds_apart_are_found(tmp_path: Path) -> None:
    one = judged("small-gop10", tmp_path)
    assert one.recall == 1
    assert one.border_s(0.8) <= 0.5


def test_light_that_jumps_and_rain_are_no_movement(tmp_path: Path) -> None:
    assert judged("small-nothing", tmp_path).false_s_per_hour <= 40


def test_the_thorough_profile_finds_movements_shorter_than_a_group_of_pictures(tmp_path: Path) -> None:
    one = judged("small-short", tmp_path, profile="thorough")
    assert one.recall >= 0.8
    assert one.false_s_per_hour <= 60
