"""Encoded pictures to libav's frames: one thread, bounded, the same frames for the same bytes."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

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
    decoded: int
    data: bytes
    wanted: bool = True
    """False: it is decoded only if others need it."""


class Decoder:
    """Decodes one track. Every call begins with a decoder that has seen nothing: what was decoded before, or for whom,
    cannot show in a picture, not even in a damaged one. (A new one costs no more than a flushed one: libav frees as
    much.)"""

    def __init__(self, codec: str, extradata: bytes, limits: Limits) -> None:
        self._codec, self._extradata, self._limits = codec, extradata, limits

    def alone(self, key_frame: bytes) -> VideoFrame:
        """A key frame's picture, without its deblocking. Raises Unreadable."""
        with _understood():
            decoder = self._open(self._limits.pixels, skip_loop_filter="all")
            found = [*decoder.decode(_packet(Encoded(0, 0, key_frame))), *decoder.decode(None)]
        if not found or not found[0].width:
            raise Unreadable("a key frame holds no picture of its own")  # a camera that refreshes column by column
        frame: VideoFrame = found[0]
        return frame

    def run(self, pictures: Iterable[Encoded], deblocks: bool = True) -> Iterator[VideoFrame]:
        """The frames of whole groups of pictures, as they are shown: the wanted ones and some others. A damaged one
        may be missing. Not deblocked they cost a third less, and drift a little towards the end of their group.
        Raises Unreadable where there is no decoder."""
        with _understood():
            decoder = self._open(self._limits.run_pixels, **({} if deblocks else {"skip_loop_filter": "all"}))
            for picture in pictures:
                decoder.skip_frame = "DEFAULT" if picture.wanted else "NONREF"  # NONREF: unless others refer to it
                yield from _decoded(decoder, _packet(picture))
            yield from _decoded(decoder, None)

    def _open(self, pixels: int, **options: str) -> VideoCodecContext:
        decoder = CodecContext.create(self._codec, "r")
        if not isinstance(decoder, VideoCodecContext):
            raise Unreadable(f"{self._codec} is no video")
        decoder.extradata = self._extradata or None
        decoder.thread_count = 1
        decoder.options = {"max_pixels": str(pixels + _BLOCK_MARGIN), **options}
        return decoder


@contextmanager
def _understood() -> Iterator[None]:
    """libav's errors as Unreadable."""
    try:
        yield
    except UnknownCodecError as error:
        raise Unreadable(f"there is no decoder for it: {error}") from None
    except FFmpegError as error:  # not its text: libav adds what another decoder has said last
        raise Unreadable(f"it cannot be decoded: {error.strerror}") from None
    except (ValueError, MemoryError) as error:
        raise Unreadable(f"it cannot be decoded: {type(error).__name__}") from None


def _decoded(decoder: VideoCodecContext, packet: "Packet[Any] | None") -> list[VideoFrame]:
    """The frames that this packet completes; none where it is damaged: those after it may be whole."""
    try:
        return list(decoder.decode(packet))
    except FFmpegError:
        return []


def _packet(picture: Encoded) -> "Packet[Any]":
    packet: Packet[Any] = Packet(picture.data)
    packet.pts, packet.dts = picture.shown, picture.decoded
    return packet
