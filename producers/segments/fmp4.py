"""Our own fragmented MP4 read back: formats from init sections, samples from fragments. Pure.

Reads what ``mux`` and libav's ``moov`` write, nothing wider. Everything a fact says about a segment comes from here,
so a fact describes the bytes that exist, not those that were meant.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from struct import error as struct_error
from struct import iter_unpack, unpack_from
from typing import NamedTuple

from producers.segments import codecs
from producers.segments.boxes import BadMovie, Box, children, descend, walk
from producers.segments.samples import Format, Track

TRUN_FLAGS = 0xF01
"""Data offset; then duration, size, flags and composition offset per sample."""
NOT_SYNC = 0x0101_0000
SYNC = 0x0200_0000
NTP_1970_S = 2_208_988_800
_NTP_ERA_S = 1 << 32
_LEAST_BOX = 8
_VISUAL_FIELDS, _SOUND_FIELDS = 78, 28
_OBJECT_TYPES = {0x20: "mpeg4", 0x40: "aac", 0x6C: "mjpeg", 0x6B: "mp3", 0x69: "mp3", 0x6A: "mpeg1video"}
_OBJECT_TYPES |= dict.fromkeys(range(0x60, 0x66), "mpeg2video") | dict.fromkeys(range(0x66, 0x69), "aac")


class StoredSample(NamedTuple):
    """Where one sample lies in the object, and when."""

    offset: int
    size: int
    pts: int
    dts: int
    duration: int
    key: bool


@dataclass(frozen=True)
class Fragment:
    """One ``moof`` + ``mdat`` and the ``prft`` before them."""

    start: int
    end: int
    wall_ms: int | None
    """UTC ms of the first video sample, from ``prft``."""
    samples: dict[int, list[StoredSample]] = field(repr=False)
    """Track id → samples in decode order."""


@dataclass(frozen=True)
class Movie:
    """A whole object: its format and its complete fragments."""

    format: Format
    fragments: tuple[Fragment, ...]

    def video(self) -> Iterator[StoredSample]:
        """Every video sample, in decode order."""
        for fragment in self.fragments:
            yield from fragment.samples.get(self.format.video.track_id, ())


def read(data: bytes) -> Movie:
    """The movie in ``data``. Raises BadMovie unless it is whole."""
    return Movie(read_format(data), tuple(fragments(data)))


def whole_part(data: bytes) -> int:
    """Bytes up to the end of the last complete fragment: what a crash has left usable. 0 without one."""
    usable = 0
    try:
        for found in walk(data):
            if found.kind == b"mdat":
                usable = found.end
    except BadMovie:  # the torn end is what we look for
        return usable
    return usable


def read_format(data: bytes) -> Format:
    """The format in an init section (more bytes may follow). Raises BadMovie without a video track."""
    moov = next((found for found in walk(data, 0, _init_len(data)) if found.kind == b"moov"), None)
    if moov is None:
        raise BadMovie("no moov box")
    with _fields():
        tracks = [_track(data, trak) for trak in walk(data, moov.body, moov.end) if trak.kind == b"trak"]
    video = next((track for handler, track in tracks if handler == b"vide"), None)
    if video is None:
        raise BadMovie("no video track")
    audio = next((track for handler, track in tracks if handler == b"soun"), None)
    return Format(init=data[: moov.end], video=video, audio=audio)


def _init_len(data: bytes) -> int:
    """Bytes of ftyp + moov, without walking what follows (it may be torn)."""
    end = 0
    while data[end + 4 : end + 8] in (b"ftyp", b"moov"):
        end += max(_LEAST_BOX, int.from_bytes(data[end : end + 4], "big"))
    return min(end, len(data))


@contextmanager
def _fields() -> Iterator[None]:
    """A field that is not there is a BadMovie, as a box is that is not there."""
    try:
        yield
    except (struct_error, IndexError, KeyError) as error:
        raise BadMovie(f"a box lacks a field: {error}") from None


def _track(data: bytes, trak: Box) -> tuple[bytes, Track]:
    """(handler, track) of one trak box."""
    tkhd, mdia = descend(data, trak, b"tkhd"), descend(data, trak, b"mdia")
    mdhd, hdlr = descend(data, mdia, b"mdhd"), descend(data, mdia, b"hdlr")
    entry = next(walk(data, *_after(descend(data, mdia, b"minf", b"stbl", b"stsd"), 8)), None)
    if entry is None:
        raise BadMovie("stsd is empty")
    handler = data[hdlr.body + 8 : hdlr.body + 12]
    long_times = data[tkhd.body] == 1, data[mdhd.body] == 1
    width, height = unpack_from(">HH", data, entry.body + 24) if handler == b"vide" else (0, 0)
    codec, name, extradata = _codec(data, entry, handler)
    return handler, Track(
        track_id=unpack_from(">I", data, tkhd.body + (20 if long_times[0] else 12))[0],
        timescale=unpack_from(">I", data, mdhd.body + (20 if long_times[1] else 12))[0],
        codec=codec, rfc6381=name, width_px=width, height_px=height, extradata=extradata,
    )  # fmt: skip


def _after(parent: Box, skip: int) -> tuple[int, int]:
    return parent.body + skip, parent.end


def _codec(data: bytes, entry: Box, handler: bytes) -> tuple[str, str, bytes]:
    """(FFmpeg's name, RFC 6381 name, extradata) of a sample entry."""
    inner = children(data, entry, _VISUAL_FIELDS if handler == b"vide" else _SOUND_FIELDS)
    fourcc = entry.kind.decode("latin-1")

    def body(kind: bytes) -> bytes:
        if kind not in inner:
            raise BadMovie(f"sample entry {fourcc} holds no {kind!r}")
        return data[inner[kind].body : inner[kind].end]

    if fourcc in ("avc1", "avc3"):
        return "h264", codecs.avc_name(fourcc, body(b"avcC")), body(b"avcC")
    if fourcc in ("hvc1", "hev1"):
        return "hevc", codecs.hevc_name(fourcc, body(b"hvcC")), body(b"hvcC")
    if fourcc == "av01":
        return "av1", codecs.av1_name(body(b"av1C")), body(b"av1C")
    if fourcc == "vp09":
        return "vp9", codecs.vp9_name(body(b"vpcC")), b""
    if fourcc in ("mp4a", "mp4v"):
        return _elementary(fourcc, body(b"esds"))
    return fourcc.strip().lower(), fourcc.strip(), b""


def _elementary(fourcc: str, esds: bytes) -> tuple[str, str, bytes]:
    """The same for a codec described by an elementary stream descriptor (ISO 14496-1, 7.2.6)."""
    descriptors = dict(_descriptors(esds, 4))
    decoder = descriptors.get(4, b"\0")
    config = descriptors.get(5, b"")
    kind = decoder[0]
    name = f"{fourcc}.{kind:02X}"
    if kind == 0x40 and config:
        name += f".{_audio_object_type(config)}"
    return _OBJECT_TYPES.get(kind, name), name, config


def _descriptors(data: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """(tag, body) of the descriptors we need; those that hold others are entered."""
    headers = {3: 3, 4: 13}
    while at < len(data) - 1:
        tag, size, at = data[at], 0, at + 1
        more = True
        while more and at < len(data):
            more, size, at = data[at] > 127, size << 7 | data[at] & 127, at + 1
        yield tag, data[at : at + size]
        at += headers.get(tag, size)


def _audio_object_type(config: bytes) -> int:
    """``audioObjectType`` of an AudioSpecificConfig (ISO 14496-3, 1.6.2.1)."""
    kind = config[0] >> 3
    return 32 + ((config[0] & 7) << 3 | config[1] >> 5) if kind == 31 and len(config) > 1 else kind


def fragments(data: bytes) -> Iterator[Fragment]:
    """The fragments in ``data``, in order; other boxes between them are passed over. Raises BadMovie."""
    begin, wall_ms, moof = 0, None, None
    for found in walk(data):
        if found.kind == b"prft":
            with _fields():
                begin, wall_ms = found.start, _prft_ms(data, found)
        elif found.kind == b"moof":
            moof = found
            begin = begin if wall_ms is not None else found.start
        elif found.kind == b"mdat" and moof is not None:
            with _fields():
                runs = _runs(data, moof)
            yield Fragment(begin, found.end, wall_ms, runs)
            wall_ms, moof = None, None


def _prft_ms(data: bytes, prft: Box) -> int:
    seconds, fraction = unpack_from(">II", data, prft.body + 8)
    era = 0 if seconds >= NTP_1970_S else _NTP_ERA_S
    return (int(seconds) + era - NTP_1970_S) * 1000 + (int(fraction) * 1000 + (1 << 31) >> 32)


def _runs(data: bytes, moof: Box) -> dict[int, list[StoredSample]]:
    runs: dict[int, list[StoredSample]] = {}
    for traf in walk(data, moof.body, moof.end):
        if traf.kind == b"traf":
            inner = children(data, traf)
            (track_id,) = unpack_from(">I", data, inner[b"tfhd"].body + 4)
            runs[track_id] = _run(data, moof.start, inner)
    return runs


def _run(data: bytes, base: int, inner: dict[bytes, Box]) -> list[StoredSample]:
    if not {b"tfdt", b"trun"} <= inner.keys():
        raise BadMovie(f"traf at byte {base} lacks tfdt or trun")
    trun = inner[b"trun"]
    version_flags, count, data_offset = unpack_from(">IIi", data, trun.body)
    if version_flags != 1 << 24 | TRUN_FLAGS or trun.body + 12 + 16 * count != trun.end:
        raise BadMovie(f"trun at byte {trun.start} is not ours: {version_flags:#x}")
    (dts,) = unpack_from(">Q", data, inner[b"tfdt"].body + 4)
    offset = base + data_offset
    entries = data[trun.body + 12 : trun.body + 12 + 16 * count]
    samples = []
    for duration, size, flags, composition in iter_unpack(">IIIi", entries):
        samples.append(StoredSample(offset, size, dts + composition, dts, duration, not flags & 0x10000))
        dts += duration
        offset += size
    return samples
