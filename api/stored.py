"""The Archive over the projections' reads: their rows as the API's own words."""

from collections.abc import Collection, Mapping, Sequence

import msgspec

from api.archive import EVERY, Camera, Day, Gap, Lag, Picture
from api.footage import Segment
from infra.clickhouse import Database
from infra.settings import Settings
from projections.generations.reads import ProgressReads
from projections.media.reads import CameraSearch, MediaReads, StoredMedia
from projections.segments.reads import SegmentReads, StoredSegment
from schemas.facts import MediaConfigured, MotionConfig
from schemas.intervals import Span
from schemas.protection import ProtectConfig


class StoredArchive:
    """See ``api.archive.Archive``. Thread-safe."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._footage = SegmentReads(database, settings.database)
        self._cameras = MediaReads(database, settings.database)
        self._progress = ProgressReads(settings, database)

    def camera(self, media: str) -> Camera | None:
        """See Archive.camera."""
        found = self._cameras.get(media)
        return _camera(found) if found else None

    def cameras(self, after: str, limit: int, search: CameraSearch = EVERY) -> list[Camera]:
        """See Archive.cameras."""
        return [_camera(one) for one in self._cameras.page(after, limit, search)]

    def extent(self, media: str) -> Span | None:
        """See Archive.extent."""
        return self._footage.extent(media)

    def segments(self, media: str, span: Span, limit: int) -> list[Segment]:
        """See Archive.segments."""
        return [_segment(one) for one in self._footage.overlapping(media, span, limit)]

    def latest(self, media: str, count: int) -> list[Segment]:
        """See Archive.latest."""
        return [_segment(one) for one in self._footage.latest(media, count)]

    def around(self, media: str, span: Span) -> list[Span]:
        """See Archive.around."""
        return [Span(one.start_ms, one.end_ms) for one in self._footage.around(media, span)]

    def recorded(self, media: str, span: Span, join_ms: int) -> list[Span]:
        """See Archive.recorded."""
        return self._footage.recorded(media, span, join_ms)

    def deleted(self, media: str, span: Span, join_ms: int) -> list[Span]:
        """See Archive.deleted."""
        return self._footage.deleted(media, span, join_ms)

    def footage(self, wanted: Mapping[str, Sequence[Span]], join_ms: int) -> dict[str, list[Span]]:
        """See Archive.footage."""
        return self._footage.near(wanted, join_ms)

    def gaps(self, media: str, span: Span) -> list[Gap]:
        """See Archive.gaps."""
        return [Gap(one.start_ms, one.end_ms, one.reason, one.detail) for one in self._footage.gaps(media, span)]

    def days(self, media: str, span: Span | None = None) -> list[Day]:
        """See Archive.days."""
        return [Day(one.day, one.recorded_ms) for one in self._footage.days(media, span)]

    def activity(self, media: str, span: Span, step_ms: int) -> list[int]:
        """See Archive.activity."""
        return [step.recorded_ms for step in self._footage.activity(media, span, step_ms)]

    def key_frame(self, media: str, at_ms: int, within: Span | None = None) -> Picture | None:
        """See Archive.key_frame."""
        found = self._footage.picture_near(media, at_ms, within)
        return Picture(found[1], _segment(found[0]), found[0].sha256) if found else None

    def lags(self, projections: Collection[str] | None = None) -> list[Lag]:
        """See Archive.lags."""
        found = self._progress.live(projections)
        return [Lag(one.projection, one.topic, one.lag, one.watermark_ms) for one in found]


def _camera(found: StoredMedia) -> Camera:
    config = MediaConfigured(
        media=found.media, observed_ms=found.observed_ms, source=found.source or None, title=found.title,
        enabled=found.enabled, audio="drop" if found.audio == "drop" else "keep", depth_ms=found.depth_ms,
        keep_ms=found.keep_ms, quota_bytes=found.quota_bytes, catch=found.catch, labels=found.labels,
        mail_login=found.mail_login, mail_password=found.mail_password, mail_aliases=found.mail_aliases,
        time_zone=found.time_zone, motion=msgspec.json.decode(found.motion, type=MotionConfig),
        protect=msgspec.json.decode(found.protect, type=ProtectConfig), groups=found.groups,
        folder=found.folder, changed_by=found.changed_by,
    )  # fmt: skip
    return Camera(config, found.last_ms)


def _segment(found: StoredSegment) -> Segment:
    return Segment(
        found.start_ms, found.end_ms, found.run_id, found.object_key, found.size_bytes, found.init_len, found.codecs,
        found.video_codec, found.audio_codec or None, found.width_px, found.height_px,
    )  # fmt: skip
