"""Movie fragments: moof+mdat → samples, samples → moof+mdat. Nothing is decoded."""

import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from api.mp4.boxes import Box, Broken, Bytes, build, children, full, read, walk
from api.mp4.init import Defaults, Track

_NOT_SYNC = 0x0001_0000
_MAX_SAMPLES = 1 << 20
_TFHD_OFFSET, _TFHD_INDEX, _TFHD_DURATION, _TFHD_SIZE, _TFHD_FLAGS = 0x1, 0x2, 0x8, 0x10, 0x20
_TRUN_OFFSET, _TRUN_FIRST, _TRUN_DURATION, _TRUN_SIZE, _TRUN_FLAGS, _TRUN_SHIFT = 0x1, 0x4, 0x100, 0x200, 0x400, 0x800
_TRUN_OURS = _TRUN_OFFSET | _TRUN_DURATION | _TRUN_SIZE | _TRUN_FLAGS | _TRUN_SHIFT
_BASE_IS_MOOF = 0x0002_0000


class Sample(NamedTuple):
    """One encoded frame, or one packet of sound. Times in the track's ticks."""

    dts: int
    shift: int
    """Shown at ``dts + shift``."""
    duration: int
    flags: int
    data: memoryview

    @property
    def pts(self) -> int:
        """When it is shown."""
        return self.dts + self.shift

    @property
    def is_sync(self) -> bool:
        """True for a key frame."""
        return not self.flags & _NOT_SYNC


def samples(data: Bytes, tracks: Mapping[int, Track]) -> dict[int, list[Sample]]:
    """Track id → its samples in order of decoding. Raises Broken."""
    found: dict[int, list[Sample]] = {number: [] for number in tracks}
    view = memoryview(data)
    for moof in walk(data):
        if moof.kind != b"moof":
            continue
        for traf in children(data, moof, b"traf"):
            number, read_samples = _of_traf(view, moof, traf, tracks)
            found[number] += read_samples
    return found


def fragment(number: int, parts: Sequence[tuple[int, Sequence[Sample]]]) -> bytes:
    """One moof+mdat with the samples of (track id, samples), in that order; ``number`` counts from 1.

    Raises Broken for times that no file can hold.
    """
    parts = [(track, part) for track, part in parts if part]
    try:
        moof = _moof(number, parts, len(_moof(number, parts, 0)) + 8)
    except struct.error as error:
        raise Broken(f"a sample's time is out of range: {error}") from None
    return moof + build(b"mdat", *(sample.data for _, part in parts for sample in part))


def _moof(number: int, parts: Sequence[tuple[int, Sequence[Sample]]], data_at: int) -> bytes:
    trafs = []
    for track, part in parts:
        tfhd = full(b"tfhd", 0, _BASE_IS_MOOF, struct.pack(">I", track))
        tfdt = full(b"tfdt", 1, 0, struct.pack(">q", part[0].dts))
        trafs.append(build(b"traf", tfhd, tfdt, _trun(part, data_at)))
        data_at += sum(len(sample.data) for sample in part)
    return build(b"moof", full(b"mfhd", 0, 0, struct.pack(">I", number)), *trafs)


def _trun(part: Sequence[Sample], data_at: int) -> bytes:
    head = struct.pack(">Ii", len(part), data_at)
    lines = (struct.pack(">IIIi", one.duration, len(one.data), one.flags, one.shift) for one in part)
    return full(b"trun", 1, _TRUN_OURS, head, b"".join(lines))


def _of_traf(view: memoryview, moof: Box, traf: Box, tracks: Mapping[int, Track]) -> tuple[int, list[Sample]]:
    tfhd = next(children(view, traf, b"tfhd"), None)
    tfdt = next(children(view, traf, b"tfdt"), None)
    if tfhd is None or tfdt is None:
        raise Broken(f"the fragment at byte {moof.start} lacks tfhd or tfdt")
    flags, number = read(view, ">II", tfhd.body)
    if number not in tracks:
        raise Broken(f"the fragment at byte {moof.start} names track {number}, which moov does not")
    defaults, base = _defaults(view, tfhd, flags & 0xFFFFFF, tracks[number].defaults, moof.start)
    (version,) = read(view, ">B", tfdt.body)
    # Signed on purpose: FFmpeg writes a decoding time before zero as two's complement.
    (dts,) = read(view, ">q" if version else ">I", tfdt.body + 4)
    found: list[Sample] = []
    for trun in children(view, traf, b"trun"):
        found += _of_trun(view, trun, defaults, base, found[-1].dts + found[-1].duration if found else dts)
    return number, found


def _defaults(view: memoryview, tfhd: Box, flags: int, told: Defaults, moof_at: int) -> tuple[Defaults, int]:
    """(what samples take that do not say, where data offsets count from)."""
    at, base = tfhd.body + 8, moof_at
    values = dict(zip((_TFHD_DURATION, _TFHD_SIZE, _TFHD_FLAGS), told, strict=True))
    if flags & _TFHD_OFFSET:
        (base,) = read(view, ">Q", at)
        at += 8
    at += 4 if flags & _TFHD_INDEX else 0
    for bit in values:
        if flags & bit:
            (values[bit],) = read(view, ">I", at)
            at += 4
    return Defaults(*values.values()), base


def _of_trun(view: memoryview, trun: Box, defaults: Defaults, base: int, dts: int) -> Iterator[Sample]:
    word, count = read(view, ">II", trun.body)
    flags, at = word & 0xFFFFFF, trun.body + 8
    if count > _MAX_SAMPLES:
        raise Broken(f"a run of {count} samples")
    if not flags & _TRUN_OFFSET:
        raise Broken(f"the run at byte {trun.start} has no data offset")
    (offset,) = read(view, ">i", at)
    at, position, first_flags = at + 4, base + offset, None
    if flags & _TRUN_FIRST:
        (first_flags,) = read(view, ">I", at)
        at += 4
    for index in range(count):
        values = [defaults.duration, defaults.size, defaults.flags, 0]
        for place, bit in enumerate((_TRUN_DURATION, _TRUN_SIZE, _TRUN_FLAGS, _TRUN_SHIFT)):
            if flags & bit:
                (values[place],) = read(view, ">i" if bit == _TRUN_SHIFT else ">I", at)
                at += 4
        duration, size, own_flags, shift = values
        if index == 0 and first_flags is not None:
            own_flags = first_flags
        if position < 0 or position + size > len(view):
            raise Broken(f"a sample of {size} bytes at byte {position} is outside the object")
        yield Sample(dts, shift, duration, own_flags, view[position : position + size])
        position, dts = position + size, dts + duration
