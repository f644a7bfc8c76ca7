"""A picture that can be shown: its markers are sound, a decoder has opened it, and its content is its name."""

import re
from hashlib import sha256

import av
from av.codec.context import CodecContext
from av.error import FFmpegError
from av.video.codeccontext import VideoCodecContext

from processors.pictures import jpeg
from processors.pictures.jpeg import BadPicture

TYPE = "image/jpeg"
_KEY = re.compile(r"previews/[0-9a-f]{64}\.jpg")


def shown(data: bytes, most_pixels: int) -> bytes:
    """The JPEG in ``data``, once it is known to be one that can be decoded within the limit. Raises BadPicture."""
    found = jpeg.checked(data, most_pixels)
    try:
        decoder = CodecContext.create("mjpeg", "r")
        assert isinstance(decoder, VideoCodecContext)
        decoder.thread_count = 1
        decoder.options = {"max_pixels": str(2 * most_pixels)}  # it counts whole blocks; the size is checked already
        frames = [*decoder.decode(av.Packet(found)), *decoder.decode(None)]
    except (FFmpegError, ValueError, MemoryError) as error:
        raise BadPicture(f"it cannot be decoded ({type(error).__name__})") from None
    if not frames or not frames[0].width:
        raise BadPicture("it cannot be decoded")
    return found


def key_of(data: bytes) -> str:
    """The object key of a picture with this content."""
    return f"previews/{sha256(data).hexdigest()}.jpg"


def is_key(text: str) -> bool:
    """True for the key of a picture: its content is in the object store already."""
    return _KEY.fullmatch(text) is not None
