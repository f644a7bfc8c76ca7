"""Scenes with truth: what they say moved is what moved in their pictures."""

from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from bench.looking.clips import clip
from schemas.intervals import Span
from tests.scenes.catalogue import SETS
from tests.scenes.coding import make, truth
from tests.scenes.film import frames
from tests.scenes.plan import Act, Coding, Scene, Weather, acts

WALK = Act(kind="person", begins_s=1.0, seconds=1.0, height=0.5, path=(0.3, 0.8, 0.5, 0.8))
FLY = Act(kind="insect", begins_s=3.0, seconds=0.5, height=0.2, path=(0.3, 0.5, 0.6, 0.5))
QUIET = Weather(noise=0)


def small(**parts: object) -> Scene:
    usual = {"name": "one", "place": "yard", "seed": 5, "seconds": 4.0, "width": 160, "height": 90, "fps": 10}
    return Scene(**{**usual, "weather": QUIET, "acts": (WALK, FLY), **parts})  # type: ignore[arg-type]


def told(scene: Scene) -> tuple[list[list[float]], list[list[float]]]:
    said = truth(scene, [(shot.number * 100, shot.shares) for shot in frames(scene)])
    return said["events"], said["dontcare"]


def test_the_same_scene_has_the_same_pictures() -> None:
    scene = small(weather=Weather(rain=1, snow=1, noise=3, gusts=((0, 9, 1),), clouds=0.3, shake=2))
    for one, other in zip(frames(scene), frames(scene), strict=True):
        assert np.array_equal(one.i420, other.i420)


def test_pictures_change_when_something_moves_and_only_then() -> None:
    shots = list(frames(small()))
    changed = [
        after.number
        for before, after in pairwise(shots)
        if np.any(before.i420[20:90] != after.i420[20:90])  # below the clock
    ]
    assert changed == [*range(10, 21), *range(30, 36)]


def test_an_event_is_when_a_thing_is_seen_and_an_insect_is_nobodys_business() -> None:
    assert told(small()) == ([[1.0, 2.0]], [[3.0, 3.5]])


def test_what_comes_over_the_edge_is_an_event_once_enough_of_it_is_seen() -> None:
    enters = Act(kind="car", begins_s=1, seconds=2, height=0.4, path=(-0.5, 0.8, 0.5, 0.8))
    events, aside = told(small(acts=(enters,)))
    assert events[0][0] > 1.2
    assert aside == [[pytest.approx(1.5, abs=0.2), events[0][0]]]


def test_what_is_too_small_to_be_sought_is_no_event() -> None:
    ant = Act(kind="cat", begins_s=1, seconds=1, height=0.02, path=(0.3, 0.8, 0.5, 0.8))
    assert told(small(acts=(ant,)))[0] == []


def test_what_stands_still_is_over_and_its_vanishing_counts_neither_way() -> None:
    stays = Act(kind="person", begins_s=0.5, seconds=0.5, height=0.5, path=(0.3, 0.8, 0.5, 0.8), stays_s=1.0)
    assert told(small(acts=(stays,))) == ([[0.5, 1.0]], [[1.0, 4.0]])


def test_a_turned_camera_counts_neither_way() -> None:
    assert told(small(acts=(), weather=Weather(noise=0, moved=(2.0,)))) == ([], [[2.0, 3.5]])


def test_weather_and_light_are_no_events() -> None:
    wild = Weather(rain=1, snow=1, noise=4, gusts=((0, 9, 1),), clouds=0.5, light=((1, 1.4),), night_from=2)
    scene = small(acts=(), weather=wild)
    assert told(scene) == ([], [])
    first, last = (shots.i420[20:90].astype(int) for shots in (next(frames(scene)), list(frames(scene))[-1]))
    assert np.abs(first - last).mean() > 5


def test_acts_stand_apart_and_begin_after_some_quiet() -> None:
    played = acts("road", 3, 60, (2, 3, 4))
    assert played[0].begins_s >= 12
    assert all(b.begins_s - a.begins_s - a.seconds >= 4.99 for a, b in pairwise(played))
    with pytest.raises(ValueError, match="more than the scene has"):
        acts("road", 3, 20, (2, 3, 4))


@pytest.mark.parametrize(
    ("coding", "codec"),
    [(Coding(gop_s=1), "h264"), (Coding(gop_s=1, b_frames=2), "h264"), (Coding(gop_s=1, codec="mjpeg"), "mjpeg"),
     (Coding(gop_s=1, codec="libx265"), "hevc"), (Coding(gop_s=1, rate="cbr"), "h264")],
    ids=["h264", "b-frames", "mjpeg", "h265", "cbr"],
)  # fmt: skip
def test_a_clip_is_encoded_as_asked_and_its_truth_stands_beside_it(coding: Coding, codec: str, tmp_path: Path) -> None:
    path = make(small(coding=coding), tmp_path)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.width, stream.height) == (codec, 160, 90)
        keys = [
            packet.pts * stream.time_base for packet in container.demux(stream) if packet.size and packet.is_keyframe
        ]
    assert keys[:4] == [0, 1, 2, 3] or codec == "mjpeg"
    assert clip(path).truth.events == (Span(1000, 2000),)


def test_frames_that_the_camera_leaves_out_are_missing_and_the_others_keep_their_times(tmp_path: Path) -> None:
    path = make(small(coding=Coding(drops=0.5)), tmp_path)
    with av.open(str(path)) as container:
        times = [round(float(frame.time or 0) * 10) for frame in container.decode(video=0)]
    assert 5 < len(times) < 35
    assert times == sorted(set(times))


def test_scenes_have_names_of_their_own() -> None:
    names = [scene.name for scenes in SETS.values() for scene in scenes]
    assert len(names) == len(set(names))
