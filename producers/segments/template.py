"""Initialisation sections (``ftyp`` + ``moov``), written by libav: it knows every codec's configuration box."""

from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from typing import NamedTuple

import av
from av.audio.stream import AudioStream
from av.video.stream import VideoStream

from producers.segments import fmp4
from producers.segments.samples import Format

_OPTIONS = {"movflags": "empty_moov+default_base_moof", "use_editlist": "0", "fflags": "bitexact"}


class Sound(NamedTuple):
    """AAC-LC as we encode it."""

    rate_hz: int
    layout: str
    """FFmpeg's name: mono, stereo …"""


def make(
    video: VideoStream,
    audio: AudioStream | None = None,
    sound: Sound | None = None,
    time_base: Fraction | None = None,
) -> Format:
    """The format of these streams, copied. ``sound``: the AAC that we make or unwrap ourselves, instead of ``audio``.

    H.265 is tagged ``hvc1``: Apple's players refuse ``hev1``. Raises av.FFmpegError for a codec MP4 cannot hold.
    """
    written = BytesIO()
    container = av.open(written, "w", format="mp4", options=_OPTIONS)
    try:
        picture = container.add_stream_from_template(video)
        picture.time_base = time_base or video.time_base
        if video.codec_context.name == "hevc":
            picture.codec_context.codec_tag = "hvc1"
        if audio is not None:
            container.add_stream_from_template(audio)
        elif sound is not None:
            container.add_stream("aac", rate=sound.rate_hz, layout=sound.layout)
        container.start_encoding()
        return _with_size(fmp4.read_format(written.getvalue()), video)
    finally:
        container.close()


def of_key_frame(
    codec: str, annexb: bytes, time_base: Fraction, audio: AudioStream | None = None, sound: Sound | None = None
) -> Format:
    """The format of a raw H.264 or H.265 stream that begins with this key frame and its parameter sets.

    Raises av.FFmpegError when the parameter sets are missing or broken.
    """
    with av.open(BytesIO(annexb), format=codec) as container:
        return make(container.streams.video[0], audio, sound, time_base)


def _with_size(made: Format, video: VideoStream) -> Format:
    """``made`` with the picture's size where the muxer wrote none."""
    if made.video.width_px:
        return made
    codec = video.codec_context
    return replace(made, video=replace(made.video, width_px=codec.width, height_px=codec.height))
