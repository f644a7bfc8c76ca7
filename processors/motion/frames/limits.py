"""What is refused before it costs. Pure."""

from typing import NamedTuple

from schemas.facts import SegmentRecorded


class Unreadable(Exception):
    """The footage cannot be looked at; the message is one sentence for a verdict's reason."""


class Limits(NamedTuple):
    """The most that one segment may ask for."""

    pixels: int = 36_000_000
    """Of one picture."""
    run_pixels: int = 13 << 20
    """Of one picture where whole groups are decoded: a decoder holds up to 16 of them, and such cameras have 12
    megapixels. Of larger ones only key frames are looked at."""
    packet_bytes: int = 24 << 20
    """Of one encoded picture: a JPEG of the largest size has about two thirds of a byte a pixel."""
    group_bytes: int = 96 << 20
    """Of one group of pictures, held in memory while it is decoded."""
    pictures: int = 20_000
    """Of one segment: an hour at 5 a second, or 10 minutes at 30."""
    init_bytes: int = 1 << 20
    """Of the section that describes the format: ours have about a thousand."""


def check(segment: SegmentRecorded, most: Limits) -> None:
    """Nothing, for a segment that says of itself that it stays within limits. Raises Unreadable."""
    keys = segment.keyframes
    if not keys:
        raise Unreadable("it holds no key frame")
    if segment.width_px * segment.height_px > most.pixels:
        raise Unreadable(f"its pictures of {segment.width_px} x {segment.height_px} are larger than allowed")
    if max(segment.frames, len(keys)) > most.pictures:
        raise Unreadable(f"it holds more than {most.pictures} pictures")
    if segment.init_len > min(most.init_bytes, segment.size_bytes):
        raise Unreadable("the description of its format is longer than allowed")
    if (largest := max(key.size_bytes for key in keys)) > most.packet_bytes:
        raise Unreadable(f"a key frame of {largest} bytes is larger than allowed")
    for key, rest, after in zip(keys, segment.gop_bytes, [*keys[1:], None], strict=True):
        if key.byte_offset + key.size_bytes + rest > (after.byte_offset if after else segment.size_bytes):
            raise Unreadable("its groups of pictures overlap")
