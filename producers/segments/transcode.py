"""Codecs MP4 or a browser cannot use, turned into ones they can: sound into AAC, raw pictures into H.264."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
from av.audio.codeccontext import AudioCodecContext
from av.audio.resampler import AudioResampler
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from producers.segments.samples import Sample
from producers.segments.template import Sound

_AAC_RATES_HZ = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
_AAC_FRAME = 1024
_RESYNC_S = 0.2
_GOP_S = 2


class SoundEncoder:
    """Any sound libav decodes → AAC samples in units of the sound's rate."""

    def __init__(self, decoder: AudioCodecContext) -> None:
        self._decoder = decoder
        rate = next((rate for rate in _AAC_RATES_HZ if rate >= decoder.sample_rate), _AAC_RATES_HZ[-1])
        self.sound = Sound(rate, "mono" if decoder.channels == 1 else "stereo")
        self._start: int | None = None
        self._at = self._fed = 0
        self._begin()

    def feed(self, packet: "Packet[Any]") -> Iterator[Sample]:
        """The AAC samples that this packet completes. A packet that cannot be decoded is silence."""
        if packet.pts is None or packet.time_base is None:
            return
        try:
            frames = self._decoder.decode(packet)
        except av.InvalidDataError:
            return
        if frames:
            self._follow(round(packet.pts * packet.time_base * self.sound.rate_hz))
        for frame in frames:
            frame.pts = None
            for part in self._resampler.resample(frame):
                yield from self._encode(part)

    def _encode(self, part: av.AudioFrame) -> Iterator[Sample]:
        part.pts = None
        for packet in self._encoder.encode(part):
            yield Sample(False, self._at, self._at, _AAC_FRAME, True, bytes(packet))
            self._at += _AAC_FRAME
        self._fed += part.samples

    def _follow(self, at: int) -> None:
        """Keep to the source's clock: begin anew where it left ours."""
        if self._start is not None and abs(at - self._start - self._fed) > _RESYNC_S * self.sound.rate_hz + _AAC_FRAME:
            self._begin()
        if self._start is None:
            self._start = self._at = at

    def _begin(self) -> None:
        self._encoder = AudioCodecContext.create("aac", "w")
        self._encoder.sample_rate = self.sound.rate_hz
        self._encoder.layout = self.sound.layout
        self._encoder.format = "fltp"
        self._encoder.time_base = Fraction(1, self.sound.rate_hz)
        self._resampler = AudioResampler("fltp", self.sound.layout, self.sound.rate_hz, frame_size=_AAC_FRAME)
        self._start, self._at, self._fed = None, 0, 0


class PictureEncoder:
    """Decoded pictures → H.264, a key frame every two seconds, no reordering."""

    def __init__(self, first: VideoFrame, time_base: Fraction) -> None:
        self._encoder = VideoCodecContext.create("libx264", "w")
        self._encoder.width = first.width - first.width % 2
        self._encoder.height = first.height - first.height % 2
        self._encoder.pix_fmt = "yuv420p"
        self._encoder.time_base = time_base
        self._encoder.thread_count = 1
        self._encoder.options = {"preset": "ultrafast", "tune": "zerolatency", "crf": "24"}
        self._time_base = time_base
        self._key_due: int | None = None

    def feed(self, frame: VideoFrame) -> "list[Packet[Any]]":
        """The packets that this picture completes, with start codes and parameter sets before every key frame."""
        picture = frame.reformat(width=self._encoder.width, height=self._encoder.height, format="yuv420p")
        picture.pts, picture.time_base = frame.pts, self._time_base
        if picture.pts is not None and (self._key_due is None or picture.pts >= self._key_due):
            picture.pict_type = av.video.frame.PictureType.I
            self._key_due = picture.pts + int(_GOP_S / self._time_base)
        else:
            picture.pict_type = av.video.frame.PictureType.NONE
        return self._encoder.encode(picture)
