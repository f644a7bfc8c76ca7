"""Encoded pictures to libav's frames: one thread, bounded, the same frames for the same bytes."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import av
from av.codec.codec import UnknownCodecError
from av.codec.context import CodecContext
from av.error import FFmpegError
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from processors.motion.frames.limits import Limits, Unreadable

_BLOCK_MARGIN = 1 << 20
"""libav counts whole blocks against its limit; the stated size was judged exactly."""


class Encoded(NamedTuple):
    """One encoded picture."""

    shown: int
    """What its frame's ``pts`` is to be."""
    data: bytes


class Decoder:
    """Decoders for one track. Every call begins with a decoder that has seen nothing: what was decoded before, or by
    whom, cannot show in a picture. (A new one costs no more than flushing an old one: libav frees as much.)"""

    def __init__(self, codec: str, extradata: bytes, limits: Limits) -> None:
        self._codec, self._extradata, self._limits = codec, extradata, limits

    def alone(self, picture: Encoded) -> VideoFrame:
        """A key frame's picture. Raises Unreadable."""
        with _understood():
            decoder = self._open(skip_loop_filter="all")
            found = [*decoder.decode(_packet(picture)), *decoder.decode(None)]
        if not found or not found[0].width:
            raise Unreadable("a key frame holds no picture")
        frame: VideoFrame = found[0]
        return frame

    def run(self, pictures: Iterable[Encoded]) -> Iterator[VideoFrame]:
        """The frames of whole groups of pictures, as they are shown. One that is damaged is passed over.

        Raises Unreadable where libav cannot go on.
        """
        with _understood():
            decoder = self._open()
            for picture in pictures:
                try:
                    yield from decoder.decode(_packet(picture))
                except av.InvalidDataError:  # a damaged picture: those after it may be whole
                    continue
            yield from decoder.decode(None)

    def _open(self, **options: str) -> VideoCodecContext:
        decoder = CodecContext.create(self._codec, "r")
        if not isinstance(decoder, VideoCodecContext):
            raise Unreadable(f"{self._codec} is no video")
        decoder.extradata = self._extradata or None
        decoder.thread_count = 1
        decoder.options = {"max_pixels": str(self._limits.pixels + _BLOCK_MARGIN), **options}
        return decoder


@contextmanager
def _understood() -> Iterator[None]:
    """libav's errors as Unreadable."""
    try:
        yield
    except UnknownCodecError as error:
        raise Unreadable(f"there is no decoder for it: {error}") from None
    except (FFmpegError, ValueError, MemoryError) as error:
        raise Unreadable(f"it cannot be decoded: {error}") from None


def _packet(picture: Encoded) -> "Packet[Any]":
    packet: Packet[Any] = Packet(picture.data)
    packet.pts = packet.dts = picture.shown
    return packet
