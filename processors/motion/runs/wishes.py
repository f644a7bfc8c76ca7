"""What a run wants of a record: by which configuration it is looked at, or why it is not."""

from infra.log import Record
from infra.settings import Settings
from processors.cameras import Cameras
from processors.motion.entry.wishes import Wish, at_its_hours
from processors.motion.runs import rules
from schemas.facts import MotionConfig, SegmentRecorded, SegmentScanned
from schemas.motion import ReprocessRequested, ReprocessStarted


class RunWishes:
    """A verdict for a run on each segment that it is about; see ``Wishes``. The same goes for live verdicts."""

    join_ms = None
    """Its verdicts make no episodes before it is promoted."""

    def __init__(
        self, asked: ReprocessRequested, started: ReprocessStarted, cameras: Cameras, settings: Settings
    ) -> None:
        self.run = asked.run
        self._asked, self._cameras, self._zone = asked, cameras, settings.time_zone
        self._stretches = {one.partition: range(one.begin, one.end) for one in started.stretches}

    def of(self, fact: SegmentRecorded | SegmentScanned, record: Record) -> Wish | None:
        """See ``Wishes``. What was told behind the run's records only helps to understand those before."""
        is_about = record.offset in self._stretches.get(record.partition, range(0))
        if not is_about or not rules.wants(self._asked, fact.media, fact.start_ms, fact.end_ms):
            return None
        camera = self._cameras.get(fact.media)
        config = rules.config(self._asked, camera.motion if camera else MotionConfig())
        return at_its_hours(config, fact, (camera.time_zone if camera else "") or self._zone)

    def catch_up(self) -> None:
        """See ``Wishes``."""
        self._cameras.catch_up()
