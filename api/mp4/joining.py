"""Segments → one fragmented MP4, piece by piece: samples copied, times set anew, nothing decoded.

Times in the file are true times since its first picture. Inside a run they come from the samples alone, so no rounding
adds up; every other piece is placed by its own start. One segment is in memory at a time.
"""

import struct
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from api.footage import Piece
from api.mp4.boxes import Broken, build, full
from api.mp4.cutting import Clip
from api.mp4.fragments import Sample, fragment
from api.mp4.init import Described, Track, rewritten
from api.times import iso

Load = Callable[[Piece], bytes]
DRIFT_MS = 40
"""A run whose samples are further than this from its segments' starts is placed anew."""

ROUNDING_MS = 2
"""Segments of one run may overlap this much on paper; their samples do not."""


class Window(NamedTuple):
    """What of the pieces is wanted: from the key frame at or before ``from_ms``, to ``to_ms``."""

    from_ms: int
    to_ms: int
    keep_gaps: bool = True
    """False: holes take no time in the file."""


class Placement(NamedTuple):
    """How a run's video ticks become the file's."""

    run_id: str
    by: int
    """Added to when pictures are shown."""
    lag: int
    """Taken from when they are decoded, so that none is shown before: FFmpeg shifts files where one is."""
    next_dts: int
    """Where the run's next video sample would stand, in the segment's own ticks."""


class _Places:
    """Where the file has got to."""

    def __init__(self, origin_ms: float, delay: int, window: Window) -> None:
        self.origin_ms, self.delay, self.window = origin_ms, delay, window
        self.run: Placement | None = None
        self.ends: dict[bytes, int] = {}
        """Kind of track → tick its last sample ends at."""
        self.end_ms = 0.0
        """The same of the pictures, ms since the origin."""

    def place(self, clip: Clip, run_id: str, pictures: list[Sample]) -> Placement:
        """Where ``pictures`` go: on from the samples before them in their run, else by their true time."""
        first, last, scale = pictures[0], pictures[-1], clip.video.scale
        next_dts = last.dts + last.duration
        wanted_ms = clip.at_ms(clip.video, first.pts) - self.origin_ms
        wanted = self.delay + round(wanted_ms * scale / 1000) - first.pts
        run = self.run
        goes_on = run and run.run_id == run_id and first.dts == run.next_dts
        if run and goes_on and abs(run.by - wanted) * 1000 <= DRIFT_MS * scale:
            return run._replace(next_dts=next_dts)
        if not self.window.keep_gaps and self.run and wanted_ms > self.end_ms:
            self.origin_ms += wanted_ms - self.end_ms
            wanted = self.delay + round(self.end_ms * scale / 1000) - first.pts
        lag = _lag(pictures)
        by = max(wanted, self.ends.get(clip.video.kind, 0) - first.dts + lag)
        return Placement(run_id, by, lag, next_dts)


class Opened(NamedTuple):
    """The first piece of a file, read: what the file begins with."""

    init: bytes
    clip: Clip
    first: int
    """Index of the key frame the file starts with."""

    @property
    def key(self) -> Sample:
        """The picture the file starts with."""
        return self.clip.samples[self.clip.video.id][self.first]

    @property
    def start_ms(self) -> float:
        """Its true time."""
        return self.clip.at_ms(self.clip.video, self.key.pts)


def opened(data: bytes, piece: Piece, from_ms: int) -> Opened:
    """The first piece, at the key frame at or before ``from_ms``. Raises Broken."""
    clip = Clip(data, piece.start_ms)
    pictures = clip.samples[clip.video.id]
    keys = [index for index, one in enumerate(pictures) if one.is_sync]
    if not keys:
        raise Broken("the segment holds no key frame")
    in_time = [index for index in keys if clip.at_ms(clip.video, pictures[index].pts) < from_ms + 0.5]
    return Opened(data[: piece.segment.init_len], clip, in_time[-1] if in_time else keys[0])


