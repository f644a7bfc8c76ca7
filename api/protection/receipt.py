"""What a lock keeps of the footage it was asked for, stretch by stretch. Sees no clock and no table."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple

from schemas.intervals import Span, clip, intersect, subtract

Status = Literal["covered", "partial", "gone"]
MOST = 500
"""Stretches in one receipt; where there are more, neighbours are told as one, ``partial`` where they differ."""


class Known(NamedTuple):
    """What is known of the footage of a camera, once nothing more is waited for. Lists of spans, in any order."""

    stored: Sequence[Span]
    """Footage in the store."""
    deleted: Sequence[Span]
    """Footage that was stored once."""
    doomed: Sequence[Span]
    """What stood there once is ordered to go: nothing takes that back."""
    undecided: Sequence[Span]
    """It was to go, its grace is over, and nobody has said whether the lock came in time."""
    to_come_ms: int
    """From here on footage may still come."""


class Stretch(NamedTuple):
    """A part of the span that was asked for."""

    from_ms: int
    to_ms: int
    status: Status
    because: str
    """stored, to come; undecided, mixed; deleted, going, never recorded."""


def receipt(span: Span, known: Known) -> list[Stretch]:
    """Every millisecond of ``span`` once, by time.

    Footage that is there and footage that may still come are ``covered``: they stay while the lock stands. Where
    nothing was recorded there is nothing to keep, so it is ``gone`` as well, and says why.
    """
    whole, told = [span], list[Stretch]()
    ruled: tuple[tuple[Status, str, Iterable[Span]], ...] = (
        ("gone", "going", intersect(known.doomed, known.stored)),
        ("partial", "undecided", known.undecided),
        ("covered", "stored", known.stored),
        ("gone", "deleted", known.deleted),
        ("covered", "to come", [Span(known.to_come_ms, max(span.end_ms, known.to_come_ms))]),
        ("gone", "never recorded", [span]),
    )
    for status, because, spans in ruled:
        told += [Stretch(*one, status, because) for part in whole for one in clip(spans, part)]
        whole = subtract(whole, spans)
    return _fewer(sorted(told), MOST)


def shape(stretches: Iterable[Stretch]) -> list[dict[str, Any]]:
    """As an answer tells it."""
    return [one._asdict() for one in stretches]


def _fewer(stretches: list[Stretch], most: int) -> list[Stretch]:
    """At most ``most``: so many neighbours in a row are told as one as it takes."""
    row = -(-len(stretches) // most) or 1
    return [_as_one(stretches[at : at + row]) for at in range(0, len(stretches), row)]


def _as_one(row: list[Stretch]) -> Stretch:
    words = {(one.status, one.because) for one in row}
    statuses = {one.status for one in row}
    status, because = words.pop() if len(words) == 1 else (statuses.pop() if len(statuses) == 1 else "partial", "mixed")
    return Stretch(row[0].from_ms, row[-1].to_ms, status, because)
