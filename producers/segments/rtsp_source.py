"""An RTSP session as a source: its units become samples on one clock, its parameter sets formats."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
from av.audio.codeccontext import AudioCodecContext
from av.packet import Packet

from producers.segments import codecs, sdp, template
from producers.segments.rtp import Unit
from producers.segments.rtsp import Channel, RtspClient
from producers.segments.samples import Format, Sample
from producers.segments.sdp import Described
from producers.segments.source import Item, SourceFailed
from producers.segments.template import Sound
from producers.segments.transcode import SoundEncoder

_TICKS = 90_000
_NEAR_S = 10
_LAYOUTS = {1: "mono", 2: "stereo"}
_G711 = {"PCMU": "pcm_mulaw", "PCMA": "pcm_alaw"}


class RtspSource:
    """A playing camera. Raises SourceFailed or NotOurs when it cannot begin."""

    def __init__(self, address: str, *, audio: bool, timeout_s: float) -> None:
        self._client = RtspClient(address, audio=audio, timeout_s=timeout_s)
        tracks = [channel.described for channel in self._client.channels.values()]
        self._codec = {"H264": "h264", "H265": "hevc"}[tracks[0].encoding]
        self._sets = sdp.parameter_sets(tracks[0])
        self._format: Format | None = None
        self._origin: int | None = None
        try:
            self._sound = _Sound(tracks[1]) if len(tracks) > 1 else None
        except av.FFmpegError as error:
            self._client.close()
            raise SourceFailed(f"its sound cannot be read: {error.strerror}", "source_unreadable") from None

    def items(self) -> Iterator[Item]:
        """See Source.items."""
        for channel, unit in self._client.units():
            if channel.described.kind == "video":
                yield from self._picture(channel, unit)
            elif self._sound and self._origin is not None:
                yield from self._sound.samples(channel, unit)

    def close(self) -> None:
        """See Source.close."""
        self._client.close()

    def _picture(self, channel: Channel, unit: Unit) -> Iterator[Item]:
        if unit.key:
            yield from self._follow(unit.data)
        if self._format is None:
            return
        if self._origin is None:
            self._origin = unit.timestamp if channel.first_rtp is None else _near(unit.timestamp, channel.first_rtp)
        yield Sample(True, unit.timestamp - self._origin, None, 0, unit.key, unit.data)

    def _follow(self, data: bytes) -> Iterator[Format]:
        """The format, when a key frame brings other parameter sets than those known."""
        units = codecs.split_length_prefixed(data)
        sets = codecs.parameter_sets(self._codec, units)
        if self._format is not None and (not sets or sets == self._sets):
            return
        self._sets = sets or self._sets
        head = codecs.annexb([*(() if sets else self._sets), *units])
        try:
            sound = self._sound.sound if self._sound else None
            self._format = template.of_key_frame(self._codec, head, Fraction(1, _TICKS), sound=sound)
        except (av.FFmpegError, IndexError):
            raise SourceFailed("the camera sends no usable parameter sets", "source_unreadable") from None
        yield self._format


class _Sound:
    """The sound of a session on the pictures' clock, in units of the sound's own rate."""

    def __init__(self, track: Described) -> None:
        self._rate_hz = track.clock_hz
        self._origin: int | None = None
        self._encoder: SoundEncoder | None = None
        self.sound = Sound(track.clock_hz, _LAYOUTS.get(track.channels, "stereo"))
        if track.encoding in _G711:
            self._encoder = SoundEncoder(_decoder(_G711[track.encoding], self.sound))
            self.sound = self._encoder.sound

    def samples(self, channel: Channel, unit: Unit) -> Iterator[Sample]:
        """The AAC samples in, or completed by, one unit."""
        if self._origin is None:
            told = channel.first_rtp
            self._origin = unit.timestamp if told is None else _near(unit.timestamp, told, self._rate_hz)
        at = unit.timestamp - self._origin
        if self._encoder is None:
            yield Sample(False, at, at, 1024, True, unit.data)
            return
        packet: Packet[Any] = Packet(unit.data)
        packet.pts, packet.time_base = at, Fraction(1, self._rate_hz)
        yield from self._encoder.feed(packet)


def _decoder(codec: str, sound: Sound) -> AudioCodecContext:
    decoder = AudioCodecContext.create(codec, "r")
    if not isinstance(decoder, AudioCodecContext):
        raise TypeError(f"{codec} is no sound")
    decoder.sample_rate, decoder.layout = sound.rate_hz, sound.layout
    return decoder


def _near(timestamp: int, told: int, rate_hz: int = _TICKS) -> int:
    """The RTP time that the server says it began at, unless it cannot be true of the unit at hand."""
    behind = (timestamp - told + 0x8000_0000 & 0xFFFF_FFFF) - 0x8000_0000
    return timestamp - behind if 0 <= behind <= _NEAR_S * rate_hz else timestamp
