"""Fragments of our MP4 objects: samples in, bytes out. Pure, and the same bytes for the same samples.

Written here and not by libav's muxer because a fragment is three lists and a join (a tenth of the muxer's cost per
packet in Python), and because times, offsets and box order must be exactly ours. Layout of one fragment:
``prft`` (wall clock of its first picture), ``moof`` (one ``traf`` per track), ``mdat`` (video, then audio).
"""

from collections.abc import Sequence
from struct import Struct as Layout
from struct import error as struct_error
from typing import NamedTuple

from producers.segments.boxes import BadMovie, box, full_box
from producers.segments.fmp4 import NOT_SYNC, NTP_1970_S, SYNC, TRUN_FLAGS
from producers.segments.samples import Track

_ENTRY = Layout(">IIIi")
_DEFAULT_BASE_IS_MOOF = 0x20000
_MDAT_HEADER = 8


class Timed(NamedTuple):
    """A sample with final times, in its track's units from the start of the run."""

    dts: int
    duration: int
    composition: int
    """pts - dts; negative where a source gave no decode times early enough."""
    key: bool
    data: bytes


def fragment(sequence: int, wall_ms: int, tracks: Sequence[tuple[Track, Sequence[Timed]]]) -> bytes:
    """One fragment. ``tracks``: video first; each with at least one sample, durations joined without holes.

    ``wall_ms``: UTC ms of the first video sample; ``sequence`` counts fragments of a run from 1. Raises BadMovie for
    times further apart than an MP4 can hold.
    """
    try:
        return _fragment(sequence, wall_ms, tracks)
    except (struct_error, OverflowError):
        raise BadMovie("the source's times are further apart than an MP4 can hold") from None


def _fragment(sequence: int, wall_ms: int, tracks: Sequence[tuple[Track, Sequence[Timed]]]) -> bytes:
    video, first = tracks[0][0], tracks[0][1][0]
    shown = (first.dts + first.composition).to_bytes(8, "big")
    prft = full_box(b"prft", 1, 0, video.track_id.to_bytes(4, "big"), _ntp(wall_ms), shown)
    sizes = [sum(len(sample.data) for sample in samples) for _, samples in tracks]
    headers = _moof(sequence, tracks, [0] * len(tracks))
    offsets = [len(headers) + _MDAT_HEADER + sum(sizes[:index]) for index in range(len(tracks))]
    payload = [sample.data for _, samples in tracks for sample in samples]
    mdat = (_MDAT_HEADER + sum(sizes)).to_bytes(4, "big") + b"mdat"
    return b"".join((prft, _moof(sequence, tracks, offsets), mdat, *payload))


def _moof(sequence: int, tracks: Sequence[tuple[Track, Sequence[Timed]]], offsets: Sequence[int]) -> bytes:
    trafs = [_traf(track, samples, offset) for (track, samples), offset in zip(tracks, offsets, strict=True)]
    return box(b"moof", full_box(b"mfhd", 0, 0, sequence.to_bytes(4, "big")), *trafs)


def _traf(track: Track, samples: Sequence[Timed], offset: int) -> bytes:
    entries = b"".join(
        [_ENTRY.pack(s.duration, len(s.data), SYNC if s.key else NOT_SYNC, s.composition) for s in samples]
    )
    return box(
        b"traf",
        full_box(b"tfhd", 0, _DEFAULT_BASE_IS_MOOF, track.track_id.to_bytes(4, "big")),
        full_box(b"tfdt", 1, 0, samples[0].dts.to_bytes(8, "big")),
        full_box(b"trun", 1, TRUN_FLAGS, len(samples).to_bytes(4, "big"), offset.to_bytes(4, "big"), entries),
    )


def _ntp(at_ms: int) -> bytes:
    """UTC ms as a 64-bit NTP time stamp (RFC 5905; the era after 2036 wraps)."""
    seconds, rest = divmod(at_ms, 1000)
    return ((seconds + NTP_1970_S & 0xFFFF_FFFF) << 32 | (rest << 32) // 1000).to_bytes(8, "big")