def joined(start: Opened, pieces: Iterable[Piece], load: Load, window: Window, length_ms: int) -> Iterator[bytes]:
    """The file, in parts: header, one fragment per piece, an index of key frames for seeking.

    ``pieces``: in order, the opened one first; all of one format. Raises Broken, and what ``load`` raises.
    """
    key = start.key
    delay = max(0, key.shift + _lag(start.clip.samples[start.clip.video.id]))
    started_ms = round(start.start_ms)
    header = rewritten(start.init, Described(started_ms, iso(started_ms), length_ms, delay))
    yield header
    places, number, position = _Places(start.start_ms, delay, window), 0, len(header)
    index: list[tuple[int, int]] = []
    video = start.clip.video
    for piece in pieces:
        clip = Clip(load(piece), piece.start_ms) if number else start.clip
        closed = piece.end_ms < min(piece.segment.end_ms - ROUNDING_MS, window.to_ms)
        kept = clip.until(piece.end_ms if closed else window.to_ms, closed=closed)
        if not number:
            kept = _from_key(start, kept)
        if not kept[clip.video.id]:
            continue
        parts = _placed(clip, kept, piece.segment.run_id, places, start.clip)
        number += 1
        content = fragment(number, parts)
        index.append((parts[0][1][0].pts, position))
        position += len(content)
        yield content
    yield _seek_index(video, index)


def _from_key(start: Opened, kept: dict[int, list[Sample]]) -> dict[int, list[Sample]]:
    """Without what comes before the first key frame, and without pictures after it that need one before it."""
    video = start.clip.video
    key = start.key
    pictures = [one for one in kept[video.id][start.first :] if one.pts >= key.pts]
    cut = {video.id: pictures}
    for number, part in kept.items():
        if number != video.id:
            track = start.clip.tracks[number]
            cut[number] = [one for one in part if start.clip.at_ms(track, one.pts) >= start.start_ms - 0.5]
    return cut


def _placed(
    clip: Clip, kept: dict[int, list[Sample]], run_id: str, places: _Places, names: Clip
) -> list[tuple[int, list[Sample]]]:
    """(track of the file, samples with the file's times), pictures first."""
    pictures = kept[clip.video.id]
    places.run = place = places.place(clip, run_id, pictures)
    ahead = [one._replace(dts=one.dts + place.by - place.lag, shift=one.shift + place.lag) for one in pictures]
    moved = _scaled(ahead, clip.video, names.video)
    places.ends[clip.video.kind] = moved[-1].dts + moved[-1].duration
    places.end_ms = (max(one.pts + one.duration for one in moved) - places.delay) * 1000 / names.video.scale
    parts = [(names.video.id, moved)]
    if clip.audio and names.audio:
        sound = _sound(clip, kept[clip.audio.id], place.by, places, names.audio)
        parts.append((names.audio.id, sound))
    return parts


def _sound(clip: Clip, part: list[Sample], by: int, places: _Places, named: Track) -> list[Sample]:
    """Sound moved with its pictures; what would overlap the sound before it is left out."""
    assert clip.audio
    lead = round((by - places.delay) * clip.audio.scale / clip.video.scale)
    moved = _scaled([one._replace(dts=one.dts + lead) for one in part], clip.audio, named)
    free_from = places.ends.get(named.kind, 0)
    kept = [one for one in moved if one.dts >= free_from - one.duration // 2]
    if kept:
        kept[0] = kept[0]._replace(dts=max(kept[0].dts, free_from))
        places.ends[named.kind] = kept[-1].dts + kept[-1].duration
    return kept


def _lag(pictures: list[Sample]) -> int:
    return max(0, -min(one.shift for one in pictures))


def _scaled(part: list[Sample], track: Track, named: Track) -> list[Sample]:
    """Samples in the ticks of the file's track, where another run counted in others."""
    if track.scale == named.scale:
        return part
    scaled = []
    for one in part:
        dts, end = (_ticks(at, track, named) for at in (one.dts, one.dts + one.duration))
        scaled.append(one._replace(dts=dts, duration=end - dts, shift=_ticks(one.pts, track, named) - dts))
    return scaled


def _ticks(value: int, track: Track, named: Track) -> int:
    return value if track.scale == named.scale else round(value * named.scale / track.scale)


def _seek_index(video: Track, index: list[tuple[int, int]]) -> bytes:
    """mfra: where each fragment begins, so that players can jump without reading everything."""
    lines = b"".join(struct.pack(">QQBBB", max(0, at), position, 1, 1, 1) for at, position in index)
    tfra = full(b"tfra", 1, 0, struct.pack(">III", video.id, 0, len(index)), lines)
    size = 8 + len(tfra) + 16
    return build(b"mfra", tfra, full(b"mfro", 0, 0, struct.pack(">I", size)))
