"""The initialisation section (ftyp+moov): what its tracks are, and the same written for a new file."""

import struct
from typing import NamedTuple

from api.mp4.boxes import Box, Broken, build, children, find, full, read, walk

_TO_1904_S = 2_082_844_800
"""MP4 counts seconds from 1904."""
_MOVIE_SCALE = 1000


class Defaults(NamedTuple):
    """What a sample has that does not say otherwise (trex)."""

    duration: int
    size: int
    flags: int


class Track(NamedTuple):
    """One track of a moov."""

    id: int
    kind: bytes
    """vide or soun."""
    scale: int
    """Ticks per second."""
    defaults: Defaults
    config: bytes
    """Its sample descriptions without bit rates: equal means that one decoder set-up serves both."""


class Described(NamedTuple):
    """What a new file says of itself."""

    start_ms: int
    """True time of its first frame, UTC ms."""
    start_iso: str
    length_ms: int
    delay: int
    """Ticks of the video track by which decoding runs ahead of showing at the start."""


def tracks(init: bytes) -> dict[int, Track]:
    """Track id → track. Raises Broken."""
    moov = find(init, b"moov")
    told = {}
    for trex in children(init, find(init, b"moov", b"mvex"), b"trex"):
        number, _, duration, size, flags = read(init, ">5I", trex.body + 4)
        told[number] = Defaults(duration, size, flags)
    found = (_track(init, trak, told) for trak in children(init, moov, b"trak"))
    return {track.id: track for track in found}


def only(found: dict[int, Track], kind: bytes) -> Track | None:
    """The first track of a kind; None when there is none."""
    return next((track for track in found.values() if track.kind == kind), None)


def rewritten(init: bytes, described: Described) -> bytes:
    """ftyp+moov of a new file with the same tracks: true start time, length, and a start at the first picture."""
    moov = find(init, b"moov")
    parts = [_mvhd(init, described)]
    for box in walk(init, moov.body, moov.end):
        if box.kind == b"trak":
            parts.append(_trak(init, box, described))
        elif box.kind == b"mvex":
            mehd = full(b"mehd", 1, 0, struct.pack(">Q", described.length_ms))
            rest = [init[one.start : one.end] for one in walk(init, box.body, box.end) if one.kind != b"mehd"]
            parts.append(build(b"mvex", mehd, *rest))
    ftyp = build(b"ftyp", b"iso6", struct.pack(">I", 512), b"iso6mp41isom")
    return ftyp + build(b"moov", *parts, _meta(described.start_iso))


def _track(init: bytes, trak: Box, told: dict[int, Defaults]) -> Track:
    tkhd, mdia = _child(init, trak, b"tkhd"), _child(init, trak, b"mdia")
    mdhd, hdlr = _child(init, mdia, b"mdhd"), _child(init, mdia, b"hdlr")
    (number,) = read(init, ">I", tkhd.body + (20 if _version(init, tkhd) else 12))
    (scale,) = read(init, ">I", mdhd.body + (20 if _version(init, mdhd) else 12))
    if not scale:
        raise Broken(f"track {number} has no time scale")
    stsd = _child(init, _child(init, _child(init, mdia, b"minf"), b"stbl"), b"stsd")
    kind = init[hdlr.body + 8 : hdlr.body + 12]
    return Track(number, kind, scale, told.get(number, Defaults(0, 0, 0)), _config(init, stsd, kind))


def _config(init: bytes, stsd: Box, kind: bytes) -> bytes:
    return b"".join(_entry(init, entry, kind) for entry in walk(init, stsd.body + 8, stsd.end))


def _entry(init: bytes, entry: Box, kind: bytes) -> bytes:
    """What of a sample description a decoder depends on."""
    if kind != b"vide":
        fields = init[entry.body + 16 : entry.body + 28]
        return entry.kind + fields + _audio_config(init[entry.body + 28 : entry.end])
    inner = walk(init, entry.body + 78, entry.end)
    boxes = (init[box.start : box.end] for box in inner if box.kind not in (b"btrt", b"pasp", b"colr", b"fiel"))
    return entry.kind + init[entry.body + 24 : entry.body + 28] + b"".join(boxes)


def _audio_config(boxes: bytes) -> bytes:
    """DecoderSpecificInfo (tag 5) of an esds, without the bit rates before it; other boxes as they are."""
    found = []
    for box in walk(boxes):
        body = boxes[box.body : box.end]
        if box.kind == b"esds" and (at := body.find(b"\x05\x80\x80\x80")) >= 0:
            found.append(body[at : at + 5 + body[at + 4]] if at + 4 < len(body) else body[at:])
        elif box.kind != b"btrt":
            found.append(body)
    return b"".join(found)


def _mvhd(init: bytes, described: Described) -> bytes:
    old = find(init, b"moov", b"mvhd")
    rest = init[old.body + (32 if _version(init, old) else 20) : old.end]
    made = described.start_ms // 1000 + _TO_1904_S
    return full(b"mvhd", 1, 0, struct.pack(">QQIQ", made, made, _MOVIE_SCALE, described.length_ms), rest)


def _trak(init: bytes, trak: Box, described: Described) -> bytes:
    parts = [init[box.start : box.end] for box in walk(init, trak.body, trak.end) if box.kind != b"edts"]
    mdia = _child(init, trak, b"mdia")
    hdlr = _child(init, mdia, b"hdlr")
    if described.delay and init[hdlr.body + 8 : hdlr.body + 12] == b"vide":
        parts.insert(1, _edit(described.delay))
    return build(b"trak", *parts)


def _edit(media_time: int) -> bytes:
    """An edit list that starts showing at ``media_time``; length 0 means: all of the fragments."""
    return build(b"edts", full(b"elst", 1, 0, struct.pack(">IQqI", 1, 0, media_time, 0x0001_0000)))


def _meta(start_iso: str) -> bytes:
    """The start with its milliseconds, which mvhd cannot hold, under the two keys that tools look for."""
    names = (b"creation_time", b"com.apple.quicktime.creationdate")
    keys = b"".join(struct.pack(">I4s", len(name) + 8, b"mdta") + name for name in names)
    value = build(b"data", struct.pack(">II", 1, 0), start_iso.encode())
    items = (build(struct.pack(">I", number), value) for number in range(1, len(names) + 1))
    hdlr = full(b"hdlr", 0, 0, struct.pack(">I4s", 0, b"mdta"), bytes(13))
    return build(b"meta", hdlr, full(b"keys", 0, 0, struct.pack(">I", len(names)), keys), build(b"ilst", *items))


def _child(init: bytes, parent: Box, kind: bytes) -> Box:
    found = next(children(init, parent, kind), None)
    if found is None:
        raise Broken(f"box {parent.kind!r} has no {kind!r}")
    return found


def _version(init: bytes, box: Box) -> int:
    return read(init, ">B", box.body)[0]
