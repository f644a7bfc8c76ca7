"""Synthetic footage for tests, made once per session with libav."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np


def make(
    path: Path,
    *,
    seconds: float = 8,
    fps: int = 25,
    codec: str = "libx264",
    gop: int = 25,
    bframes: int = 0,
    size: tuple[int, int] = (320, 180),
    times_ms: list[int] | None = None,
    sound: str | None = None,
) -> Path:
    """A moving picture in ``path``. ``times_ms``: presentation time of every frame, for variable rates."""
    times = times_ms or [round(1000 * n / fps) for n in range(round(seconds * fps))]
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=fps)
        stream.width, stream.height = size
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        stream.codec_context.gop_size = gop
        if codec == "libx264":
            stream.codec_context.max_b_frames = bframes
            stream.options = {"preset": "veryfast", "x264-params": "scenecut=0"}
        elif codec == "libx265":
            parameters = f"log-level=none:keyint={gop}:open-gop=0:bframes={bframes}"
            stream.options = {"preset": "ultrafast", "x265-params": parameters}
        tone = container.add_stream(sound, rate=8000, layout="mono") if sound else None
        for number, at_ms in enumerate(times):
            frame = av.VideoFrame.from_ndarray(_picture(number, size), format="rgb24")
            frame.pts, frame.time_base = at_ms, Fraction(1, 1000)
            container.mux(stream.encode(frame))
        if tone:
            _add_tone(container, tone, times[-1] / 1000)
        container.mux(stream.encode(None))
    return path


def _add_tone(container: av.container.OutputContainer, tone: av.AudioStream, seconds: float) -> None:
    resampler = av.AudioResampler(tone.codec_context.format, "mono", 8000, tone.codec_context.frame_size or 1024)
    wave = (np.sin(np.arange(round(seconds * 8000)) / 8) * 9000).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(wave[None, :], format="s16", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = 8000, 0, Fraction(1, 8000)
    for part in resampler.resample(frame):
        container.mux(tone.encode(part))
    container.mux(tone.encode(None))


def _picture(number: int, size: tuple[int, int]) -> np.ndarray:
    width, height = size
    picture = np.full((height, width, 3), 40, np.uint8)
    picture[:, :, 1] = np.linspace(0, 120, width, dtype=np.uint8)
    left = number * 5 % (width - 40)
    picture[60:110, left : left + 40] = (220, number * 7 % 255, 80)
    return picture
