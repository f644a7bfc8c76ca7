"""What is wanted of a segment: by whose configuration it is looked at, or why it is not."""

from functools import partial
from typing import NamedTuple, Protocol

from infra import zones
from infra.settings import Settings
from processors.cameras import Cameras
from processors.motion.entry.schedule import is_sought
from schemas.facts import SegmentRecorded
from schemas.intervals import Span
from schemas.motion import MotionConfig


class Wish(NamedTuple):
    """A verdict is wanted."""

    config: MotionConfig
    why_not: str = ""
    """Why nothing is looked at for it; empty: it is looked at."""


class Wishes(Protocol):
    """Whoever wants verdicts."""

    run: str
    """What the verdicts are told as: a run's name, or empty for the live ones."""

    @property
    def join_ms(self) -> int | None:
        """So long an episode of these verdicts may stand open without news; None: they make none, and need no time."""

    def catch_up(self) -> None:
        """Know everything that is wanted now. Raises LogUnavailable."""

    def of(self, segment: SegmentRecorded) -> Wish | None:
        """What is wanted of it; None: nothing. Asked once for each segment, when it is read."""


class LiveWishes:
    """A verdict on every segment, by how its camera is configured now. See ``Wishes``."""

    run = ""

    def __init__(self, cameras: Cameras, settings: Settings) -> None:
        self._cameras, self._zone = cameras, settings.time_zone

    def of(self, segment: SegmentRecorded) -> Wish:
        """Footage of a camera that nobody knows is looked at like any: unknown is not "no motion"."""
        camera = self._cameras.get(segment.media)
        if camera is None:
            return Wish(MotionConfig())
        if not camera.motion.enabled:
            return Wish(camera.motion, "motion detection is off")
        to_utc_ms = partial(zones.utc_ms, camera.time_zone or self._zone)
        if not is_sought(camera.motion.schedule, Span(segment.start_ms, segment.end_ms), to_utc_ms):
            return Wish(camera.motion, "motion is not sought at this hour")
        return Wish(camera.motion)

    @property
    def join_ms(self) -> int:
        """The longest of all cameras."""
        return max((camera.motion.join_ms for camera in self._cameras.known.values()), default=MotionConfig().join_ms)

    def catch_up(self) -> None:
        """See ``Wishes``."""
        self._cameras.catch_up()
