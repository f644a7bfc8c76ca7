"""What the changes of one fact make of the pieces around them: only those are told anew. Pure."""

from collections import Counter
from collections.abc import Sequence

from processors.protection.pieces import Piece, clipped, pieces
from processors.protection.policy import Cover
from processors.protection.shelf import Shelf
from processors.protection.telling import Told, told
from schemas.intervals import Span, union

_NEAR_MS, _WIDER = 600_000, 16
"""So far around a change is looked for where the pieces there begin and end; then so many times as far."""


def tell(shelf: Shelf, observed_ms: int, version: str) -> Told:
    """The facts that the changes on the shelf make; none where they change no piece."""
    removed, added = Counter(shelf.removed), Counter(shelf.added)
    removed, added = removed - added, added - removed  # what lies in both merely moved
    windows = union(_window(shelf, span) for span in _changed(list(removed), list(added)))
    before: list[Piece] = []
    after: list[Piece] = []
    for window in windows:
        now = Counter(shelf.covers(window))
        was = now - added + removed
        after += clipped(pieces(now.elements()), window)
        before += clipped(pieces(was.elements()), window)
    return told(shelf.media, before, after, observed_ms, version) if windows else []


def _changed(removed: Sequence[Cover], added: Sequence[Cover]) -> list[Span]:
    """Outside of these stretches every moment is covered by the same holds, and lists the same."""
    if len(removed) == len(added) == 1:
        old, new = removed[0], added[0]
        if (old.kind, old.id, old.start_ms) == (new.kind, new.id, new.start_ms):
            return [Span(min(old.end_ms, new.end_ms), max(old.end_ms, new.end_ms))]
    return [one.span for one in (*removed, *added)]


def _window(shelf: Shelf, changed: Span) -> Span:
    """The stretch, widened to where the pieces begin and end that it touches."""
    back_ms = ahead_ms = _NEAR_MS
    while True:
        seen = Span(changed.start_ms - back_ms, changed.end_ms + ahead_ms)
        window = _touched(pieces(shelf.covers(seen)), changed)
        is_begun, is_ended = window.start_ms >= seen.start_ms, window.end_ms <= seen.end_ms
        if is_begun and is_ended:
            return window
        back_ms *= 1 if is_begun else _WIDER
        ahead_ms *= 1 if is_ended else _WIDER


def _touched(parts: Sequence[Piece], changed: Span) -> Span:
    """What beyond ``seen`` is not known does not matter: a piece that reaches there makes it wider."""
    first = min((one.start_ms for one in parts if one.start_ms < changed.start_ms <= one.end_ms), default=None)
    last = max((one.end_ms for one in parts if one.start_ms <= changed.end_ms < one.end_ms), default=None)
    return Span(changed.start_ms if first is None else first, changed.end_ms if last is None else last)
