"""One encoded key frame → a picture, in bounded memory. Knows containers and codecs, no cameras."""

from io import BytesIO
from typing import Any

import av
import cv2
import numpy as np
from av.codec.context import CodecContext
from av.error import FFmpegError
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

MAX_PIXELS = 50_000_000
"""No camera has more; a forged size is refused before memory is taken for it."""
MAX_HEIGHT_PX = 8192
"""Of a picture made smaller; a forged shape would make a strip of any height."""
_QUALITY = 82


class Unreadable(Exception):
    """The bytes do not make a picture; the message says why."""


def jpeg(init: bytes, key_frame: bytes, width_px: int) -> bytes:
    """The key frame as JPEG, at most ``width_px`` wide. ``init``: ftyp+moov. Raises Unreadable."""
    return as_jpeg(decode(init, key_frame), width_px)


def as_jpeg(frame: VideoFrame, width_px: int) -> bytes:
    """The picture as JPEG, at most ``width_px`` wide. Raises Unreadable."""
    height_px = min(MAX_HEIGHT_PX, max(2, round(frame.height * width_px / frame.width)))
    try:
        if width_px < frame.width:
            frame = frame.reformat(width=width_px, height=height_px, format="bgr24", interpolation="AREA")
        pixels = frame.to_ndarray(format="bgr24")
    except (FFmpegError, ValueError, MemoryError) as error:
        raise Unreadable(f"{type(error).__name__}: {error}") from None
    done, encoded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    if not done:
        raise Unreadable("it could not be written as JPEG")
    return bytes(np.asarray(encoded).tobytes())


def plain(width_px: int, height_px: int) -> bytes:
    """A picture of one grey, as JPEG."""
    done, encoded = cv2.imencode(".jpg", np.full((height_px, width_px, 3), 128, np.uint8))
    assert done
    return bytes(np.asarray(encoded).tobytes())


def decode(init: bytes, key_frame: bytes) -> VideoFrame:
    """The picture of one key frame alone, full size. Raises Unreadable."""
    try:
        decoder = _decoder(init)
        found: list[Any] = [*decoder.decode(av.Packet(key_frame)), *decoder.decode(None)]
    except (FFmpegError, ValueError, MemoryError) as error:
        raise Unreadable(f"{type(error).__name__}: {error}") from None
    if not found or not found[0].width:
        raise Unreadable("the decoder found no picture in it")
    picture: VideoFrame = found[0]
    return picture


def _decoder(init: bytes) -> VideoCodecContext:
    """A single-threaded decoder set up from the initialisation section alone."""
    with av.open(BytesIO(init), format="mp4") as container:
        told = container.streams.video[0].codec_context if container.streams.video else None
        if told is None:
            raise Unreadable("the object holds no video that can be decoded")
        decoder = CodecContext.create(told.codec.name, "r")
        decoder.extradata = told.extradata
    decoder.thread_count = 1
    decoder.options = {"max_pixels": str(MAX_PIXELS)}
    assert isinstance(decoder, VideoCodecContext)
    return decoder
