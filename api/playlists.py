"""HLS playlists as text (RFC 8216bis). Pure: footage, URLs and marks in; lines out."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from api.footage import Piece, Segment
from api.times import iso

CONTENT_TYPE = "application/vnd.apple.mpegurl"
GAP_MS = 100
"""Footage that ends this long before the next starts is a gap; less is rounding."""


class Links(NamedTuple):
    """Where a player finds bytes."""

    whole: Callable[[str], str]
    """Object key → URL of the object."""
    cut: Callable[[Piece], str]
    """Piece that is cut → URL of its fragments, without the initialisation section."""


class Mark(NamedTuple):
    """A stretch worth showing on the player's time line; open while ``end_ms`` is None."""

    id: str
    start_ms: int
    end_ms: int | None
    kind: str
    attributes: tuple[tuple[str, str | int], ...] = ()
    """More ``X-`` attributes; 64-bit ids as strings."""


class Opening(NamedTuple):
    """Where a playlist begins in the endless stream it is a window of."""

    sequence: int = 0
    discontinuities: int = 0
    init: Segment | None = None
    """The segment whose initialisation the first run uses; None: the first segment's own."""


def archive(pieces: Sequence[Piece], links: Links, from_ms: int = 0, marks: Iterable[Mark] = ()) -> str:
    """A finished (VOD) playlist. Players that can, begin at ``from_ms``, although the first piece may start before."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", f"#EXT-X-TARGETDURATION:{target_s(pieces)}"]
    lines += ["#EXT-X-MEDIA-SEQUENCE:0", "#EXT-X-PLAYLIST-TYPE:VOD", "#EXT-X-INDEPENDENT-SEGMENTS"]
    if pieces and pieces[0].start_ms < from_ms:
        lines.append(f"#EXT-X-START:TIME-OFFSET={(from_ms - pieces[0].start_ms) / 1000:.3f},PRECISE=YES")
    lines += [date_range(mark) for mark in marks]
    lines += _media_lines(pieces, links, Opening())
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])


def live(pieces: Sequence[Piece], links: Links, opening: Opening, target: int, marks: Iterable[Mark] = ()) -> str:
    """The sliding window ``pieces`` of a stream that goes on."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", f"#EXT-X-TARGETDURATION:{target}"]
    lines += [f"#EXT-X-MEDIA-SEQUENCE:{opening.sequence}"]
    lines += [f"#EXT-X-DISCONTINUITY-SEQUENCE:{opening.discontinuities}", "#EXT-X-INDEPENDENT-SEGMENTS"]
    lines += [date_range(mark) for mark in marks]
    lines += _media_lines(pieces, links, opening)
    return "\n".join([*lines, ""])


def multivariant(segments: Sequence[Segment], url: str) -> str:
    """A playlist of one variant, ``url``, that says which codecs the player needs before it loads a byte."""
    attributes = [f"BANDWIDTH={max(map(_bits_per_s, segments))}", f'CODECS="{",".join(_all_codecs(segments))}"']
    widest = max(segments, key=lambda one: one.width_px * one.height_px)
    if widest.width_px and widest.height_px:
        attributes.append(f"RESOLUTION={widest.width_px}x{widest.height_px}")
    stream = f"#EXT-X-STREAM-INF:{','.join(attributes)}"
    return "\n".join(["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS", stream, url, ""])


def target_s(pieces: Iterable[Piece]) -> int:
    """Whole seconds that no piece is longer than; at least one."""
    return max([1, *(-(-piece.length_ms // 1000) for piece in pieces)])


def breaks(left: Segment, right: Segment) -> bool:
    """True where a player must start anew: another run, another format, or a hole."""
    return left.run_id != right.run_id or right.start_ms - left.end_ms > GAP_MS or left.format != right.format


def date_range(mark: Mark) -> str:
    """The EXT-X-DATERANGE line of a mark."""
    attributes: list[tuple[str, str | int]] = [
        ("ID", mark.id),
        ("CLASS", mark.kind),
        ("START-DATE", iso(mark.start_ms)),
    ]
    if mark.end_ms is not None:
        attributes.append(("END-DATE", iso(mark.end_ms)))
    attributes += [(f"X-{name.upper().replace('_', '-')}", value) for name, value in mark.attributes]
    return "#EXT-X-DATERANGE:" + ",".join(f"{name}={_quoted(value)}" for name, value in attributes)


def _media_lines(pieces: Sequence[Piece], links: Links, opening: Opening) -> Iterator[str]:
    if not pieces:
        return
    yield _init_line(opening.init or pieces[0].segment, links)
    for before, piece in pairwise([None, *pieces]):
        assert piece
        if before and breaks(before.segment, piece.segment):
            yield "#EXT-X-DISCONTINUITY"
            yield _init_line(piece.segment, links)
        yield from _segment_lines(piece, links)


def _init_line(segment: Segment, links: Links) -> str:
    line = f'#EXT-X-MAP:URI="{links.whole(segment.object_key)}",BYTERANGE="{segment.init_len}@0"'
    return line + (f",X-CODECS={_quoted(segment.codecs)}" if segment.codecs else "")


def _segment_lines(piece: Piece, links: Links) -> Iterator[str]:
    segment = piece.segment
    yield f"#EXT-X-PROGRAM-DATE-TIME:{iso(piece.start_ms)}"
    yield f"#EXTINF:{piece.length_ms / 1000:.3f},"
    if piece.is_cut:
        yield links.cut(piece)
    else:
        yield f"#EXT-X-BYTERANGE:{segment.size_bytes - segment.init_len}@{segment.init_len}"
        yield links.whole(segment.object_key)


def _bits_per_s(segment: Segment) -> int:
    return max(1, segment.size_bytes * 8000 // max(1, segment.length_ms))


def _all_codecs(segments: Iterable[Segment]) -> list[str]:
    names = (name.strip() for segment in segments for name in segment.codecs.split(","))
    return list(dict.fromkeys(name for name in names if name))


def _quoted(value: str | int) -> str:
    """A quoted string, or a number; what HLS cannot hold in a line (quotes, control characters) is replaced."""
    if isinstance(value, int):
        return str(value)
    return '"' + _UNSPEAKABLE.sub(" ", value.replace('"', "'")) + '"'


_UNSPEAKABLE = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]")
