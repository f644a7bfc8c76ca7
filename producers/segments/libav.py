"""Sources read by libav: files, HTTP, HLS, V4L2, and RTSP where our own reader does not apply."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, TypeAlias

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from infra.journal import redact_url
from producers.segments import codecs, template
from producers.segments.samples import Format, Sample, Track
from producers.segments.source import Item, SourceFailed
from producers.segments.template import Sound
from producers.segments.transcode import PictureEncoder, SoundEncoder

COPIED = frozenset({"h264", "hevc", "mjpeg", "av1", "vp9", "mpeg4", "mpeg2video", "mpeg1video"})
"""Picture codecs stored as they come; all others are encoded as H.264."""
AnyPacket: TypeAlias = "Packet[Any]"
_CAMERA_TICKS = Fraction(1, 90_000)


def connect(address: str, *, audio: bool, timeout_s: float, transport: str = "tcp") -> "LibavSource":
    """A connected source. ``/dev/videoN`` is a V4L2 device. Raises SourceFailed."""
    device = address.startswith("/dev/video")
    options = {"fflags": "+genpts"}
    if address.startswith(("rtsp:", "rtsps:")):
        options = {"rtsp_transport": transport, "fflags": "+nobuffer"}
    try:
        container = av.open(
            address, format="v4l2" if device else None, options=options, timeout=(timeout_s, timeout_s),
            metadata_errors="replace",
        )  # fmt: skip
    except (av.FFmpegError, OSError, ValueError) as error:
        raise SourceFailed(explain(error), "source_unreadable" if _is_content(error) else "source_lost") from None
    try:
        return LibavSource(container, audio=audio, encode=device)
    except SourceFailed:
        container.close()
        raise


def explain(error: Exception) -> str:
    """One line for people about a libav error, without the address that libav puts into it."""
    text = getattr(error, "strerror", None) or str(error)
    return redact_url(f"{text}".strip() or type(error).__name__)


class LibavSource:
    """One opened container. Samples keep libav's own times, rescaled exactly to the tracks of the format."""

    def __init__(self, container: InputContainer, *, audio: bool, encode: bool = False) -> None:
        self.container = container
        covers = av.stream.Disposition.attached_pic
        pictures = [stream for stream in container.streams.video if not stream.disposition & covers]
        if not pictures:
            raise SourceFailed("it holds no pictures", "source_unreadable")
        self._stream: VideoStream = pictures[0]
        codec = self._stream.codec_context
        self._copy = codec.name in COPIED and not encode
        self._codec = codec.name if self._copy else "h264"
        self._prefix = not self._copy or codecs.is_annexb(codec.name, codec.extradata or b"")
        self._sets = codecs.parameter_sets(codec.name, codecs.nal_units(codec.extradata or b"")) if self._prefix else ()
        self._time_base = _usable(self._stream.time_base)
        self._format: Format | None = None
        self._encoder: PictureEncoder | None = None
        sound = container.streams.audio[0] if audio and container.streams.audio else None
        self._sound = _SoundTrack(sound) if sound is not None and sound.rate else None

    def items(self) -> Iterator[Item]:
        """See Source.items."""
        streams = [self._stream, *((self._sound.stream,) if self._sound else ())]
        try:
            if not self._prefix:
                yield self._begin(template.make(self._stream, *self._audio(), self._time_base))
            for packet in self.container.demux(streams):
                yield from self._convert(packet)
        except (av.FFmpegError, OSError) as error:
            if isinstance(error, av.EOFError):
                return
            raise SourceFailed(explain(error)) from None

    def close(self) -> None:
        """See Source.close."""
        self.container.close()

    def _convert(self, packet: AnyPacket) -> Iterator[Item]:
        if packet.dts is None and packet.pts is None and not packet.size:
            return  # the end marker of demux
        if packet.stream_index != self._stream.index:
            if self._sound and self._format and self._format.audio:
                yield from self._sound.samples(packet, self._format.audio)
        elif self._copy:
            yield from self._picture(packet)
        else:
            yield from self._encoded(packet)

    def _encoded(self, packet: AnyPacket) -> Iterator[Item]:
        for frame in self._stream.codec_context.decode(packet):
            if self._encoder is None:
                self._encoder = PictureEncoder(frame, self._time_base)
            for made in self._encoder.feed(frame):
                yield from self._picture(made)

    def _picture(self, packet: AnyPacket) -> Iterator[Item]:
        data = bytes(packet)
        pts = packet.pts if packet.pts is not None else packet.dts
        if not data or pts is None:
            return
        if self._prefix:
            units = codecs.nal_units(data)
            if packet.is_keyframe:
                yield from self._follow(units)
            data = codecs.length_prefixed(units)
        if self._format is not None:
            ticks, base = self._format.video.timescale, self._time_base
            yield Sample(
                True, rescale(pts, base, ticks), None if packet.dts is None else rescale(packet.dts, base, ticks),
                rescale(packet.duration or 0, base, ticks), packet.is_keyframe, data,
            )  # fmt: skip

    def _follow(self, units: list[bytes]) -> Iterator[Format]:
        """The format, when a key frame brings other parameter sets than those known."""
        sets = codecs.parameter_sets(self._codec, units)
        if self._format is None or (sets and sets != self._sets):
            self._sets = sets or self._sets
            head = codecs.annexb([*(() if sets else self._sets), *units])
            yield self._begin(template.of_key_frame(self._codec, head, self._time_base, *self._audio()))

    def _audio(self) -> tuple[AudioStream | None, Sound | None]:
        return (self._sound.copied, self._sound.sound) if self._sound else (None, None)

    def _begin(self, new: Format) -> Format:
        self._format = new
        return new


class _SoundTrack:
    """The sound beside the pictures: AAC as it comes, everything else through an encoder."""

    def __init__(self, stream: AudioStream) -> None:
        self.stream = stream
        is_aac = stream.codec_context.name == "aac"
        wrapped = is_aac and not stream.codec_context.extradata
        self.copied = stream if is_aac and not wrapped else None
        self._encoder = None if is_aac else SoundEncoder(stream.codec_context)
        own = Sound(stream.rate, stream.layout.name) if wrapped else None
        self.sound = self._encoder.sound if self._encoder else own

    def samples(self, packet: AnyPacket, track: Track) -> Iterator[Sample]:
        """The samples in, or completed by, one packet."""
        if self._encoder:
            yield from self._encoder.feed(packet)
        elif packet.pts is not None and packet.time_base is not None and packet.size:
            at = rescale(packet.pts, packet.time_base, track.timescale)
            length = rescale(packet.duration or 0, packet.time_base, track.timescale)
            yield Sample(False, at, at, length, True, codecs.without_adts(bytes(packet)))


def rescale(value: int, time_base: Fraction, timescale: int) -> int:
    """``value`` in units of ``time_base`` as units of 1/``timescale`` s, halves rounded up; exact where it divides."""
    scaled, per = value * time_base.numerator * timescale, time_base.denominator
    return (2 * scaled + per) // (2 * per)


def _usable(time_base: Fraction | None) -> Fraction:
    return time_base if time_base and time_base.denominator >= 1 else _CAMERA_TICKS


def _is_content(error: Exception) -> bool:
    return isinstance(error, (av.InvalidDataError, av.DecoderNotFoundError, av.DemuxerNotFoundError))
