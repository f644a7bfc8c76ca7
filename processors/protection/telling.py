"""What is told when pieces change: before and after → RangeProtected, then RangeReleased. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from processors.protection.pieces import Piece
from schemas.facts import RangeProtected, RangeReleased
from schemas.intervals import Span, subtract
from schemas.protection import Hold

Told = list[RangeProtected | RangeReleased]


def told(media: str, before: Sequence[Piece], after: Sequence[Piece], observed_ms: int, version: str) -> Told:
    """The facts that turn one into the other, for who keeps rows by start as for who assigns stretches.

    What protects comes before what releases, and of it what lies later comes first: wherever a reader stops, and
    whichever of the two it does, nothing that is held stands uncovered.
    """
    stood, stays = set(before), {one.start_ms for one in after}
    ended = sorted(one.start_ms for one in before if one.start_ms not in stays)
    protected: Told = [
        RangeProtected(
            media=media, observed_ms=observed_ms, start_ms=one.start_ms, end_ms=one.end_ms,
            holds=tuple(Hold(kind=kind, id=name) for kind, name in one.holds), policy_version=version,
            replaces=_inside(ended, one.start_ms, one.end_ms),
        )
        for one in reversed(after) if one not in stood
    ]  # fmt: skip
    released: Told = [
        RangeReleased(
            media=media, observed_ms=observed_ms, start_ms=start_ms, end_ms=end_ms, policy_version=version,
            replaces=_inside(ended, start_ms, end_ms),
        )
        for start_ms, end_ms in subtract(_spans(before), _spans(after))
    ]  # fmt: skip
    return protected + released


def _inside(starts: Sequence[int], start_ms: int, end_ms: int) -> tuple[int, ...]:
    """Those behind the start of a stretch."""
    return tuple(starts[bisect_right(starts, start_ms) : bisect_left(starts, end_ms)])


def _spans(parts: Sequence[Piece]) -> list[Span]:
    return [Span(one.start_ms, one.end_ms) for one in parts]
