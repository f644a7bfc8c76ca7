"""What an order to delete means now, and what is told once it has been carried out. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from schemas.facts import SegmentsDeleted
from schemas.media import segment_key
from schemas.retention import DeletionOrdered

STORED_AGAIN = "stored again"
MOST_EARLY_MS = 60_000
"""What was put so shortly before an order may have been told to retention after it."""
REPAIR = 0
"""In place of an expiration's id: `sightlog check --repair` found that the objects are gone."""
MOST_LOST = 1000
_NAMED = 5


class Left(NamedTuple):
    """A segment that an order names and whose object stands after all."""

    size_bytes: int
    why: str
    """``STORED_AGAIN``, or the store's word for its refusal."""


class Outcome(NamedTuple):
    """What became of an order."""

    order: DeletionOrdered
    left: Mapping[int, Left]
    """By start of the segment. All others are gone: deleted now, or found gone."""
    objects: int = 0
    """Deleted now."""
    size_bytes: int = 0
    """Freed now."""


def keys(order: DeletionOrdered) -> dict[str, int]:
    """Object key → start of every segment that an order names. Every writer of footage makes keys in this way."""
    return {segment_key(order.media, start_ms): start_ms for start_ms in order.segment_starts_ms}


def early_ms(grace_ms: int, has_hard_cap: bool) -> int:
    """How long before an order all that it means was put, at the least.

    Whatever it means was known to retention when its grace began. Beyond a hard cap there is no grace.
    """
    return 0 if has_hard_cap else min(grace_ms, MOST_EARLY_MS)


def is_stored_again(modified_ms: int, meant_ms: int, now_ms: int) -> bool:
    """True for an object that was put after ``meant_ms``, the last that an order means: it is other footage.

    An object of the future was put before the clock was set back, and tells nothing.
    """
    return meant_ms < modified_ms <= now_ms


def deleted(outcome: Outcome, observed_ms: int) -> list[SegmentsDeleted]:
    """What is told of an order that was carried out, by start; the same facts however often it is.

    A fact for each run of segments that are gone: a segment that stays parts two, and is in neither. Freed bytes are
    shared among runs by their segments.
    """
    order, left = outcome.order, outcome.left
    runs = list(_runs(sorted({*order.segment_starts_ms}), left, order.end_ms))
    freed = max(0, order.size_bytes - sum(one.size_bytes for one in left.values()))
    shares = _shares(freed, [len(gone) for gone, _ in runs])
    return [
        SegmentsDeleted(
            media=order.media, start_ms=gone[0], end_ms=end_ms, observed_ms=observed_ms, segment_starts_ms=gone,
            size_bytes=size_bytes, expiration_id=order.expiration_id,
        )
        for (gone, end_ms), size_bytes in zip(runs, shares, strict=True)
    ]  # fmt: skip


def _shares(whole: int, parts: Sequence[int]) -> list[int]:
    """The whole as the parts have it, without a remainder."""
    ends = [whole * end // sum(parts) for end in accumulate(parts)]
    return [end - start for start, end in pairwise([0, *ends])]


def _runs(starts: Sequence[int], left: Collection[int], end_ms: int) -> Iterator[tuple[tuple[int, ...], int]]:
    """Starts of segments that are gone, with none between that stays, and where the run ends."""
    gone: list[int] = []
    for start_ms in starts:
        if start_ms not in left:
            gone.append(start_ms)
        elif gone:
            yield tuple(gone), start_ms
            gone = []
    if gone:
        yield tuple(gone), end_ms


def lost(media: str, segments: Sequence[tuple[int, int, int]], observed_ms: int) -> Iterator[SegmentsDeleted]:
    """What is told of segments (start, end, bytes; ascending) that the store has lost, though nobody ordered it.

    A fact for each stretch without a hole: what stands between two lost segments keeps its protection.
    """
    for some in _stretches(segments):
        yield SegmentsDeleted(
            media=media, start_ms=some[0][0], end_ms=max(end_ms for _, end_ms, _ in some), observed_ms=observed_ms,
            segment_starts_ms=tuple(start_ms for start_ms, _, _ in some), size_bytes=sum(size for *_, size in some),
            expiration_id=REPAIR,
        )  # fmt: skip


def _stretches(segments: Sequence[tuple[int, int, int]]) -> Iterator[list[tuple[int, int, int]]]:
    """Segments that touch, at most ``MOST_LOST`` together."""
    stretch: list[tuple[int, int, int]] = []
    for one in segments:
        if stretch and (one[0] > stretch[-1][1] or len(stretch) == MOST_LOST):
            yield stretch
            stretch = []
        stretch.append(one)
    if stretch:
        yield stretch


def refusal(outcome: Outcome) -> str:
    """Why a part of an order could not be carried out, for its letter; empty: all of it was."""
    refused = {start_ms: one.why for start_ms, one in outcome.left.items() if one.why != STORED_AGAIN}
    if not refused:
        return ""
    names = ", ".join(f"{segment_key(outcome.order.media, start)} ({why})" for start, why in first(refused))
    more = " …" if len(refused) > _NAMED else ""
    return (
        f"the store keeps {len(refused)} of {len(outcome.order.segment_starts_ms)} objects: {names}{more}; "
        "when it lets them go (a legal hold?), redrive this letter"
    )


def first(refused: Mapping[int, str]) -> list[tuple[int, str]]:
    """A few of them, the oldest."""
    return sorted(refused.items())[:_NAMED]


def pieces(names: Iterable[str], most: int) -> Iterator[list[str]]:
    """The names in order, at most so many at a time."""
    piece: list[str] = []
    for name in names:
        piece.append(name)
        if len(piece) == most:
            yield piece
            piece = []
    if piece:
        yield piece
