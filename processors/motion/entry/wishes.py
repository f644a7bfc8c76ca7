"""What is wanted of a segment: by whose configuration it is looked at, or why it is not."""

from functools import partial
from typing import NamedTuple, Protocol

from infra import zones
from infra.log import Record
from infra.settings import Settings
from processors.cameras import Cameras
from processors.motion.entry.schedule import is_sought
from schemas.facts import SegmentRecorded, SpanFact
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

    def of(self, segment: SegmentRecorded, record: Record) -> Wish | None:
        """What is wanted of it; None: nothing. Asked once for each segment, when it is read from ``record``."""


def at_its_hours(config: MotionConfig, footage: SpanFact, time_zone: str) -> Wish:
    """The wish for a verdict on footage of a camera whose clock stands in this zone."""
    if is_sought(config.schedule, Span(footage.start_ms, footage.end_ms), partial(zones.utc_ms, time_zone)):
        return Wish(config)
    return Wish(config, "motion is not sought at this hour")


class LiveWishes:
    """A verdict on every segment, by how its camera is configured now. See ``Wishes``."""

    run = ""

    def __init__(self, cameras: Cameras, settings: Settings) -> None:
        self._cameras, self._zone = cameras, settings.time_zone

    def of(self, segment: SegmentRecorded, record: Record) -> Wish:
        """Footage of a camera that nobody knows is looked at like any: unknown is not "no motion"."""
        camera = self._cameras.get(segment.media)
        if camera is None:
            return Wish(MotionConfig())
        if not camera.motion.enabled:
            return Wish(camera.motion, "motion detection is off")
        return at_its_hours(camera.motion, segment, camera.time_zone or self._zone)

    @property
    def join_ms(self) -> int:
        """The longest of all cameras."""
        return max((camera.motion.join_ms for camera in self._cameras.known.values()), default=MotionConfig().join_ms)

    def catch_up(self) -> None:
        """See ``Wishes``."""
        self._cameras.catch_up()
