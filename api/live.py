"""The live window, found again at every request from the footage since an anchor: no state, and it never goes back."""

from collections.abc import Sequence
from itertools import pairwise

from api.footage import Piece, Segment, as_they_came
from api.playlists import Opening, breaks, target_s

WINDOW = 8
"""Segments a live playlist shows."""
STEADY_MS = 60_000
"""Who may not look back to where they joined is given another initialisation no more often than this."""


def anchor_ms(latest: Sequence[Segment]) -> int:
    """Where counting begins for a player that joins now: the start of the window it sees first."""
    return as_they_came(latest)[-WINDOW:][0].start_ms


def window_since(segments: Sequence[Segment], anchor: int, fresh_ms: int = 0) -> tuple[list[Piece], Opening]:
    """What to show of the footage since ``anchor`` that began at ``fresh_ms`` or later, and its first numbers.

    ``segments``: by start. Footage appended later moves the window on and changes nothing before it. The
    initialisation is of a segment that began at ``fresh_ms`` or later, too: its address opens all of that segment.
    """
    kept = as_they_came(one for one in segments if one.start_ms >= anchor)
    first = max(0, len(kept) - WINDOW, sum(one.start_ms < fresh_ms for one in kept))
    changes = [breaks(left.segment, right.segment) for left, right in pairwise(kept[: first + 1])]
    run_start = len(changes) - changes[::-1].index(True) if True in changes else 0
    init = _initialising(kept[run_start : first + 1], fresh_ms) if first < len(kept) else None
    return kept[first:], Opening(sequence=first, discontinuities=sum(changes), init=init)


def _initialising(run: Sequence[Piece], fresh_ms: int) -> Segment:
    """The segment that the last of an unbroken ``run`` is initialised by: the same one from reload to reload.

    The first there is, or the first since a full minute that is not too long ago; its own where that is none.
    """
    steady_ms = -(-fresh_ms // STEADY_MS) * STEADY_MS
    return next((one.segment for one in run if one.start_ms >= steady_ms), run[-1].segment)


def target_duration_s(window: Sequence[Piece], segment_ms: int) -> int:
    """The target duration; HLS wants it constant, so it starts from the length the recorder aims at."""
    return max(target_s(window), -(-segment_ms // 1000))
