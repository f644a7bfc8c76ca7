"""One segment's pictures: its key frames by their byte ranges alone, or every frame of some groups of pictures."""

from bisect import bisect_right
from collections.abc import Container, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from infra import frames
from processors.motion.detector import Bytes
from processors.motion.frames import choice, limits, setup, table
from processors.motion.frames.decoding import Decoder, Encoded
from processors.motion.frames.held import Held
from processors.motion.frames.limits import Limits, Unreadable
from processors.motion.frames.luma import HEIGHT, WIDTH, small
from processors.motion.frames.setup import Setup
from processors.motion.frames.table import Sample
from schemas.facts import SegmentRecorded

__all__ = ["HEIGHT", "WIDTH", "Limits", "Picture", "Reader", "Unreadable"]

DEFAULT_LIMITS = Limits()


class Picture(NamedTuple):
    """One moment."""

    at_ms: int
    """Inside its segment."""
    luma: NDArray[np.uint8]
    """180 x 320."""


class _Moment(NamedTuple):
    at_ms: int
    shown: int
    """The same in ticks."""


class Reader:
    """One segment. Every method raises Unreadable, and what ``footage`` raises.

    A picture follows from the segment's bytes alone, never from what was asked before. Bytes once fetched are kept.
    """

    def __init__(self, segment: SegmentRecorded, footage: Bytes, most: Limits = DEFAULT_LIMITS) -> None:
        limits.check(segment, most)
        self._segment, self._limits = segment, most
        self._held = Held(segment.object_key, footage)

    @property
    def bytes_read(self) -> int:
        """Bytes of footage that were fetched."""
        return self._held.bytes_read

    def key_pictures(self, numbers: Sequence[int] | None = None) -> list[Picture]:
        """The pictures of these key frames, by their numbers; None: of all, or where they are close to each other of
        as many as are a second apart. One request; no other byte of the footage is read. Not deblocked, as those of
        ``pictures`` are not: that is a third of a picture's cost, and does not show at this size."""
        keys = self._segment.keyframes
        chosen = choice.thinned([key.at_ms for key in keys]) if numbers is None else list(numbers)
        self._held.fetch([(0, self._segment.init_len), *(self._key_bytes(number) for number in chosen)])
        return [Picture(self._inside(keys[number].at_ms), small(self._key_frame(number))) for number in chosen]

    def pictures(self, first_gop: int, last_gop: int, step_ms: int = 200) -> Iterator[Picture]:
        """Pictures at least ``step_ms`` apart of the groups from ``first_gop`` to ``last_gop``, the first always.

        Every frame is decoded that these or a later one need. A damaged one is missing. Of pictures too large for that
        (``Limits.run_pixels``) the groups' key frames alone.
        """
        if self._too_large:
            yield from self.key_pictures(range(first_gop, last_gop + 1))
            return
        samples = self._samples(first_gop, last_gop)
        moments = self._moments(first_gop, samples)
        chosen = [moments[number] for number in choice.thinned([one.at_ms for one in moments], step_ms)]
        for at_ms, frame in self._decoded(samples, chosen, deblocks=False):
            yield Picture(at_ms, small(frame))

    def jpeg(self, at_ms: int, width: int = 640) -> bytes:
        """The picture shown at that time, in colour, as JPEG of at most this width."""
        keys = self._segment.keyframes
        number = max(0, bisect_right([key.at_ms for key in keys], at_ms) - 1)
        if keys[number].at_ms >= at_ms or self._too_large:
            self._held.fetch([(0, self._segment.init_len), self._key_bytes(number)])
            return _jpeg(self._key_frame(number), width)
        samples = self._samples(number, number)
        moments = self._moments(number, samples)
        shown = moments[max(0, bisect_right([one.at_ms for one in moments], at_ms) - 1)]
        _, frame = next(self._decoded(samples, [shown], deblocks=True))
        return _jpeg(frame, width)

    @property
    def _too_large(self) -> bool:
        return self._segment.width_px * self._segment.height_px > self._limits.run_pixels

    @cached_property
    def _setup(self) -> Setup:
        self._held.fetch([(0, self._segment.init_len)])
        return setup.read(self._held.read(0, self._segment.init_len))

    @cached_property
    def _decoder(self) -> Decoder:
        return Decoder(self._segment.video_codec, self._setup.extradata, self._limits)

    def _key_bytes(self, number: int) -> tuple[int, int]:
        key = self._segment.keyframes[number]
        return key.byte_offset, key.byte_offset + key.size_bytes

    def _key_frame(self, number: int) -> VideoFrame:
        return self._decoder.alone(self._held.read(*self._key_bytes(number)))

    def _group_end(self, number: int) -> int:
        """Where the video of a group ends: sound, or the next group's table, may follow."""
        return self._key_bytes(number)[1] + self._segment.gop_bytes[number]

    def _samples(self, first: int, last: int) -> list[Sample]:
        """The samples of these groups, as they are decoded."""
        key, end = self._segment.keyframes[first], self._group_end(last)
        begin = self._group_end(first - 1) if first else self._segment.init_len
        data = self._stretch(begin, end)
        moof = table.fragment_before(data, key.byte_offset - begin)
        if moof is None:  # a fragment of several groups: its table stands before the first
            begin, moof = self._segment.init_len, 0
            data = self._stretch(begin, end)
        found = table.samples(data[moof:], begin + moof, self._setup, self._limits)
        found = [one for one in found if one.offset >= key.byte_offset and one.offset + one.size <= end]
        if not found or found[0].offset != key.byte_offset:
            raise Unreadable("a fragment's table does not lead to its key frame")
        return found

    def _stretch(self, begin: int, end: int) -> bytes:
        if end - begin > self._limits.group_bytes:
            raise Unreadable(f"{end - begin} bytes of pictures in a row are more than are held at once")
        self._held.fetch([(0, self._segment.init_len), (begin, end)])
        return self._held.read(begin, end)

    def _moments(self, first: int, samples: Sequence[Sample]) -> list[_Moment]:
        """When its pictures are shown, ascending, without those of a group before it that is not decoded."""
        zero, zero_ms = samples[0].shown, self._segment.keyframes[first].at_ms
        shown = sorted(one.shown for one in samples if one.shown >= zero)
        return [_Moment(self._inside(zero_ms + (at - zero) * 1000 // self._setup.scale), at) for at in shown]

    def _inside(self, at_ms: int) -> int:
        """A forged time as the nearest that the segment has."""
        return min(at_ms, self._segment.end_ms - 1)

    def _decoded(
        self, samples: Sequence[Sample], chosen: Sequence[_Moment], deblocks: bool
    ) -> Iterator[tuple[int, VideoFrame]]:
        """(UTC ms, frame) of the chosen moments. Raises Unreadable where not even one can be decoded."""
        times = {one.shown: one.at_ms for one in chosen}
        found = False
        for frame in self._decoder.run(self._encoded(samples, times), deblocks):
            if frame.pts in times:
                found = True
                yield times[frame.pts], frame
        if not found:
            raise Unreadable("none of its pictures can be decoded")

    def _encoded(self, samples: Sequence[Sample], wanted: Container[int]) -> Iterator[Encoded]:
        """What has to be decoded: nothing after the last that is wanted, and of key frames alone only these."""
        last = max(number for number, one in enumerate(samples) if one.shown in wanted)
        keys_alone = not any(self._segment.gop_bytes)
        for one in samples[: last + 1]:
            if one.size > self._limits.packet_bytes:
                raise Unreadable(f"a picture of {one.size} bytes is larger than allowed")
            if one.shown in wanted or not keys_alone:
                data = self._held.read(one.offset, one.offset + one.size)
                yield Encoded(one.shown, one.decoded, data, one.shown in wanted)


def _jpeg(frame: VideoFrame, width: int) -> bytes:
    try:
        return frames.as_jpeg(frame, width)
    except frames.Unreadable as error:
        raise Unreadable(f"no picture could be made of it: {error}") from None
