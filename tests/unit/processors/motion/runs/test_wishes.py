from typing import cast

import pytest

from infra.log import Record
from infra.settings import Settings
from processors.cameras import Cameras
from processors.motion.entry.wishes import Wish
from processors.motion.runs.wishes import RunWishes
from schemas.facts import MediaConfigured, MotionConfig, SegmentRecorded
from schemas.motion import Hours, ReprocessRequested, ReprocessStarted, Stretch
from tests.footage_facts import START_MS, segment

ASKED = ReprocessRequested(
    run="again", observed_ms=1, media=("gate", "yard"), from_ms=START_MS, to_ms=START_MS + 60_000,
    settings={"sensitivity": 70},
)  # fmt: skip
STARTED = ReprocessStarted(
    run="again", observed_ms=2, topic="segments", stretches=(Stretch(partition=1, begin=10, end=20),)
)
NEVER = MotionConfig(enabled=False, schedule=(Hours(days=(), starts="00:00", ends="24:00"),))


class Known:
    """The cameras that are configured."""

    def __init__(self, *cameras: MediaConfigured) -> None:
        self._known = {one.media: one for one in cameras}

    def get(self, media: str) -> MediaConfigured | None:
        return self._known.get(media)


def wish(fact: SegmentRecorded, partition: int = 1, offset: int = 10, asked: ReprocessRequested = ASKED) -> Wish | None:
    cameras = Known(MediaConfigured(media="yard", observed_ms=1, motion=NEVER))
    wishes = RunWishes(asked, STARTED, cast(Cameras, cameras), Settings())
    return wishes.of(fact, Record("segments", partition, offset, b"", b"", 0))


def test_what_a_run_is_about_is_looked_at_by_its_own_settings() -> None:
    assert wish(segment("gate", START_MS)) == Wish(MotionConfig(sensitivity=70))


@pytest.mark.parametrize(
    ("media", "at_ms", "partition", "offset"),
    [
        pytest.param("gate", START_MS, 1, 9, id="told before its records"),
        pytest.param("gate", START_MS, 1, 20, id="told behind them"),
        pytest.param("gate", START_MS, 2, 10, id="on a partition where it has none"),
        pytest.param("door", START_MS, 1, 10, id="of another camera"),
        pytest.param("gate", START_MS + 60_000, 1, 10, id="after its time"),
    ],
)
def test_nothing_else_is_looked_at(media: str, at_ms: int, partition: int, offset: int) -> None:
    assert wish(segment(media, at_ms), partition, offset) is None


def test_a_camera_that_is_switched_off_is_looked_at_at_its_hours_unless_the_run_sets_others() -> None:
    found = wish(segment("yard", START_MS))
    assert found is not None
    assert found.why_not == "motion is not sought at this hour"
    always = ReprocessRequested(
        run="again", observed_ms=1, from_ms=START_MS, to_ms=START_MS + 60_000, settings={"schedule": []}
    )
    assert wish(segment("yard", START_MS), asked=always) == Wish(MotionConfig())
