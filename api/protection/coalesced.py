"""Protected ranges as people see them: pieces that touch are one, with the holds of all."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from projections.protected_ranges.reads import StoredHold, StoredRange
from schemas.intervals import Span


class Kept(NamedTuple):
    """A stretch that must survive, and everything that keeps some of it."""

    start_ms: int
    end_ms: int
    holds: frozenset[StoredHold]
    observed_ms: int
    """When the latest of its pieces was said."""


def coalesced(ranges: Iterable[StoredRange], window: Span | None = None) -> list[Kept]:
    """Ranges of one camera, by start, cut to ``window``."""
    found: list[Kept] = []
    for one in ranges:
        start_ms, end_ms = one.start_ms, one.end_ms
        if window is not None:
            start_ms, end_ms = max(start_ms, window.start_ms), min(end_ms, window.end_ms)
        piece = Kept(start_ms, end_ms, frozenset(one.holds), one.observed_ms)
        if found and piece.start_ms <= found[-1].end_ms:
            found[-1] = _joined(found[-1], piece)
        else:
            found.append(piece)
    return found


def shape(one: Kept) -> dict[str, Any]:
    """As an answer tells it: holds by kind and id, ids as text."""
    holds = [{"kind": hold.kind, "id": str(hold.id)} for hold in sorted(one.holds)]
    return {"start_ms": one.start_ms, "end_ms": one.end_ms, "holds": holds}


def _joined(left: Kept, right: Kept) -> Kept:
    return Kept(
        left.start_ms, max(left.end_ms, right.end_ms), left.holds | right.holds,
        max(left.observed_ms, right.observed_ms),
    )  # fmt: skip
