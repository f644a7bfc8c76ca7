"""The archive as a caller may see it: footage out of reach is as if it had never been recorded."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from msgspec import structs

from api.archive import EVERY, Archive, Camera, Day, Gap, Lag, Picture
from api.footage import Segment
from api.seen.reach import ALWAYS, Reach, cut
from projections.media.reads import CameraSearch
from schemas.intervals import Span, clip, total_ms


@dataclass(frozen=True, eq=False)
class SeenArchive:
    """See ``api.archive.Archive``; what is configured is shown of every camera that the caller may know of."""

    raw: Archive
    reach: Reach

    def camera(self, media: str) -> Camera | None:
        """See Archive.camera."""
        return self.raw.camera(media) if self.reach.scope.sees(media) else None

    def cameras(self, after: str, limit: int, search: CameraSearch = EVERY) -> list[Camera]:
        """See Archive.cameras."""
        known = self.reach.scope.media
        if known is not None:
            names = known if search.names is None else known.intersection(search.names)
            search = structs.replace(search, names=names)
        return self.raw.cameras(after, limit, search)

    def extent(self, media: str) -> Span | None:
        """See Archive.extent. Cut, so a hole may lie at either end."""
        found, span = self.raw.extent(media), self.reach.span(media)
        return cut(found, span) if found and span else None

    def segments(self, media: str, span: Span, limit: int) -> list[Segment]:
        """See Archive.segments. None begins before what the caller's depth reaches; a link shows whole ones."""
        shown, since_ms = self.reach.shown(media, span), self.reach.since_ms(media)
        found = self.raw.segments(media, shown, limit + 1) if shown else []
        return [one for one in found if one.start_ms >= since_ms][:limit]

    def latest(self, media: str, count: int) -> list[Segment]:
        """See Archive.latest."""
        span = self.reach.span(media) or Span(0, 0)
        found = self.raw.latest(media, count) if span.length_ms else []
        return [one for one in found if span.start_ms <= one.start_ms and one.end_ms <= span.end_ms]

    def around(self, media: str, span: Span) -> list[Span]:
        """See Archive.around."""
        within = self.reach.span(media)
        if within is None:
            return []
        near = Span(*(min(max(at_ms, within.start_ms), within.end_ms) for at_ms in span))
        found = (cut(one, within) for one in self.raw.around(media, near) if one.start_ms >= within.start_ms)
        return [one for one in found if one]

    def recorded(self, media: str, span: Span, join_ms: int) -> list[Span]:
        """See Archive.recorded."""
        shown = self.reach.shown(media, span)
        return self.raw.recorded(media, shown, join_ms) if shown else []

    def deleted(self, media: str, span: Span, join_ms: int) -> list[Span]:
        """See Archive.deleted."""
        shown = self.reach.shown(media, span)
        return self.raw.deleted(media, shown, join_ms) if shown else []

    def footage(self, wanted: Mapping[str, Sequence[Span]], join_ms: int) -> dict[str, list[Span]]:
        """See Archive.footage."""
        spans = {media: self.reach.span(media) for media in wanted}
        asked = {media: one for media, one in wanted.items() if spans[media]}
        found = self.raw.footage(asked, join_ms) if asked else {}
        return {media: clip(footage, spans[media] or Span(0, 0)) for media, footage in found.items()}

    def gaps(self, media: str, span: Span) -> list[Gap]:
        """See Archive.gaps."""
        shown, within = self.reach.shown(media, span), self.reach.span(media)
        if shown is None or within is None:
            return []
        return [_cut_gap(one, within) for one in self.raw.gaps(media, shown)]

    def days(self, media: str, span: Span | None = None) -> list[Day]:
        """See Archive.days."""
        shown = self.reach.shown(media, span or ALWAYS)
        return self.raw.days(media, shown) if shown else []

    def activity(self, media: str, span: Span, step_ms: int) -> list[int]:
        """See Archive.activity. Steps stay where they are, whatever is cut off them."""
        steps = [0] * -(-span.length_ms // step_ms)
        if not (shown := self.reach.shown(media, span)):
            return steps
        first = (shown.start_ms - span.start_ms) // step_ms
        from_ms = span.start_ms + first * step_ms
        told = self.raw.activity(media, Span(from_ms, shown.end_ms), step_ms)
        edge = Span(shown.start_ms, min(from_ms + step_ms, shown.end_ms))
        told[0] = total_ms(self.raw.recorded(media, edge, 0))
        return [*steps[:first], *told, *steps[first + len(told) :]]

    def key_frame(self, media: str, at_ms: int, within: Span | None = None) -> Picture | None:
        """See Archive.key_frame."""
        shown = self.reach.shown(media, within or ALWAYS)
        return self.raw.key_frame(media, at_ms, shown) if shown else None

    def lags(self, projections: Collection[str] | None = None) -> list[Lag]:
        """See Archive.lags."""
        return self.raw.lags(projections)


def _cut_gap(gap: Gap, within: Span) -> Gap:
    end_ms = gap.end_ms if within.end_ms == ALWAYS.end_ms else min(gap.end_ms or within.end_ms, within.end_ms)
    return gap._replace(start_ms=max(gap.start_ms, within.start_ms), end_ms=end_ms)
