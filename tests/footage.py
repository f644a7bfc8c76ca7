"""Footage for tests: every frame different, cut into segments as the recorder does it."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from typing import Any, NamedTuple

import av
import numpy as np

from api.mp4.fragments import fragment, samples
from api.mp4.init import tracks
from schemas import media as media_names
from schemas.facts import Keyframe, SegmentRecorded

OPTIONS = {
    "movflags": "frag_custom+empty_moov+default_base_moof+frag_discont",
    "use_editlist": "0",
    "avoid_negative_ts": "disabled",
}
SOUND_HZ = 48_000


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What a run of footage looks like."""

    media: str = "cam"
    start_ms: int = 1_790_000_000_000
    seconds: float = 6
    segment_ms: int = 2000
    width: int = 320
    height: int = 180
    fps: int = 25
    gop: int = 25
    b_frames: int = 0
    codec: str = "libx264"
    sound: bool = False
    run: str = "run1"
    colour: int = 0


class Footage(NamedTuple):
    """One segment: the fact and its object."""

    fact: SegmentRecorded
    data: bytes


def record(shape: Shape) -> list[Footage]:
    """The segments of one unbroken run."""
    video, packets = _encoded(shape)
    return [_segment(shape, video, group) for group in _cut(shape, packets)]


def _encoded(shape: Shape) -> tuple[Any, list[Any]]:
    """(a container whose streams are templates, its packets in order of decoding)."""
    whole = io.BytesIO()
    with av.open(whole, "w", format="mp4") as out:
        stream = out.add_stream(shape.codec, rate=shape.fps, options=_encoder_options(shape))
        stream.width, stream.height, stream.pix_fmt = shape.width, shape.height, "yuv420p"
        stream.codec_context.gop_size = shape.gop
        stream.codec_context.max_b_frames = shape.b_frames
        stream.codec_context.thread_count = 1
        if shape.codec == "libx265":
            stream.codec_tag = "hvc1"
        sound = out.add_stream("aac", rate=SOUND_HZ, layout="mono") if shape.sound else None
        for number in range(round(shape.seconds * shape.fps)):
            out.mux(stream.encode(_picture(shape, number)))
        out.mux(stream.encode(None))
        if sound:
            _add_sound(out, sound, shape.seconds)
    source = av.open(io.BytesIO(whole.getvalue()))
    packets = [packet for packet in source.demux() if packet.dts is not None]
    return source, sorted(packets, key=lambda one: float(one.dts * one.time_base))


def _encoder_options(shape: Shape) -> dict[str, str]:
    if shape.codec == "libx264":
        return {"preset": "ultrafast", "profile": "main" if shape.b_frames else "baseline", "sc_threshold": "0",
                "bf": str(shape.b_frames), "crf": "28"}  # fmt: skip
    if shape.codec == "libx265":
        return {"preset": "ultrafast", "x265-params": f"log-level=none:keyint={shape.gop}:bframes={shape.b_frames}"}
    return {}


