"""Footage as one MP4 file, streamed while it is read: copied frame by frame, never encoded anew."""

from collections.abc import Iterator
from urllib.parse import quote

from fastapi.responses import StreamingResponse

from api.deps import Deps
from api.errors import Problem
from api.footage import Piece, shown
from api.missing import nothing_recorded
from api.mp4.boxes import Broken
from api.mp4.init import only, tracks
from api.mp4.joining import Opened, Window, joined, opened
from api.objects import why_not
from api.protection.exports import LEAST_MS, ExportHold, HeldResponse
from api.seen.reach import Reach
from api.times import iso
from infra import journal
from infra.objects import ObjectMissing
from schemas.intervals import Span

MAX_SEGMENTS = 150_000
"""Ten days of 6 s segments."""


def exported(
    app: Deps, reach: Reach, media: str, wanted: Window, headers: dict[str, str] | None = None
) -> StreamingResponse:
    """The file of what is recorded in the window, a download named after the camera and the time of its first picture.

    More than a minute of footage is held while it is read. What is out of ``reach`` is left out. Raises Problem where
    nothing is, where it is too much, or where one file cannot hold it.
    """
    span = reach.shown(media, Span(wanted.from_ms, wanted.to_ms)) or Span(wanted.from_ms, wanted.from_ms)
    wanted = wanted._replace(from_ms=span.start_ms, to_ms=span.end_ms)
    pieces = shown(app.archive.segments(media, span, MAX_SEGMENTS + 1)) if span.length_ms else []
    if not pieces:
        raise nothing_recorded(app.archive, media, span)
    if len(pieces) > MAX_SEGMENTS:
        raise Problem(400, "window-too-long", f"more than {MAX_SEGMENTS} segments; ask for a shorter window")
    try:
        _require_one_format(app, pieces)
        start = opened(app.store.get(pieces[0].segment.object_key), pieces[0], wanted.from_ms)
    except (Broken, ObjectMissing) as error:
        why = why_not(pieces[0].segment.object_key, error)
        detail = f"the segment of {iso(pieces[0].start_ms)} cannot be read: {why}"
        raise Problem(404, "footage-unreadable", detail) from None
    told = {"Content-Disposition": _disposition(media, round(start.start_ms)), "Cache-Control": "no-store"}
    hold = _hold(app, media, pieces, reach.scope.who)
    return HeldResponse(_content(app, start, pieces, wanted, hold), hold, "video/mp4", told | (headers or {}))


def _hold(app: Deps, media: str, pieces: list[Piece], by: str) -> ExportHold | None:
    """What holds the footage; None for so little that it is read at once."""
    if sum(piece.length_ms for piece in pieces) <= LEAST_MS:
        return None
    return ExportHold(app.log, media, Span(pieces[0].start_ms, pieces[-1].segment.end_ms), by)


def _content(app: Deps, start: Opened, pieces: list[Piece], wanted: Window, hold: ExportHold | None) -> Iterator[bytes]:
    """The file; a segment lost meanwhile breaks the transfer, so that nobody takes half a file for a whole one."""

    def read(piece: Piece) -> bytes:
        if hold is not None:
            hold.renew()
        return app.store.get(piece.segment.object_key)

    try:
        yield from joined(start, pieces, read, wanted, _length_ms(start, pieces, wanted))
    except (Broken, ObjectMissing) as error:
        journal.get("api").error("export broken off", reason=str(error))
        raise


def _length_ms(start: Opened, pieces: list[Piece], wanted: Window) -> int:
    ends = [min(piece.end_ms, wanted.to_ms) for piece in pieces]
    if wanted.keep_gaps:
        return max(1, ends[-1] - round(start.start_ms))
    starts = [round(start.start_ms), *(piece.start_ms for piece in pieces[1:])]
    return max(1, sum(end - begin for begin, end in zip(starts, ends, strict=True)))


def _require_one_format(app: Deps, pieces: list[Piece]) -> None:
    """409 with the ranges that can be exported, unless one decoder set-up serves all of them."""
    stretches = list(_stretches(app, pieces))
    if len(stretches) > 1:
        told = [
            {"from_ms": first.start_ms, "to_ms": last.end_ms, "codecs": first.segment.codecs,
             "width_px": first.segment.width_px, "height_px": first.segment.height_px}
            for first, last in stretches
        ]  # fmt: skip
        detail = "the recording changes its format inside the range; export these ranges one by one"
        raise Problem(409, "format-changes", detail, ranges=told)


def _stretches(app: Deps, pieces: list[Piece]) -> Iterator[tuple[Piece, Piece]]:
    """(first, last) piece of each stretch that one decoder set-up serves. Reads one header per run."""
    first = last = pieces[0]
    config = _config(app, first)
    for piece in pieces[1:]:
        if piece.segment.run_id != last.segment.run_id or piece.segment.format != last.segment.format:
            other = _config(app, piece)
            if other != config:
                yield first, last
                first, config = piece, other
        last = piece
    yield first, last


def _config(app: Deps, piece: Piece) -> tuple[bytes, bytes]:
    found = tracks(app.store.get_range(piece.segment.object_key, 0, piece.segment.init_len))
    video, audio = only(found, b"vide"), only(found, b"soun")
    return video.config if video else b"", audio.config if audio else b""


def _disposition(media: str, start_ms: int) -> str:
    """A name for the download: plain for old clients, UTF-8 for the others (RFC 6266)."""
    name = f"{media} {iso(start_ms)[:19].replace(':', '-')}Z.mp4"
    plain = "".join(one if one.isascii() and (one.isalnum() or one in " ._-") else "_" for one in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
