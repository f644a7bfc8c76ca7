"""What is wanted of a segment, by how its camera is configured."""

from typing import Any

import pytest
from msgspec import structs

from infra.log import Record
from infra.settings import Settings
from processors.motion.entry.wishes import LiveWishes, Wish
from schemas.facts import MediaConfigured
from schemas.motion import Hours, MotionConfig
from tests.unit.schemas.strategies import NOW_MS, SEGMENT

RECORD = Record("segments", 0, 0, b"", b"", 0)
NOON = structs.replace(SEGMENT, start_ms=1_790_596_800_000, end_ms=1_790_596_806_000, keyframes=(), gop_bytes=())
"""A Monday, 12:00 UTC."""


class Registry:
    def __init__(self, *cameras: MediaConfigured) -> None:
        self.known = {camera.media: camera for camera in cameras}

    def get(self, media: str) -> MediaConfigured | None:
        return self.known.get(media)


def wishes(*cameras: MediaConfigured) -> LiveWishes:
    registry: Any = Registry(*cameras)
    return LiveWishes(registry, Settings())


def camera(zone: str = "", **motion: Any) -> MediaConfigured:
    return MediaConfigured(media=SEGMENT.media, observed_ms=NOW_MS, time_zone=zone, motion=MotionConfig(**motion))


def test_footage_of_a_camera_that_nobody_knows_is_looked_at() -> None:
    assert wishes().of(NOON, RECORD) == Wish(MotionConfig())


def test_a_camera_s_own_wishes_count() -> None:
    assert wishes(camera(sensitivity=70)).of(NOON, RECORD) == Wish(MotionConfig(sensitivity=70))


def test_where_motion_is_off_nothing_is_looked_at() -> None:
    assert wishes(camera(enabled=False)).of(NOON, RECORD).why_not == "motion detection is off"


@pytest.mark.parametrize(("zone", "is_sought"), [("", True), ("Europe/Warsaw", False)])
def test_hours_are_those_of_the_camera_s_own_clock(zone: str, is_sought: bool) -> None:
    morning = Hours(starts="09:00", ends="13:00")
    assert (wishes(camera(zone, schedule=(morning,))).of(NOON, RECORD).why_not == "") is is_sought


def test_an_episode_may_stay_open_for_the_longest_join_gap_of_all_cameras() -> None:
    assert wishes().join_ms == MotionConfig().join_ms
    other = structs.replace(camera(join_ms=20_000), media="other")
    assert wishes(camera(join_ms=1000), other).join_ms == 20_000