def _picture(shape: Shape, number: int) -> av.VideoFrame:
    """A picture that tells its number: 16 bits as blocks, on a colour that tells the run."""
    picture = np.full((shape.height, shape.width, 3), (40 + shape.colour * 37 % 160, 90, 120), np.uint8)
    block = shape.width // 16
    for bit in range(16):
        picture[: shape.height // 2, bit * block : (bit + 1) * block] = 235 if number >> bit & 1 else 20
    picture[shape.height // 2 :, : 1 + number * 7 % shape.width] = 200
    frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
    frame.pts, frame.time_base = number, Fraction(1, shape.fps)
    return frame


def _add_sound(out: Any, stream: Any, seconds: float) -> None:
    for number in range(int(seconds * SOUND_HZ / 1024)):
        at = np.arange(number * 1024, (number + 1) * 1024)
        wave = (np.sin(at * 2 * np.pi * 440 / SOUND_HZ) * 8000).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(wave.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = SOUND_HZ, number * 1024, Fraction(1, SOUND_HZ)
        out.mux(stream.encode(frame))
    out.mux(stream.encode(None))


def _cut(shape: Shape, packets: list[Any]) -> Iterator[list[Any]]:
    group: list[Any] = []
    first: float | None = None
    for packet in packets:
        at = float(packet.pts * packet.time_base)
        if packet.stream.type == "video" and packet.is_keyframe:
            if first is None:
                first = at
            elif (at - first) * 1000 >= shape.segment_ms - 1:
                yield group
                group, first = [], at
        group.append(packet)
    yield group


def _segment(shape: Shape, source: Any, packets: list[Any]) -> Footage:
    video = [packet for packet in packets if packet.stream.type == "video"]
    encoded = [bytes(packet) for packet in video]
    times = [round(float(packet.pts * packet.time_base) * 1000) for packet in video]
    keys = [index for index, packet in enumerate(video) if packet.is_keyframe]
    data = _without_delay(_muxed(source, packets))
    init_len = data.index(b"moof") - 4
    offsets, reached = [], init_len
    for piece in encoded:
        reached = data.index(piece, reached)
        offsets.append(reached)
    sizes = [len(piece) for piece in encoded]
    start_ms = shape.start_ms + min(times)
    fact = SegmentRecorded(
        media=shape.media, start_ms=start_ms, end_ms=shape.start_ms + max(times) + round(1000 / shape.fps),
        observed_ms=start_ms + shape.segment_ms, object_key=media_names.segment_key(shape.media, start_ms),
        size_bytes=len(data), sha256=sha256(data).hexdigest(), video_codec=source.streams.video[0].codec.canonical_name,
        audio_codec="aac" if shape.sound else None, width_px=shape.width, height_px=shape.height, frames=len(video),
        run_id=shape.run, init_len=init_len, codecs=codecs(source),
        keyframes=tuple(
            Keyframe(at_ms=shape.start_ms + times[one], byte_offset=offsets[one], size_bytes=sizes[one]) for one in keys
        ),
        gop_bytes=tuple(
            sum(sizes[one + 1 : after]) for one, after in zip(keys, [*keys[1:], len(sizes)], strict=True)
        ),
    )  # fmt: skip
    return Footage(fact, data)


def _muxed(source: Any, packets: list[Any]) -> bytes:
    data = io.BytesIO()
    with av.open(data, "w", format="mp4", options=OPTIONS) as out:
        streams = {stream.index: out.add_stream_from_template(stream) for stream in source.streams}
        for stream in streams.values():
            if stream.type == "video" and stream.codec_context.name in ("hevc", "libx265"):
                stream.codec_tag = "hvc1"
        for packet in packets:
            copy = av.Packet(bytes(packet))
            ahead = round(1 / packet.time_base)  # a run starts late enough that no decoding time is below zero
            copy.pts, copy.dts, copy.time_base = packet.pts + ahead, packet.dts + ahead, packet.time_base
            copy.duration, copy.is_keyframe = packet.duration, packet.is_keyframe
            copy.stream = streams[packet.stream.index]
            out.mux(copy)
    return data.getvalue()


def _without_delay(data: bytes) -> bytes:
    """The same with decoding times such that the first picture is shown when it is decoded, as the recorder writes."""
    init_len = data.index(b"moof") - 4
    known = tracks(data)
    parts = []
    for number, part in samples(data, known).items():
        delay = part[0].shift
        parts.append((number, [one._replace(dts=one.dts + delay, shift=one.shift - delay) for one in part]))
    return data[:init_len] + fragment(1, parts)


def codecs(source: Any) -> str:
    """RFC 6381 names of what the container holds."""
    context = source.streams.video[0].codec_context
    named = f"avc1.{context.extradata[1:4].hex()}" if context.name == "h264" else "hvc1.1.6.L60.90"
    return f"{named},mp4a.40.2" if source.streams.audio else named


def frames(data: bytes) -> list[tuple[float, str]]:
    """(time in s, digest of the picture) of every video frame in a file, in order of time."""
    with av.open(io.BytesIO(data)) as source:
        source.streams.video[0].thread_type = "NONE"
        return [
            (float(frame.pts * frame.time_base), sha256(frame.to_ndarray().tobytes()).hexdigest())
            for frame in source.decode(video=0)
        ]
