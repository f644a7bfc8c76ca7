"""What is refused before it costs. Pure."""

from typing import NamedTuple


class Unreadable(Exception):
    """The footage cannot be looked at; the message is one sentence for a verdict's reason."""


class Limits(NamedTuple):
    """The most that one segment may ask for."""

    pixels: int = 36_000_000
    """Of one picture."""
    packet_bytes: int = 24 << 20
    """Of one encoded picture: a JPEG of the largest size has about two thirds of a byte a pixel."""
    group_bytes: int = 96 << 20
    """Of one group of pictures, held in memory while it is decoded."""
    pictures: int = 20_000
    """Of one segment: an hour at 5 a second, or 10 minutes at 30."""
    init_bytes: int = 1 << 20
    """Of the section that describes the format: ours have about a thousand."""
