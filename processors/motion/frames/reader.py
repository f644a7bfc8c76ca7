"""One segment's pictures: its key frames by their byte ranges alone, or every frame of some groups of pictures."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from infra import frames
from processors.motion.detector import Bytes
from processors.motion.frames import choice, setup, table
from processors.motion.frames.decoding import Decoder, Encoded
from processors.motion.frames.held import Held
from processors.motion.frames.limits import Limits, Unreadable
from processors.motion.frames.luma import HEIGHT, WIDTH, small
from processors.motion.frames.setup import Setup
from processors.motion.frames.table import Sample
from schemas.facts import SegmentRecorded

__all__ = ["HEIGHT", "WIDTH", "Limits", "Picture", "Reader", "Unreadable"]


class Picture(NamedTuple):
    """One moment."""

    at_ms: int
    luma: NDArray[np.uint8]
    """180 x 320."""


class Reader:
    """One segment. Every method raises Unreadable, and what ``footage`` raises.

    A picture depends on the segment's bytes alone, never on what was asked before. Bytes once fetched are kept.
    """

    def __init__(self, segment: SegmentRecorded, footage: Bytes, limits: Limits = Limits()) -> None:  # noqa: B008
        self._segment, self._limits = segment, limits
        self._held = Held(segment.object_key, footage)
        self._check()

    @property
    def bytes_read(self) -> int:
        """Bytes of footage that were fetched."""
        return self._held.bytes_read

    def key_pictures(self, numbers: Sequence[int] | None = None) -> list[Picture]:
        """The pictures of these key frames, by their numbers; None: of all, or where they are close to each other of
        as many as are a second apart. One request; no other byte of the footage is read."""
        keys = self._segment.keyframes
        chosen = choice.thinned([key.at_ms for key in keys]) if numbers is None else list(numbers)
        self._held.fetch([(0, self._segment.init_len), *(self._key_bytes(number) for number in chosen)])
        return [Picture(keys[number].at_ms, small(self._key_frame(number))) for number in chosen]

    def pictures(self, first_gop: int, last_gop: int, step_ms: int = 200) -> Iterator[Picture]:
        """Pictures at least ``step_ms`` apart of the groups from ``first_gop`` to ``last_gop``, every frame of which is
        decoded; the first always."""
        due_ms: int | None = None
        for at_ms, frame in self._frames(first_gop, last_gop):
            if due_ms is None or at_ms >= due_ms:
                due_ms = at_ms + step_ms
                yield Picture(at_ms, small(frame))

    def jpeg(self, at_ms: int, width: int = 640) -> bytes:
        """The picture shown at that time, in colour, as JPEG of this width."""
        keys = self._segment.keyframes
        number = max(0, sum(key.at_ms <= at_ms for key in keys) - 1)
        if keys[number].at_ms >= at_ms:
            self._held.fetch([(0, self._segment.init_len), self._key_bytes(number)])
            return _jpeg(self._key_frame(number), width)
        shown: VideoFrame | None = None
        for shown_ms, frame in self._frames(number, number):
            if shown is not None and shown_ms > at_ms:
                break
            shown = frame
        if shown is None:
            raise Unreadable("a group of pictures holds no picture")
        return _jpeg(shown, width)

    def _check(self) -> None:
        segment, limits = self._segment, self._limits
        if not segment.keyframes:
            raise Unreadable("it holds no key frame")
        if segment.width_px * segment.height_px > limits.pixels:
            raise Unreadable(f"its pictures of {segment.width_px} x {segment.height_px} are larger than allowed")
        if max(segment.frames, len(segment.keyframes)) > limits.pictures:
            raise Unreadable(f"it holds more than {limits.pictures} pictures")
        if segment.init_len > min(limits.init_bytes, segment.size_bytes):
            raise Unreadable("the description of its format is longer than allowed")
        largest = max(key.size_bytes for key in segment.keyframes)
        if largest > limits.packet_bytes:
            raise Unreadable(f"a key frame of {largest} bytes is larger than allowed")

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
        return self._decoder.alone(Encoded(0, self._held.read(*self._key_bytes(number))))

    def _group_end(self, number: int) -> int:
        """Where the video of a group ends: sound, or the next group's table, may follow."""
        end = self._key_bytes(number)[1] + self._segment.gop_bytes[number]
        if end > self._segment.size_bytes:
            raise Unreadable("a group of pictures ends behind its object")
        return end

    def _frames(self, first: int, last: int) -> Iterator[tuple[int, VideoFrame]]:
        """(UTC ms, frame) of whole groups of pictures, as they are shown."""
        key = self._segment.keyframes[first]
        found = self._samples(first, last)
        if not found or found[0].offset != key.byte_offset:
            raise Unreadable("a fragment's table does not lead to its key frame")
        for frame in self._decoder.run(self._encoded(found)):
            if frame.pts is not None and frame.pts >= 0:  # before it: pictures of the group that is not decoded
                yield key.at_ms + frame.pts * 1000 // self._setup.scale, frame

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
        return [one for one in found if one.offset >= key.byte_offset and one.offset + one.size <= end]

    def _stretch(self, begin: int, end: int) -> bytes:
        if end - begin > self._limits.group_bytes:
            raise Unreadable(f"{end - begin} bytes of pictures in a row are more than are held at once")
        self._held.fetch([(0, self._segment.init_len), (begin, end)])
        return self._held.read(begin, end)

    def _encoded(self, samples: Sequence[Sample]) -> Iterator[Encoded]:
        at_zero = samples[0].shown
        for one in samples:
            if one.size > self._limits.packet_bytes:
                raise Unreadable(f"a picture of {one.size} bytes is larger than allowed")
            yield Encoded(one.shown - at_zero, self._held.read(one.offset, one.offset + one.size))


def _jpeg(frame: VideoFrame, width: int) -> bytes:
    try:
        return frames.as_jpeg(frame, width)
    except frames.Unreadable as error:
        raise Unreadable(f"no picture could be made of it: {error}") from None
