"""Samples gathered into groups: what starts at a key frame and is written as one fragment. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from producers.segments.mux import Timed
from producers.segments.rules import milliseconds, tears
from producers.segments.samples import Format, Sample

LEAST_MS = 500
"""Key frames closer than this share a group (every picture of MJPEG is one)."""
USUAL_FPS = 25
"""Assumed for a picture of which nothing is known but its start."""
MOST_MS = 10_000
MOST_BYTES = 16 << 20
"""A longer or larger group is written in parts, to bound memory."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """Pictures in decode order, the first one a key frame (except in a later part of a very long one)."""

    format: Format
    video: list[Sample] = field(repr=False)
    audio: list[Sample] = field(repr=False)
    key: bool
    goes_on: bool
    """The group before ends where this one begins, on the same clock."""
    next: Sample | None
    """The picture that follows without a jump; None at an end."""
    arrived_ms: int
    """Wall clock at which the first picture was due, judged by the most punctual sample of the group."""

    @property
    def end_pts(self) -> int:
        """Presentation time at which the next group takes over."""
        if self.next and self.next.key:
            return self.next.pts
        last = max(sample.pts for sample in self.video)
        return last + self.last_duration

    @property
    def last_duration(self) -> int:
        """Units the last picture stands, in decode order."""
        last = self.video[-1]
        if self.next and self.next.dts is not None and last.dts is not None and self.next.dts > last.dts:
            return self.next.dts - last.dts
        if last.duration > 0:
            return last.duration
        if len(self.video) == 1:
            return max(1, self.format.video.timescale // USUAL_FPS)
        times = [sample.pts for sample in self.video]
        return max(1, (max(times) - min(times)) // (len(times) - 1))


class Assembler:
    """Turns the samples of one source into groups. What precedes a key frame, or follows a tear, is left out."""

    def __init__(self, jump_ms: int) -> None:
        self._jump_ms = jump_ms
        self._format: Format | None = None
        self._video: list[Sample] = []
        self._audio: list[Sample] = []
        self._bytes = 0
        self._goes_on = False
        self._torn = True
        self._last_ms: int | None = None
        self._last_shown = 0
        self._arrivals_ms: list[int] = []
        self.dropped = 0
        """Pictures left out so far."""

    def switch(self, new: Format) -> Iterator[Group]:
        """Another format from here on; gives back what was gathered of the old one."""
        yield from self.end()
        self._format, self._torn, self._last_ms = new, True, None

    def add(self, sample: Sample, arrived_ms: int) -> Iterator[Group]:
        """One more sample; gives back the group it completes, if any."""
        if not sample.video:
            if self._video:
                self._audio.append(sample)
            return
        now_ms = self._milliseconds(_order(sample))
        if self._last_ms is not None and self._leaps(sample, self._last_ms, now_ms):
            yield from self.end()
            self._torn = True
        if self._torn and not sample.key:
            self.dropped += 1
            return
        if self._completes(sample):
            yield from self._take(sample)
        self._video.append(sample)
        self._arrivals_ms.append(arrived_ms)
        self._bytes += len(sample.data)
        self._torn, self._last_ms, self._last_shown = False, now_ms, sample.pts

    def end(self) -> Iterator[Group]:
        """The source ends here; gives back what is gathered."""
        yield from self._take(None)
        self._goes_on = False

    def _leaps(self, sample: Sample, last_ms: int, now_ms: int) -> bool:
        """True when the picture is no neighbour of the last one, by its place in the stream or by when it is shown."""
        shown_ms = self._milliseconds(sample.pts - self._last_shown)
        return tears(last_ms, now_ms, self._jump_ms) or abs(shown_ms) > self._jump_ms

    def _completes(self, sample: Sample) -> bool:
        if not self._video:
            return False
        length_ms = self._milliseconds(sample.pts - self._video[0].pts)
        return (sample.key and length_ms >= LEAST_MS) or length_ms >= MOST_MS or self._bytes >= MOST_BYTES

    def _take(self, following: Sample | None) -> Iterator[Group]:
        if self._video and self._format:
            yield Group(
                format=self._format, video=self._video, audio=self._audio, key=self._video[0].key,
                goes_on=self._goes_on, next=following, arrived_ms=self._due_ms(),
            )  # fmt: skip
            self._goes_on = True
        self._video, self._audio, self._arrivals_ms, self._bytes = [], [], [], 0

    def _due_ms(self) -> int:
        """When the first picture was due, by the most punctual picture of the group."""
        times = _decode_times(self._video, 0)
        pairs = zip(times, self._arrivals_ms, strict=True)
        return min(arrived_ms - self._milliseconds(time - times[0]) for time, arrived_ms in pairs)

    def _milliseconds(self, units: int) -> int:
        return milliseconds(units, self._format.video.timescale) if self._format else 0


class Timing:
    """Final decode times of one run: strictly growing, from 0, whatever the source said."""

    def __init__(self, first: Group) -> None:
        sample = first.video[0]
        self._delay = 0 if sample.dts is not None else _reorder_delay(first.video)
        self._origin = sample.pts - self._delay if sample.dts is None else sample.dts
        # The first picture is shown when it is decoded, so compositions may be negative: players place a fragment by
        # its decode time, and B-frames would otherwise leave a hole before every run.
        self._shown = sample.pts
        self._timescale = first.format.video.timescale
        self._next_video = 0
        self._next_audio = 0

    def video(self, group: Group) -> list[Timed]:
        """The pictures of a group with times on the run's clock."""
        times = _decode_times(group.video, self._delay)
        starts = [max(times[0] - self._origin, self._next_video)]
        for time in times[1:]:
            starts.append(max(time - self._origin, starts[-1] + 1))
        end = self._end(group, starts[-1])
        self._next_video = end
        return _timed(group.video, starts, end, self._shown)

    def audio(self, group: Group) -> list[Timed]:
        """The sound of a group with times on the run's clock; what lies before the run or goes back is left out."""
        if not group.format.audio:
            return []
        origin = self._shown * group.format.audio.timescale // self._timescale
        kept: list[Sample] = []
        for sample in group.audio:
            if sample.pts - origin >= self._next_audio:
                kept.append(sample)
                self._next_audio = sample.pts - origin + 1
        if not kept:
            return []
        starts = [sample.pts - origin for sample in kept]
        end = starts[-1] + max(1, kept[-1].duration)
        return _timed(kept, starts, end, origin)

    def _end(self, group: Group, last: int) -> int:
        following = group.next
        if following is None:
            return last + group.last_duration
        if following.dts is not None:
            return max(last + 1, following.dts - self._origin)
        if following.key:
            return max(last + 1, following.pts - self._delay - self._origin)
        return last + group.last_duration


def _order(sample: Sample) -> int:
    """The time by which a picture takes its place in the stream."""
    return sample.pts if sample.dts is None else sample.dts


def _timed(samples: Sequence[Sample], starts: Sequence[int], end: int, origin: int) -> list[Timed]:
    ends = [*starts[1:], end]
    return [
        Timed(start, after - start, sample.pts - origin - start, sample.key, sample.data)
        for sample, start, after in zip(samples, starts, ends, strict=True)
    ]


def _decode_times(video: Sequence[Sample], delay: int) -> list[int]:
    """The source's own decode times where it has them all; else its presentation times in order, less ``delay``."""
    own = [sample.dts for sample in video if sample.dts is not None]
    if len(own) == len(video):
        return own
    return [pts - delay for pts in sorted(sample.pts for sample in video)]


def _reorder_delay(video: Sequence[Sample]) -> int:
    """How far decoding must run ahead so that no picture is shown before it is decoded, in units."""
    return max(due - sample.pts for due, sample in zip(sorted(s.pts for s in video), video, strict=True))
