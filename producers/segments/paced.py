"""Footage that comes faster than it was: a file played as a camera, a web server read no faster than time goes by."""

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Event

from infra.clock import monotonic_s
from producers.segments import libav
from producers.segments.samples import Format, Sample
from producers.segments.source import Item, Source, SourceFailed


@dataclass
class _Clock:
    """Where the stream stands: media seconds sent against the monotonic clock."""

    began_s: float

    def wait(self, due_s: float, closed: Event) -> None:
        """Until the stream is this old."""
        if (ahead_s := self.began_s + due_s - monotonic_s()) > 0:
            closed.wait(ahead_s)


class PacedFile:
    """A file as an endless source in real time. Every pass continues the times of the one before."""

    def __init__(self, address: str, *, audio: bool, timeout_s: float) -> None:
        """``address`` is a path or a URL. Raises SourceFailed."""
        self._address, self._audio, self._timeout_s = address, audio, timeout_s
        self._closed = Event()
        self._first = self._open()

    def items(self) -> Iterator[Item]:
        """See Source.items. Never ends by itself."""
        clock, offset_s, source = _Clock(monotonic_s()), 0.0, self._first
        known: Format | None = None
        while not self._closed.is_set():
            begin_s = end_s = None
            for item in source.items():
                if isinstance(item, Format):
                    if item != known:
                        known = item
                        yield item
                    continue
                if known is None:
                    continue
                ticks = known.video.timescale if item.video or not known.audio else known.audio.timescale
                order = item.pts if item.dts is None else item.dts
                begin_s = order / ticks if begin_s is None else begin_s
                shift = round((offset_s - begin_s) * ticks)
                clock.wait(order / ticks - begin_s + offset_s, self._closed)
                if item.video:
                    end_s = (order + item.duration) / ticks
                yield _shifted(item, shift)
            source.close()
            if begin_s is None or end_s is None or end_s <= begin_s:
                raise SourceFailed("the file holds no pictures", "source_unreadable")
            offset_s += end_s - begin_s
            source = self._open()

    def close(self) -> None:
        """See Source.close."""
        self._closed.set()

    def _open(self) -> libav.LibavSource:
        return libav.connect(self._address, audio=self._audio, timeout_s=self._timeout_s)


class HeldBack:
    """A source whose pictures come no more than LEAD_S before their time. A live one is never held back."""

    LEAD_S = 2.0

    def __init__(self, source: Source) -> None:
        self._source = source
        self._closed = Event()

    def items(self) -> Iterator[Item]:
        """See Source.items."""
        clock, ticks, first = _Clock(monotonic_s() - self.LEAD_S), 1, None
        for item in self._source.items():
            if isinstance(item, Format):
                ticks = item.video.timescale
            elif item.video:
                order = item.pts if item.dts is None else item.dts
                first = order if first is None else first
                clock.wait((order - first) / ticks, self._closed)
            yield item

    def close(self) -> None:
        """See Source.close."""
        self._closed.set()
        self._source.close()


def _shifted(sample: Sample, by: int) -> Sample:
    return sample._replace(pts=sample.pts + by, dts=None if sample.dts is None else sample.dts + by)
