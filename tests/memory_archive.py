"""An ``api.archive.Archive`` over facts in memory, for tests that need no database."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from api.archive import EVERY, Camera, Day, Gap, Lag, Picture
from api.footage import Segment
from infra.journal import redact_url
from projections.media.reads import CameraSearch
from schemas.facts import MediaConfigured, RecordingGap, SegmentRecorded
from schemas.intervals import Span, clip, total_ms, union

DAY_MS = 86_400_000


def _day(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC):%Y-%m-%d}"


def segment_of(fact: SegmentRecorded) -> Segment:
    return Segment(
        fact.start_ms, fact.end_ms, fact.run_id, fact.object_key, fact.size_bytes, fact.init_len, fact.codecs,
        fact.video_codec, fact.audio_codec, fact.width_px, fact.height_px,
    )  # fmt: skip


class MemoryArchive:
    def __init__(self) -> None:
        self.facts: list[SegmentRecorded] = []
        self.missing: list[RecordingGap] = []
        self.gone: dict[str, list[Span]] = {}
        """Camera → footage that was deleted, what a test says."""
        self.configs: dict[str, MediaConfigured] = {}
        self.behind: list[Lag] = []

    def show(self, fact: MediaConfigured) -> None:
        """As the projection does: without passwords."""
        self.configs[fact.media] = msgspec.structs.replace(
            fact, source=fact.source and redact_url(fact.source), mail_password=fact.mail_password and "***"
        )

    def camera(self, media: str) -> Camera | None:
        config = self.configs.get(media)
        extent = self.extent(media)
        return config and Camera(config, extent.end_ms if extent else None)

    def cameras(self, after: str, limit: int, search: CameraSearch = EVERY) -> list[Camera]:
        known = self.configs.keys() if search.names is None else self.configs.keys() & set(search.names)
        found = (one for name in sorted(known) if name > after and (one := self.camera(name)))
        return [one for one in found if self._is_asked(one, search)][:limit]

    def _is_asked(self, found: Camera, search: CameraSearch) -> bool:
        config, last_ms = found.config, found.last_ms or 0
        states = {None: True, "recording": last_ms > search.recorded_since_ms, "never": not last_ms}
        return (
            search.text.lower() in config.media.lower()
            and search.group in ("", *config.groups)
            and (not search.folder or f"{config.folder}/".startswith(f"{search.folder}/"))
            and states.get(search.status, 0 < last_ms <= search.recorded_since_ms)
        )

    def extent(self, media: str) -> Span | None:
        spans = self._spans(media)
        return Span(spans[0].start_ms, max(one.end_ms for one in spans)) if spans else None

    def segments(self, media: str, span: Span, limit: int) -> list[Segment]:
        return [
            segment_of(fact) for fact in self._of(media) if fact.start_ms < span.end_ms and fact.end_ms > span.start_ms
        ][:limit]

    def latest(self, media: str, count: int) -> list[Segment]:
        return [segment_of(fact) for fact in self._of(media)][-count:]

    def around(self, media: str, span: Span) -> list[Span]:
        before = [one for one in self._spans(media) if one.end_ms <= span.start_ms][-1:]
        return before + [one for one in self._spans(media) if one.start_ms >= span.end_ms][:1]

    def recorded(self, media: str, span: Span, join_ms: int = 0) -> list[Span]:
        return clip(union(self._spans(media), join_ms), span)

    def deleted(self, media: str, span: Span, join_ms: int = 0) -> list[Span]:
        return clip(union(self.gone.get(media, []), join_ms), span)

    def footage(self, wanted: Mapping[str, Sequence[Span]], join_ms: int) -> dict[str, list[Span]]:
        return {name: union(self._spans(name), join_ms) for name in wanted}

    def gaps(self, media: str, span: Span) -> list[Gap]:
        found = (one for one in self.missing if one.media == media and one.start_ms < span.end_ms)
        reaching = (one for one in found if one.end_ms is None or one.end_ms > span.start_ms)
        return [Gap(one.start_ms, one.end_ms, one.reason, one.detail) for one in reaching]

    def days(self, media: str, span: Span | None = None) -> list[Day]:
        days: dict[str, int] = {}
        for one in clip(self._spans(media), span or Span(0, 1 << 62)):
            for start_ms in range(one.start_ms - one.start_ms % DAY_MS, one.end_ms, DAY_MS):
                part_ms = total_ms(clip([one], Span(start_ms, start_ms + DAY_MS)))
                days[_day(start_ms)] = days.get(_day(start_ms), 0) + part_ms
        return [Day(day, recorded_ms) for day, recorded_ms in sorted(days.items())]

    def activity(self, media: str, span: Span, step_ms: int) -> list[int]:
        starts = range(span.start_ms, span.end_ms, step_ms)
        return [total_ms(self.recorded(media, Span(one, min(one + step_ms, span.end_ms)))) for one in starts]

    def key_frame(self, media: str, at_ms: int, within: Span | None = None) -> Picture | None:
        of = within or Span(0, 1 << 62)
        frames = [(frame, fact) for fact in self._of(media) for frame in fact.keyframes]
        found = [
            (abs(frame.at_ms - at_ms), frame, fact) for frame, fact in frames if of.start_ms <= frame.at_ms < of.end_ms
        ]
        if not found:
            return None
        _, frame, fact = min(found, key=lambda one: one[0])
        return Picture(frame, segment_of(fact), fact.sha256)

    def lags(self, projections: Collection[str] | None = None) -> list[Lag]:
        return self.behind or [Lag("segments", "segments", 0, 0)]

    def _of(self, media: str) -> list[SegmentRecorded]:
        return sorted((fact for fact in self.facts if fact.media == media), key=lambda fact: fact.start_ms)

    def _spans(self, media: str) -> list[Span]:
        return [Span(fact.start_ms, fact.end_ms) for fact in self._of(media)]
