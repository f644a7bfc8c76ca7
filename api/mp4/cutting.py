"""Parts of a segment by true time: what of it is shown, sample by sample. Pure."""

from collections.abc import Sequence

from api.mp4.boxes import Broken
from api.mp4.fragments import Sample, fragment, samples
from api.mp4.init import Track, only, tracks


class Clip:
    """One segment in memory, and when its samples are shown. Raises Broken."""

    def __init__(self, data: bytes, start_ms: int) -> None:
        self.tracks = tracks(data)
        self.samples = samples(data, self.tracks)
        video = only(self.tracks, b"vide")
        if video is None or not self.samples[video.id]:
            raise Broken("the object holds no picture")
        self.video: Track = video
        self.audio = only(self.tracks, b"soun")
        self._start_ms = start_ms
        self._first = min(sample.pts for sample in self.samples[video.id])

    def at_ms(self, track: Track, ticks: int) -> float:
        """True time of a moment of a track, UTC ms: the first picture is at the segment's start."""
        return self._start_ms + (ticks / track.scale - self._first / self.video.scale) * 1000

    def until(self, end_ms: int, *, closed: bool) -> dict[int, list[Sample]]:
        """Track id → what is shown before ``end_ms``.

        Pictures may depend on a later one (B-frames). Closed: they are left out, so that nothing reaches past
        ``end_ms``. Not closed: the later one is kept as well, so that nothing before ``end_ms`` is lost.
        """
        kept = {}
        for number, part in self.samples.items():
            track = self.tracks[number]
            late = [self.at_ms(track, one.pts) >= end_ms - 0.5 for one in part]
            if closed:
                end = late.index(True) if True in late else len(part)
                kept[number] = self._ending(part[:end], end_ms) if track is self.video else part[:end]
            else:
                kept[number] = part[: len(late) - late[::-1].index(False)] if False in late else []
        return kept

    def _ending(self, pictures: list[Sample], end_ms: int) -> list[Sample]:
        """The same, the last one no longer than to ``end_ms``, so that what follows can start there."""
        if not pictures:
            return pictures
        last = pictures[-1]
        end = self._first + round((end_ms - self._start_ms) * self.video.scale / 1000) - pictures[0].shift
        return [*pictures[:-1], last._replace(duration=max(1, min(last.duration, end - last.dts)))]


def fragments_until(data: bytes, start_ms: int, end_ms: int) -> bytes:
    """The fragments of a segment, only what is shown before ``end_ms``; times inside are unchanged."""
    clip = Clip(data, start_ms)
    kept = clip.until(end_ms, closed=True)
    order: Sequence[int] = sorted(kept, key=lambda number: number != clip.video.id)
    return fragment(1, [(number, kept[number]) for number in order])
