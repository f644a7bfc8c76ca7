"""What flows from a source to a segment: formats and samples. Pure."""

from dataclasses import dataclass, field
from typing import NamedTuple


class Sample(NamedTuple):
    """One coded picture or piece of sound, as it lies in an MP4 (length-prefixed NAL units, no ADTS)."""

    video: bool
    pts: int
    """Presentation time in units of its track's timescale; any origin, the same for all samples of a source."""
    dts: int | None
    """Decode time, same units; None when the source does not know."""
    duration: int
    """Same units; 0 when the source does not know."""
    key: bool
    data: bytes


@dataclass(frozen=True, kw_only=True)
class Track:
    """One track of an initialisation section."""

    track_id: int
    timescale: int
    """Units per second."""
    codec: str
    """FFmpeg's name: h264, hevc, mjpeg, aac …"""
    rfc6381: str
    """For example ``avc1.640028``."""
    width_px: int = 0
    height_px: int = 0
    extradata: bytes = field(default=b"", repr=False)
    """Body of avcC, hvcC, av1C; the decoder configuration inside esds."""


@dataclass(frozen=True, kw_only=True)
class Format:
    """What all samples of one run share. Another format means another run."""

    init: bytes = field(repr=False)
    """``ftyp`` + ``moov``: written before the fragments of every segment."""
    video: Track
    audio: Track | None = None

    @property
    def codecs(self) -> str:
        """RFC 6381, video first: ``avc1.640028,mp4a.40.2``."""
        return ",".join(track.rfc6381 for track in (self.video, self.audio) if track)
